/**
 * The endpoints for operators.
 *
 * <p>In: requests. Out: what the agent holds and what the kernel holds, as JSON or as nft text. It
 * never changes anything.
 */
package io.portcullis.agent.rest;
