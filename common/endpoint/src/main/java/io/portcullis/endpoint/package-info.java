/**
 * The endpoints that all services have in common.
 *
 * <p>In: requests to the main port, and how long ago a loop turned. Out: requests that carry the
 * token, and a liveness check. It never answers an operator's question itself, and never guards the
 * management port.
 */
package io.portcullis.endpoint;
