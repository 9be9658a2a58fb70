/**
 * Why a flow is allowed or denied.
 *
 * <p>In: a state of the cluster and a question about pods or addresses. Out: the verdict of each
 * end with the tier, policy and rule that made it, or why there is no answer. It never decides by
 * itself: the evaluator does.
 */
package io.portcullis.policy.explain;
