/**
 * A rule set as nft text, and back from what nft lists.
 *
 * <p>In: typed records of a rule set. Out: a transaction for {@code nft -f}, in the layout for nft
 * 1.0.6 and later; or a listing, and out: the rule set that it holds and what is alien to it. It
 * never lets text from outside become syntax: names are hashes, the rest is addresses, numbers and
 * words of its own.
 */
package io.portcullis.nft;
