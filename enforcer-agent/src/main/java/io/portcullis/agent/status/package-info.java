/**
 * What the agent says of itself.
 *
 * <p>In: what happened to versions, the topic and the kernel's table. Out: the status that health,
 * metrics and answers are made of, and log lines, each once. It never decides what is enforced.
 */
package io.portcullis.agent.status;
