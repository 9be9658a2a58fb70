package io.portcullis.manifest;

import io.portcullis.cluster.Service;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.HelmTemplate;
import io.portcullis.validation.ObjectReader;
import io.portcullis.validation.UnknownFields;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The objects and problems in one manifest file.
 *
 * @param remarks warnings and notes that belong to no sighting
 * @param services that answers to people need
 */
public record FileContents(
    List<Sighting> sightings, List<Problem> remarks, List<Service> services) {
  /** The buffers of programs that write files are multiples of this. */
  private static final int BUFFER_BYTES = 4096;

  public FileContents {
    sightings = List.copyOf(sightings);
    remarks = List.copyOf(remarks);
    services = List.copyOf(services);
  }

  /** Makes the contents of a file without Services. */
  public FileContents(List<Sighting> sightings, List<Problem> remarks) {
    this(sightings, remarks, List.of());
  }

  /**
   * Reads a file's bytes.
   *
   * @param source the file's name
   * @param seenMicros when it was read, microseconds since 1970
   */
  public static FileContents of(String source, byte[] bytes, long seenMicros) {
    var reader = new ObjectReader(source, seenMicros, UnknownFields.REFUSED);
    Document.split(bytes).forEach(document -> read(document, reader));
    return new FileContents(reader.sightings(), reader.remarks(), reader.services());
  }

  /**
   * Returns whether a file with these bytes may be written only in part. Then it ends without a
   * line end or JSON's closing brace, or where the buffer of a writer does.
   */
  public static boolean mayBeHalfWritten(byte[] bytes) {
    if (bytes.length % BUFFER_BYTES == 0) {
      return true;
    }
    return bytes[bytes.length - 1] != '\n' && !isWholeJson(bytes);
  }

  private static boolean isWholeJson(byte[] bytes) {
    var last = bytes[bytes.length - 1];
    if (last != '}' && last != ' ') {
      return false;
    }
    var document = new Document(1, 1, new String(bytes, StandardCharsets.UTF_8), "", true);
    return document.looksLikeJson() && DocumentParser.parse(document).fault().isEmpty();
  }

  /** Returns the contents of a file that cannot be read at all. */
  public static FileContents unreadable(String source, String reason) {
    var problem = new Problem(source, "file", "text", reason, Severity.ERROR);
    return new FileContents(List.of(new Sighting.Unreadable(source, problem)), List.of());
  }

  /** Returns what may be the true reason of a fault. */
  private static String template(Document document) {
    return document.text().contains(HelmTemplate.OPENING) ? "; " + HelmTemplate.REMEDY : "";
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
            fault ->
                reader.unreadable(
                    ProbableObject.display(document),
                    fault.field(),
                    fault.reason() + template(document)));
  }
}
