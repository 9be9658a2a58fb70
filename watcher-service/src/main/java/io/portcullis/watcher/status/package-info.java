/**
 * What becomes of objects, written at the objects themselves.
 *
 * <p>In: what is wrong with objects, and how far compilers and agents have come, from {@code
 * portcullis.progress} and {@code portcullis.applied.<node>} (A11). Out: conditions and events. It
 * never decides what is published.
 */
package io.portcullis.watcher.status;
