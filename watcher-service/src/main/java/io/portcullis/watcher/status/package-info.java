/**
 * Which nodes hold the policies that were published, joined from what compilers and agents say in
 * {@code portcullis.progress} and {@code portcullis.applied.<node>} (A11).
 */
package io.portcullis.watcher.status;
