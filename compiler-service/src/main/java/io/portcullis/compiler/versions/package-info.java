/**
 * Rule sets as topics tell them: the present one of any node or wide set, and past ones.
 *
 * <p>In: node topics, history and progress. Out: rule sets with their markers. It never compiles
 * and never writes.
 */
package io.portcullis.compiler.versions;
