/**
 * Rule sets as a compiler would emit them, of given sizes.
 *
 * <p>In: how many pods, policies, elements. Out: the same records for the same numbers. It never
 * programs them.
 */
package io.portcullis.bench.rules;
