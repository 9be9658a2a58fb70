/**
 * The lab that a benchmark runs in.
 *
 * <p>In: which services and which source. Out: a running lab with manifests of its own, taken down
 * at the end. It never measures.
 */
package io.portcullis.bench.lab;
