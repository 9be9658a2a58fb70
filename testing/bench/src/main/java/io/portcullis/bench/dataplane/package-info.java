/**
 * What packets meet while versions follow each other, and how fast new flows are judged.
 *
 * <p>In: rule sets in pairs and layouts, and a flood. Out: figures. It never changes a table by
 * another way than the agent's, but for the ways that it proves wrong.
 */
package io.portcullis.bench.dataplane;
