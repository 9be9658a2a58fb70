/**
 * A second reading of the specification, against which the compiler, the evaluator and the kernel
 * are tested.
 *
 * <p>In: a seed, or objects of a cluster. Out: random clusters, and verdicts that follow from the
 * policies' meaning alone. It never uses a rule set or anything that compiles or decides by one.
 */
package io.portcullis.oracle;
