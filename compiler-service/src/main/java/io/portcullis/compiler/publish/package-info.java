/**
 * Rule sets to versions in the topics of nodes and wide sets, and to commits in history.
 *
 * <p>In: the state of the cluster, compiled change by change, and what the topics hold. Out:
 * transactions that bring the topics up to date. It never decides what a rule set holds.
 */
package io.portcullis.compiler.publish;
