/**
 * Why a flow is allowed or denied.
 *
 * <p>In: a state of the cluster, the rule sets compiled from it and a flow. Out: the verdict of
 * each end with the tier, policy and rule that made it. It never decides by itself: the evaluator
 * does.
 */
package io.portcullis.compiler.explain;
