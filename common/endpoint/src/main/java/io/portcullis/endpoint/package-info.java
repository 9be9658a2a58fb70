/**
 * What all services' endpoints for operators have in common.
 *
 * <p>In: requests to the main port. Out: those that may pass. It never answers a question itself,
 * and never guards the management port.
 */
package io.portcullis.endpoint;
