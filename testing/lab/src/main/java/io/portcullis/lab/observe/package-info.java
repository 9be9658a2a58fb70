/**
 * What the services report about themselves.
 *
 * <p>In: their URLs. Out: the version that each node holds, what its kernel holds, and when each
 * stage of a change was reached. It never changes anything, and treats a service that does not
 * answer as a result, not as a failure.
 */
package io.portcullis.lab.observe;
