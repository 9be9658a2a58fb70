/**
 * What people see of a lab.
 *
 * <p>In: who reached whom, versions with their markers, problems. Out: text. It never queries a
 * service or sends a packet.
 */
package io.portcullis.lab.screen;
