/**
 * The REST endpoints {@code /rulesets} and {@code /explain}.
 *
 * <p>In: requests of operators. Out: versions as JSON or as nft text, and explained verdicts. It
 * never changes anything.
 */
package io.portcullis.compiler.rest;
