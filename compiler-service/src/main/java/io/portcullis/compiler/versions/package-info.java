/**
 * Present and past versions of nodes and wide sets, rebuilt from the topics.
 *
 * <p>In: node topics, wide sets, history and progress. Out: rule sets with their markers. It never
 * compiles and never writes.
 */
package io.portcullis.compiler.versions;
