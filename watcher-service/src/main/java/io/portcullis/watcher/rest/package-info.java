/**
 * The watcher's endpoint for operators.
 *
 * <p>In: requests. Out: problems as JSON. It never changes anything.
 */
package io.portcullis.watcher.rest;
