/**
 * The loop of a node's agent.
 *
 * <p>In: the node's topic. Out: the newest verified version in the node's kernel, and what is to be
 * said of it. It never enforces a part of a version, and never takes away what is enforced.
 */
package io.portcullis.agent;
