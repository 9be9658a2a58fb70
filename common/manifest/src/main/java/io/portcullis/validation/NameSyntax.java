package io.portcullis.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks names as the API server does. Each method returns what is wrong, in the server's words.
 */
final class NameSyntax {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String LABEL_VALUE = "(" + QUALIFIED + ")?";

  private static final Pattern IS_LABEL = Pattern.compile(LABEL);
  private static final Pattern IS_SUBDOMAIN = Pattern.compile(SUBDOMAIN);
  private static final Pattern IS_QUALIFIED = Pattern.compile(QUALIFIED);
  private static final Pattern IS_LABEL_VALUE = Pattern.compile(LABEL_VALUE);
  private static final Pattern PORT_NAME_CHARACTERS = Pattern.compile("[-a-z0-9]+");
  private static final Pattern LETTER = Pattern.compile("[a-z]");

  private static final int MAX_LABEL = 63;

  /** The longest name that any object may have. */
  static final int MAX_NAME = 253;

  private static final int MAX_PORT_NAME = 15;

  private NameSyntax() {}

  /** Checks the name of a namespace. */
  static List<String> dnsLabel(String value) {
    if (value.length() > MAX_LABEL) {
      return List.of(tooLong(MAX_LABEL));
    }
    if (IS_LABEL.matcher(value).matches()) {
      return List.of();
    }
    return List.of(
        IS_SUBDOMAIN.matcher(value).matches()
            ? "must not contain dots"
            : pattern(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                    + " '-', and must start and end with an alphanumeric character",
                LABEL,
                "'my-name' or '123-abc'"));
  }

  /** Checks the name of most objects. */
  static List<String> dnsSubdomain(String value) {
    if (value.length() > MAX_NAME) {
      return List.of(tooLong(MAX_NAME));
    }
    return IS_SUBDOMAIN.matcher(value).matches()
        ? List.of()
        : List.of(
            pattern(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                    + " characters, '-' or '.', and must start and end with an alphanumeric"
                    + " character",
                SUBDOMAIN,
                "'example.com'"));
  }

  /** Checks the key of a label or annotation: an optional prefix and a name. */
  static List<String> qualifiedName(String value) {
    var parts = value.split("/", -1);
    if (parts.length > 2) {
      return List.of(
          "a qualified name "
              + qualifiedForm()
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    var faults = new ArrayList<String>();
    if (parts.length == 2 && parts[0].isEmpty()) {
      faults.add("prefix part must be non-empty");
    } else if (parts.length == 2) {
      dnsSubdomain(parts[0]).forEach(fault -> faults.add("prefix part " + fault));
    }
    var name = parts[parts.length - 1];
    if (name.isEmpty()) {
      faults.add("name part must be non-empty");
    } else if (name.length() > MAX_LABEL) {
      faults.add("name part " + tooLong(MAX_LABEL));
    }
    if (!IS_QUALIFIED.matcher(name).matches()) {
      faults.add("name part " + qualifiedForm());
    }
    return faults;
  }

  static List<String> labelValue(String value) {
    var faults = new ArrayList<String>();
    if (value.length() > MAX_LABEL) {
      faults.add(tooLong(MAX_LABEL));
    }
    if (!IS_LABEL_VALUE.matcher(value).matches()) {
      faults.add(
          pattern(
              "a valid label must be an empty string or consist of alphanumeric characters, '-',"
                  + " '_' or '.', and must start and end with an alphanumeric character",
              LABEL_VALUE,
              "'MyValue' or 'my_value' or '12345'"));
    }
    return faults;
  }

  static List<String> portNumber(int port) {
    return port >= 1 && port <= 65_535
        ? List.of()
        : List.of("must be between 1 and 65535, inclusive");
  }

  /** Checks the name of a port, which has the form of IANA's service names. */
  static List<String> portName(String value) {
    var faults = new ArrayList<String>();
    if (value.length() > MAX_PORT_NAME) {
      faults.add(tooLong(MAX_PORT_NAME));
    }
    if (!PORT_NAME_CHARACTERS.matcher(value).matches()) {
      faults.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (!LETTER.matcher(value).find()) {
      faults.add("must contain at least one letter (a-z)");
    }
    if (value.contains("--")) {
      faults.add("must not contain consecutive hyphens");
    }
    if (value.startsWith("-") || value.endsWith("-")) {
      faults.add("must not begin or end with a hyphen");
    }
    return faults;
  }

  private static String qualifiedForm() {
    return pattern(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
            + " alphanumeric character",
        QUALIFIED,
        "'MyName' or 'my.name' or '123-abc'");
  }

  private static String tooLong(int length) {
    return "must be no more than " + length + " bytes";
  }

  private static String pattern(String message, String form, String examples) {
    return message + " (e.g. " + examples + ", regex used for validation is '" + form + "')";
  }
}
