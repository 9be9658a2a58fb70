/**
 * The topic {@code portcullis.cluster}, kept equal to the source.
 *
 * <p>In: events of a source, and what the topic holds. Out: transactions that make the topic equal.
 * It never reads a manifest.
 */
package io.portcullis.watcher.publish;
