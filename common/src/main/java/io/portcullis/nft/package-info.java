/**
 * A rule set as nft text.
 *
 * <p>In: typed records of a rule set. Out: a transaction for {@code nft -f}, in the layout for nft
 * 1.0.6 and later. It never lets text from outside become syntax: names are hashes, the rest is
 * addresses, numbers and words of its own.
 */
package io.portcullis.nft;
