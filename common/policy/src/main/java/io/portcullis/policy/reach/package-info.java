/**
 * Which flows are allowed, over all flows and not samples.
 *
 * <p>In: what nodes hold in one state of the cluster, or in two. Out: for each two parties the
 * ports that one reaches at the other, and the policy rules that decide; what two states decide
 * differently. It never asks about one flow after the other: pods that all chains and sets treat
 * alike are one class, and a chain is evaluated once for all classes.
 */
package io.portcullis.policy.reach;
