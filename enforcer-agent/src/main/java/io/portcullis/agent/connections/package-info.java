/**
 * Applies new versions to live connections (C2, C3).
 *
 * <p>In: the rule set that is enforced and the kernel's connections. Out: which of them are cut,
 * which go on again, and which must be judged anew. It never changes a rule.
 */
package io.portcullis.agent.connections;
