/**
 * Measures what a lab costs when nothing happens.
 *
 * <p>In: a running lab. Out: the processor time of each of its programs. It never changes anything
 * while it measures.
 */
package io.portcullis.bench.idle;
