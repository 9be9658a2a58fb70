package io.portcullis.watcher.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * One document of a file, not parsed yet.
 *
 * @param number from 1, as people count
 * @param line that it begins in, from 1
 * @param afterSeparator what stands behind its {@code ---} where nothing but a comment may
 */
record Document(int number, int line, String text, String afterSeparator) {
  private static final String SEPARATOR = "---";

  /**
   * Splits a file at its {@code ---} lines, as kubectl does, so that a document that cannot be
   * parsed harms no other.
   */
  static List<Document> split(String text) {
    var documents = new ArrayList<Document>();
    var start = 0;
    var startLine = 1;
    var behind = "";
    var line = 1;
    for (var at = 0; at < text.length(); line++) {
      var newline = text.indexOf('\n', at);
      var next = newline < 0 ? text.length() : newline + 1;
      if (text.startsWith(SEPARATOR, at)) {
        add(documents, startLine, text.substring(start, at), behind);
        behind = withoutComment(text.substring(at + SEPARATOR.length(), next));
        start = next;
        startLine = line + 1;
      }
      at = next;
    }
    add(documents, startLine, text.substring(start), behind);
    return documents;
  }

  private static String withoutComment(String text) {
    var trimmed = text.strip();
    return trimmed.startsWith("#") ? "" : trimmed;
  }

  private static void add(List<Document> documents, int line, String text, String behind) {
    if (behind.isEmpty() && holdsNothing(text)) {
      return;
    }
    documents.add(new Document(documents.size() + 1, line, text, behind));
  }

  /** Whether there are only blank lines, comments and directives. */
  private static boolean holdsNothing(String text) {
    return text.lines()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.startsWith("%"));
  }

  boolean looksLikeJson() {
    return text.stripLeading().startsWith("{");
  }

  /** How problems name it when its object is not known. */
  String display() {
    return "document " + number + " (line " + line + ")";
  }
}
