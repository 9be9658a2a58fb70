package io.portcullis.watcher.manifest;

import io.portcullis.watcher.source.Problem;
import io.portcullis.watcher.source.Severity;
import io.portcullis.watcher.source.Sighting;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What one file shows.
 *
 * @param remarks warnings and notes, which are no part of a sighting
 */
public record FileReading(List<Sighting> sightings, List<Problem> remarks) {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  public FileReading {
    sightings = List.copyOf(sightings);
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads a file's bytes.
   *
   * @param source the file's name
   * @param seenMicros when it was read, microseconds since 1970
   */
  public static FileReading of(String source, byte[] bytes, long seenMicros) {
    var reader = new ObjectReader(source, seenMicros);
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      var begin = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
      Document.split(text.substring(begin)).forEach(document -> read(document, reader));
    } catch (CharacterCodingException e) {
      reader.unreadable("file", "text", "not UTF-8");
    }
    return new FileReading(reader.sightings(), reader.remarks());
  }

  /** A file that could not be read at all. */
  public static FileReading unreadable(String source, String reason) {
    var problem = new Problem(source, "file", "text", reason, Severity.ERROR);
    return new FileReading(List.of(new Sighting.Unreadable(source, problem)), List.of());
  }

  private static void read(Document document, ObjectReader reader) {
    var parsed = DocumentParser.parse(document);
    for (var value : parsed.values()) {
      if (!value.isNull()) {
        reader.read(value, document.display());
      }
    }
    parsed
        .fault()
        .ifPresent(
            fault -> reader.unreadable(Guess.object(document), fault.field(), fault.reason()));
  }
}
