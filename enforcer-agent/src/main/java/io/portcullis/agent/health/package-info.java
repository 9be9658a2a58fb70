/**
 * What a kubelet and an operator see of the agent.
 *
 * <p>In: the loop's status. Out: health checks and metrics. It never decides anything.
 */
package io.portcullis.agent.health;
