/**
 * Rule sets as nft text, and rule sets from what nft lists.
 *
 * <p>In: a rule set, edits of a table, or a listing of a table in JSON. Out: a transaction for
 * {@code nft -f}, in the syntax of nft 1.0.6 and later; or the rule set that a listing holds, and
 * what is unexpected in it. It never runs nft, and never lets text from outside become syntax:
 * names are hashes, everything else is addresses, numbers and words of its own.
 */
package io.portcullis.nft;
