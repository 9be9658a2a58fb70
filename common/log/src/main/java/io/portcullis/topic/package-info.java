/**
 * Compacted topics kept equal to what their owner wants: own, fence, restore, diff, write; and
 * read.
 *
 * <p>In: what a service wants its topics to hold. Out: transactions of the one rightful writer, and
 * readers that notice every loss. It never knows what a record means.
 */
package io.portcullis.topic;
