/**
 * Network namespaces of a benchmark, and traffic through them.
 *
 * <p>In: addresses. Out: a router between a sender and a receiver, and how many packets arrived at
 * it and passed. It never decides what may pass.
 */
package io.portcullis.bench.network;
