/**
 * Stands in for the table that enforces as long as others have removed it.
 *
 * <p>In: the rule set that is enforced, and what only the node knows. Out: a small table that lets
 * nothing pass which that version may deny, written as messages of netlink and committed by the
 * thread that hears of the removal. It never touches a table that is there.
 */
package io.portcullis.agent.standin;
