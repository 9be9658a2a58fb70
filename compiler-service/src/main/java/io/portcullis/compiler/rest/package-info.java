/**
 * Dumps of rule sets and explained verdicts for operators.
 *
 * <p>In: requests. Out: versions as JSON or as nft text. It never changes anything.
 */
package io.portcullis.compiler.rest;
