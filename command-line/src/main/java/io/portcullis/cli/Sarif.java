package io.portcullis.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.portcullis.json.Json;
import io.portcullis.manifest.ManifestReader;
import io.portcullis.policy.lint.Check;
import io.portcullis.sighting.Severity;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Findings in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), which code
 * hosts show at the lines of a pull request.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record Sarif(@JsonProperty("$schema") String schema, String version, List<Run> runs) {
  private static final String VERSION = "2.1.0";
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

  record Run(Tool tool, List<Result> results) {}

  record Tool(Driver driver) {}

  record Driver(String name, List<Rule> rules) {}

  record Rule(String id, Text shortDescription, Text help) {}

  record Text(String text) {}

  record Result(String ruleId, String level, Text message, List<Location> locations) {}

  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Location(
      Optional<PhysicalLocation> physicalLocation, List<LogicalLocation> logicalLocations) {}

  record PhysicalLocation(Artifact artifactLocation, Region region) {}

  record Artifact(String uri) {}

  record Region(int startLine) {}

  record LogicalLocation(String fullyQualifiedName) {}

  static String of(List<LintRow> rows) {
    var rules =
        Stream.concat(
                Stream.of(Check.values())
                    .map(check -> rule(check.id(), check.why(), check.remedy())),
                Stream.of(Severity.values())
                    .map(severity -> rule(LintRow.check(severity), LintRow.meaning(severity), "")))
            .toList();
    var results = rows.stream().map(Sarif::result).toList();
    var run = new Run(new Tool(new Driver("portcullis", rules)), results);
    return new String(Json.bytes(new Sarif(SCHEMA, VERSION, List.of(run))), StandardCharsets.UTF_8);
  }

  private static Rule rule(String id, String why, String remedy) {
    return new Rule(id, new Text(why), new Text(remedy.isEmpty() ? why : remedy));
  }

  private static Result result(LintRow row) {
    var remedy = row.remedy().isEmpty() ? "" : " " + row.why() + " " + row.remedy();
    var message = row.object() + ": " + row.field() + ": " + row.what() + "." + remedy;
    var logical = new LogicalLocation(row.object() + "/" + row.field());
    var physical =
        row.file().equals(ManifestReader.STANDARD_INPUT)
            ? Optional.<PhysicalLocation>empty()
            : Optional.of(
                new PhysicalLocation(
                    new Artifact(uri(row.file())), new Region(row.line().orElse(1))));
    return new Result(
        row.check(),
        LintReport.name(row.level()),
        new Text(message),
        List.of(new Location(physical, List.of(logical))));
  }

  /** Returns a file's name as a reference that is relative where the name is. */
  private static String uri(String file) {
    try {
      return new URI(null, null, file, null).getRawPath();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(file, e);
    }
  }
}
