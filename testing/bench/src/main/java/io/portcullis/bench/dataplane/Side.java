package io.portcullis.bench.dataplane;

import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;

/**
 * One of two rule sets that alternate.
 *
 * @param rules the rule set
 * @param toOther the change to the other rule set
 */
record Side(RuleSet rules, RuleSetChange toOther) {}
