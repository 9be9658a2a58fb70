/**
 * Verifies versions of the node's rule set.
 *
 * <p>In: the records of the node's topic and of wide sets, of which nothing is trusted. Out: the
 * next rule set that markers vouch for, or why there is none. It never programs and never reads a
 * topic itself.
 */
package io.portcullis.agent.version;
