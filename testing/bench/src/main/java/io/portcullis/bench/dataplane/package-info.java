/**
 * Measures what packets meet while versions follow each other, and how fast new flows are decided.
 *
 * <p>In: rule sets in pairs and layouts, and a flood. Out: figures. It never changes a table in
 * another way than the agent's, except for the ways that it proves wrong.
 */
package io.portcullis.bench.dataplane;
