package io.portcullis.bench.dataplane;

import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;

/**
 * One of two rule sets that take turns.
 *
 * @param toOther the change that makes the other one of it
 */
record Side(RuleSet rules, RuleSetChange toOther) {}
