/**
 * API objects, validated and defaulted as the API server does.
 *
 * <p>In: JSON of one object. Out: a sighting with a cluster object or with what fails closed in its
 * place, and problems in the API server's words. It never reads files, and never asks a server.
 */
package io.portcullis.validation;
