/**
 * Rule sets of given sizes, as a compiler would emit them.
 *
 * <p>In: how many pods, policies, elements. Out: the same records for the same numbers. It never
 * programs them.
 */
package io.portcullis.bench.rules;
