/**
 * What a machine must offer so that what is enforced is the whole truth.
 *
 * <p>In: facts of the machine and the addresses of local pods. Out: problems, each with its remedy.
 * It never reads or changes the machine.
 */
package io.portcullis.agent.host;
