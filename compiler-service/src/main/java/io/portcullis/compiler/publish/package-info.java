/**
 * Rule sets as versions of node topics and wide sets, and as commits in history.
 *
 * <p>In: the rule sets that nodes should have, and what their topics hold. Out: transactions that
 * make the one of the other. It never decides what a rule set holds.
 */
package io.portcullis.compiler.publish;
