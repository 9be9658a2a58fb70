package io.portcullis.agent.state;

import io.portcullis.json.Json;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The agent's files on the node's disk: {@code version} with the rules that were enforced last,
 * {@code lease} with the end of the guard's lease, {@code boot.nft} for the host's boot.
 */
public final class StateDirectory {
  private static final String OWNER_ONLY = "rwx------";
  private static final String SEPARATOR = "\t";

  private final Path directory;

  public StateDirectory(Path directory) {
    this.directory = directory;
  }

  /** Makes the directory where it is not there, and lets only its owner in. */
  void prepare() throws IOException {
    Files.createDirectories(directory);
    var ownerOnly = PosixFilePermissions.fromString(OWNER_ONLY);
    if (!Files.getPosixFilePermissions(directory).equals(ownerOnly)) {
      Files.setPosixFilePermissions(directory, ownerOnly);
    }
  }

  private Path version() {
    return directory.resolve("version");
  }

  private Path lease() {
    return directory.resolve("lease");
  }

  /** Returns the file that a unit of the host loads at boot. */
  Path boot() {
    return directory.resolve("boot.nft");
  }

  /** Replaces the saved version. */
  void write(SavedVersion saved) throws IOException {
    StateFile.replaceLines(
        version(),
        lines -> {
          lines.add(text(Json.bytes(saved.header())));
          write(saved.rules(), lines);
        });
  }

  private static void write(RuleSet rules, StateFile.Lines lines) {
    for (var set : rules.sets()) {
      add(new AddressSet(set.id(), set.definition()), lines);
      set.elements().forEach(element -> add(new Member(set.id(), element), lines));
    }
    rules.chains().forEach(chain -> add(chain, lines));
    rules.endpoints().forEach(endpoint -> add(endpoint, lines));
    rules.podCidrs().forEach(cidr -> add(cidr, lines));
  }

  private static void add(NodeRecord item, StateFile.Lines lines) {
    lines.add(item.key() + SEPARATOR + text(NodeRecords.bytes(item)));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /**
   * Returns what is known of the saved version beside its rules, if there is one. The checksum of
   * all of the file is proved.
   *
   * @throws IOException with the file's name and what is wrong with it
   */
  Optional<SavedVersion.Header> readHeader() throws IOException {
    var lines = new SavedLines(_ -> {});
    return readVersion(lines) ? Optional.of(lines.header()) : Optional.empty();
  }

  /**
   * Returns the saved version, if there is one.
   *
   * @throws IOException with the file's name and what is wrong with it
   */
  Optional<SavedVersion> read() throws IOException {
    var records = new ArrayList<NodeRecord>();
    var lines = new SavedLines(line -> records.add(parse(line)));
    return readVersion(lines)
        ? Optional.of(new SavedVersion(lines.header(), RuleSet.of(records)))
        : Optional.empty();
  }

  private boolean readVersion(SavedLines lines) throws IOException {
    if (Files.notExists(version())) {
      return false;
    }
    try {
      StateFile.readLines(version(), lines::take);
      lines.header();
      return true;
    } catch (IOException | RuntimeException e) { // what is damaged is parsed before it is known
      throw new IOException(version() + ": " + e.getMessage(), e);
    }
  }

  private static NodeRecord parse(String line) {
    var end = line.indexOf(SEPARATOR);
    if (end < 0) {
      throw new IllegalArgumentException("a line without a value: " + line);
    }
    var value = line.substring(end + 1).getBytes(StandardCharsets.UTF_8);
    return NodeRecords.parse(line.substring(0, end), value);
  }

  /** The lines of a saved version. */
  private static final class SavedLines {
    private final Consumer<String> records;
    private Optional<SavedVersion.Header> header = Optional.empty();

    SavedLines(Consumer<String> records) {
      this.records = records;
    }

    void take(String line) {
      if (header.isPresent()) {
        records.accept(line);
      } else {
        header = Optional.of(header(line));
      }
    }

    private static SavedVersion.Header header(String line) {
      var read = Json.read(line.getBytes(StandardCharsets.UTF_8), SavedVersion.Header.class);
      if (read == null || read.format() != SavedVersion.FORMAT) {
        throw new IllegalArgumentException("a format that this agent does not know: " + line);
      }
      return read;
    }

    SavedVersion.Header header() {
      return header.orElseThrow(() -> new IllegalArgumentException("it is empty"));
    }
  }

  /** Replaces the saved lease of the guard. */
  void write(SavedLease saved) throws IOException {
    StateFile.replaceLines(lease(), lines -> lines.add(saved.toString()));
  }

  /** Returns the saved lease of the guard, if there is one. */
  Optional<SavedLease> readLease() throws IOException {
    if (Files.notExists(lease())) {
      return Optional.empty();
    }
    try {
      var lines = new ArrayList<String>();
      StateFile.readLines(lease(), lines::add);
      return Optional.of(SavedLease.parse(String.join("\n", lines)));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(lease() + ": " + e.getMessage(), e);
    }
  }

  /** Replaces the file for the host's boot, if it has another content. */
  void writeBoot(String commands) throws IOException {
    if (Files.exists(boot()) && Files.readString(boot()).equals(commands)) {
      return;
    }
    StateFile.replace(boot(), out -> out.write(commands.getBytes(StandardCharsets.UTF_8)));
  }

  /** Removes the file for the host's boot. */
  void removeBoot() throws IOException {
    Files.deleteIfExists(boot());
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
