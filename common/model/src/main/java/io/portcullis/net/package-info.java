/**
 * Addresses, prefixes, protocols and ports as values.
 *
 * <p>In: text from manifests, the API server and topics. Out: values that are valid from their
 * constructor on. It never resolves a name and never opens a socket.
 */
package io.portcullis.net;
