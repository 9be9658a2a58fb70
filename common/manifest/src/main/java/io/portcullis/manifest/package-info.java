/**
 * Manifest files, read to sightings.
 *
 * <p>In: files of YAML or JSON as kubectl takes them. Out: cluster objects as the API server would
 * have stored them, and every problem by file, object, field and reason. It never watches, never
 * publishes and never lets one object's fault harm another.
 */
package io.portcullis.manifest;
