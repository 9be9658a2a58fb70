/**
 * The user's manifests as the lab runs them: every pod with a node and an address.
 *
 * <p>In: a directory of manifests. Out: a derived one that the watcher reads, and the objects in
 * force. It never writes to the user's directory and never repairs what the user has broken.
 */
package io.portcullis.lab.manifests;
