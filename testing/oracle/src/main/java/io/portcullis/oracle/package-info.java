/**
 * What policies mean, told a second time, to prove compiler, evaluator and kernel by.
 *
 * <p>In: a seed, or objects of a cluster. Out: random clusters, and verdicts that follow from the
 * policies' meaning alone. It never uses a rule set or anything that compiles or decides by one.
 */
package io.portcullis.oracle;
