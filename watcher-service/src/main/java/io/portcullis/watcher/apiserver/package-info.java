/**
 * The HTTP edge to an API server.
 *
 * <p>In: paths to get, watch or change. Out: JSON documents, and refusals in the server's own
 * words. It never retries, and never knows what a document means.
 */
package io.portcullis.watcher.apiserver;
