/**
 * What is wrong with a source's objects, for operators.
 *
 * <p>In: requests. Out: problems as JSON. It never changes anything.
 */
package io.portcullis.watcher.rest;
