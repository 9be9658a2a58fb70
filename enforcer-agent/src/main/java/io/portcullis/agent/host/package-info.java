/**
 * Finds what a machine lacks for rules to be enforced completely.
 *
 * <p>In: facts of the machine and the addresses of local pods. Out: problems, each with its remedy.
 * It never reads or changes the machine.
 */
package io.portcullis.agent.host;
