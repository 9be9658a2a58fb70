package io.portcullis.compiler.past;

import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;

/** One version of a node: all it holds, and what closes it. */
public record Version(Marker marker, RuleSet rules) {}
