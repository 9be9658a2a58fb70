/**
 * The rule set of a node: address sets, chains and endpoints, as the records of its topic.
 *
 * <p>In: what the compiler derives, or the records of a node's topic. Out: verdicts, digests and
 * typed values to program. It never reads a cluster object and never writes nft text.
 */
package io.portcullis.ruleset;
