/**
 * The watcher as a service: the one loop that takes in a source and keeps the cluster topic equal.
 *
 * <p>In: settings. Out: a running loop, its health, problems and metrics. It never decides what an
 * object means.
 */
package io.portcullis.watcher;
