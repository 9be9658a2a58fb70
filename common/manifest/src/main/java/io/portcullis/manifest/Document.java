package io.portcullis.manifest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A document of a file before it is parsed.
 *
 * @param number of the document in the file, from 1
 * @param line of the file that it begins in, from 1
 * @param text its text; one character for each byte if it is not UTF-8
 * @param afterSeparator text after its {@code ---}, where only a comment may stand
 */
public record Document(int number, int line, String text, String afterSeparator, boolean isUtf8) {
  private static final String SEPARATOR = "---";
  private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

  /**
   * Splits a file at its {@code ---} lines, as kubectl does. A document that cannot be parsed, or
   * is not even text, affects no other.
   */
  public static List<Document> split(byte[] bytes) {
    var raw = new String(bytes, StandardCharsets.ISO_8859_1); // each byte is a character of its own
    var begin = raw.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
    return split(raw.substring(begin)).stream().map(Document::decoded).toList();
  }

  /** Splits a text at its {@code ---} lines. */
  public static List<Document> split(String text) {
    var documents = new ArrayList<Document>();
    var start = 0;
    var startLine = 1;
    var afterSeparator = "";
    var line = 1;
    for (var at = 0; at < text.length(); line++) {
      var newline = text.indexOf('\n', at);
      var next = newline < 0 ? text.length() : newline + 1;
      if (text.startsWith(SEPARATOR, at)) {
        add(documents, startLine, text.substring(start, at), afterSeparator);
        afterSeparator = withoutComment(text.substring(at + SEPARATOR.length(), next));
        start = next;
        startLine = line + 1;
      }
      at = next;
    }
    add(documents, startLine, text.substring(start), afterSeparator);
    return documents;
  }

  private static String withoutComment(String text) {
    var trimmed = text.strip();
    return trimmed.startsWith("#") ? "" : trimmed;
  }

  private static void add(List<Document> documents, int line, String text, String afterSeparator) {
    if (afterSeparator.isEmpty() && holdsNothing(text)) {
      return;
    }
    documents.add(new Document(documents.size() + 1, line, text, afterSeparator, true));
  }

  private Document decoded() {
    try {
      return new Document(number, line, utf8(text), utf8(afterSeparator), true);
    } catch (CharacterCodingException _) {
      return new Document(number, line, text, afterSeparator, false);
    }
  }

  private static String utf8(String raw) throws CharacterCodingException {
    var bytes = ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1));
    return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
  }

  /** Returns the encoding of the document in its file. */
  public Charset charset() {
    return isUtf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
  }

  /** Returns the file's line of the first byte that is not UTF-8. */
  public int lineThatIsNotUtf8() {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    StandardCharsets.UTF_8.newDecoder().decode(bytes, CharBuffer.allocate(text.length()), true);
    return line + (int) text.substring(0, bytes.position()).chars().filter(c -> c == '\n').count();
  }

  /** Returns whether the text has only blank lines, comments and directives. */
  private static boolean holdsNothing(String text) {
    return text.lines()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.startsWith("%"));
  }

  /** Returns whether the document begins as JSON does. */
  public boolean looksLikeJson() {
    return text.stripLeading().startsWith("{");
  }

  /** Returns how problems name the document when its object is not known. */
  public String display() {
    return "document " + number + " (line " + line + ")";
  }
}
