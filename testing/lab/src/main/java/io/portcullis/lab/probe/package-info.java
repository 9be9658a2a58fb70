/**
 * Who reaches whom, tried with real packets.
 *
 * <p>In: sites, ports and the state of the cluster. Out: the outcome of each probe, beside what the
 * policies say. It never leaves a socket open after a run, and never decides a verdict.
 */
package io.portcullis.lab.probe;
