/**
 * The watcher as a service: one loop keeps the cluster topic equal to a source.
 *
 * <p>In: settings. Out: a running loop, its health, problems and metrics. It never decides what an
 * object means.
 */
package io.portcullis.watcher;
