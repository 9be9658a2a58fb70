/**
 * Brings the kernel to versions and keeps it there.
 *
 * <p>In: verified versions, links of local pods, leases of the guard of new pods. Out: what the
 * kernel holds now, what failed and when it is tried again, drifts that were repaired. It never
 * reads a topic and never answers.
 */
package io.portcullis.agent.enforce;
