/**
 * The cluster's topic to its objects, read once.
 *
 * <p>In: {@code portcullis.cluster} as it is now. Out: the objects, whole or not at all. It follows
 * no changes and writes nothing.
 */
package io.portcullis.published;
