/**
 * JSON of the records that travel in topics and are served by the endpoints.
 *
 * <p>In: records. Out: bytes with keys in the order of the record's components, and back. It never
 * reads a type name that the sealed interfaces do not list.
 */
package io.portcullis.json;
