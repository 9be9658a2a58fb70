package io.portcullis.agent.version;

import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;

/** A rule set and the marker whose digest it has. */
public record Version(RuleSet rules, Marker marker) {}
