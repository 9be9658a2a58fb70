package io.portcullis.agent.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's name of the time since its last boot.
 *
 * @param text empty where the kernel does not tell it
 */
public record BootId(String text) {
  private static final Logger LOG = LoggerFactory.getLogger(BootId.class);

  /** Reads the file in which the kernel tells it. */
  public static BootId read(Path file) {
    try {
      return new BootId(Files.readString(file).strip());
    } catch (IOException e) {
      LOG.warn("each start counts as a boot: the boot id cannot be read: {}", e.toString());
      return new BootId("");
    }
  }

  boolean isKnown() {
    return !text.isEmpty();
  }
}
