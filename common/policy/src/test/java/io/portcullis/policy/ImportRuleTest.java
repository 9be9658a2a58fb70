package io.portcullis.policy;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  private static final String STATE = "io.portcullis.policy.state..";
  private static final String GROUPING = "io.portcullis.policy.grouping..";
  private static final String RULES = "io.portcullis.policy.rules..";
  private static final String EXPLAIN = "io.portcullis.policy.explain..";
  private static final String LINT = "io.portcullis.policy.lint..";
  private static final String REACH = "io.portcullis.policy.reach..";

  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.policy")
        .cores(STATE, GROUPING, RULES, EXPLAIN, LINT, REACH)
        .never(new String[] {STATE, GROUPING, RULES, EXPLAIN, LINT, REACH}, "io.portcullis.nft..")
        .never(new String[] {STATE}, "io.portcullis.ruleset..")
        .never(new String[] {STATE, GROUPING, RULES}, EXPLAIN, REACH)
        .never(new String[] {STATE, GROUPING, RULES, EXPLAIN, REACH}, LINT)
        .never(new String[] {REACH}, EXPLAIN)
        .noCycles()
        .noFileCircles()
        .noLongFiles();
  }
}
