/**
 * The meaning of policies a second time, to prove compiler, evaluator and kernel by, and the random
 * clusters to do so with.
 *
 * <p>In: a seed and sizes, or objects of a cluster. Out: random clusters, policies as authors write
 * them with their meaning, and verdicts that follow from the meaning of policies alone. It never
 * uses a rule set or anything that compiles or decides by one.
 */
package io.portcullis.oracle;
