/**
 * What the services say of themselves.
 *
 * <p>In: their URLs. Out: which version each node holds, what its kernel holds, and when each stage
 * of a change was. It never changes anything, and takes a service that does not answer as an
 * answer.
 */
package io.portcullis.lab.observe;
