/**
 * The compiler as a service: its loop, which reads the cluster, compiles and writes versions.
 *
 * <p>In: settings. Out: a running loop, its health and its metrics. It never decides a verdict.
 */
package io.portcullis.compiler;
