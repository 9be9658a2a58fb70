package io.portcullis.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads scalars as kubectl does: with the booleans of YAML 1.1, without numbers of base 60, and
 * with dates as text.
 */
final class YamlScalar {
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NO_NUMBER =
      Set.of(
          ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
          "-.Inf", "-.INF");
  private static final Pattern INTEGER =
      Pattern.compile(
          "(?<sign>[-+]?)(?:0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<bin>[01]+)"
              + "|0[oO]?(?<oct>[0-7]+)|(?<dec>0|[1-9][0-9]*))");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-.*");

  /** No API has longer numbers, and converting them takes time. */
  private static final int MAX_DIGITS = 400;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private YamlScalar() {}

  /** Returns the value of a scalar without quotes and without a tag. */
  static JsonNode plain(String text) {
    if (NULL.contains(text)) {
      return JSON.nullNode();
    }
    if (TRUE.contains(text)) {
      return JSON.booleanNode(true);
    }
    if (FALSE.contains(text)) {
      return JSON.booleanNode(false);
    }
    if (NO_NUMBER.contains(text)) {
      throw new IllegalArgumentException("JSON has no such number: " + text);
    }
    return number(text).orElseGet(() -> JSON.textNode(text));
  }

  /** Returns the value of a scalar with a tag; quotes mean the tag of strings. */
  static JsonNode tagged(String tag, String text) {
    var value =
        switch (tag) {
          case "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp" -> JSON.textNode(text);
          case "tag:yaml.org,2002:null",
              "tag:yaml.org,2002:bool",
              "tag:yaml.org,2002:int",
              "tag:yaml.org,2002:float" ->
              plain(text);
          default -> throw new IllegalArgumentException("this tag has no meaning here: " + tag);
        };
    var fits =
        switch (tag) {
          case "tag:yaml.org,2002:null" -> value.isNull();
          case "tag:yaml.org,2002:bool" -> value.isBoolean();
          case "tag:yaml.org,2002:int" -> value.isIntegralNumber();
          case "tag:yaml.org,2002:float" -> value.isNumber();
          default -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException("not a value of its tag " + tag + ": " + text);
    }
    return value;
  }

  private static Optional<JsonNode> number(String text) {
    if (text.length() > MAX_DIGITS || DATE.matcher(text).matches()) {
      return Optional.empty();
    }
    var digits = text.replace("_", "");
    if (digits.isEmpty() || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return Optional.empty();
    }
    var integer = INTEGER.matcher(digits);
    if (integer.matches()) {
      return Optional.of(integer(integer));
    }
    return FLOAT.matcher(digits).matches() && Double.isFinite(Double.parseDouble(digits))
        ? Optional.of(JSON.numberNode(Double.parseDouble(digits)))
        : Optional.empty();
  }

  private static JsonNode integer(java.util.regex.Matcher matcher) {
    var value =
        matcher.group("hex") != null
            ? new BigInteger(matcher.group("hex"), 16)
            : matcher.group("bin") != null
                ? new BigInteger(matcher.group("bin"), 2)
                : matcher.group("oct") != null
                    ? new BigInteger(matcher.group("oct"), 8)
                    : new BigInteger(matcher.group("dec"));
    var signed = matcher.group("sign").equals("-") ? value.negate() : value;
    return signed.bitLength() < Long.SIZE
        ? JSON.numberNode(signed.longValue())
        : JSON.numberNode(signed);
  }
}
