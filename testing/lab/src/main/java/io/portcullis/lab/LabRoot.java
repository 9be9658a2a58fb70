package io.portcullis.lab;

import io.portcullis.lab.process.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds the project's root directory, which the start script passes on. */
public final class LabRoot {
  private static final String PROPERTY = "portcullis.root";

  private static final Path INTERFACES = Path.of("/proc/net/if_inet6");

  private LabRoot() {}

  public static Path path() {
    return Path.of(
        Optional.ofNullable(System.getProperty(PROPERTY))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the system property " + PROPERTY + " is not set; use ./portcullis")));
  }

  /**
   * Fails if no interface has an IPv6 address. Java then treats the machine as one without IPv6,
   * even in namespaces that have it.
   *
   * @throws IOException if no interface has one; the message says what to do
   */
  public static void requireIpv6() throws IOException {
    if (Files.exists(INTERFACES) && Files.readString(INTERFACES).isEmpty()) {
      throw new IOException(
          "no interface has an IPv6 address, so Java cannot probe IPv6;"
              + " run: sysctl net.ipv6.conf.lo.disable_ipv6=0 && ip link set lo up");
    }
  }

  /**
   * Returns the options of a lab of this project. Defaults replace manifests and a state directory
   * that are null.
   */
  public static LabOptions options(
      Path manifests,
      Path state,
      int compilers,
      int watchers,
      boolean kubernetes,
      Services.Form form) {
    var root = path();
    return new LabOptions(
        root,
        Optional.ofNullable(manifests)
            .orElseGet(() -> root.resolve("testing").resolve("lab").resolve("manifests")),
        Optional.ofNullable(state).orElseGet(() -> root.resolve(".lab")),
        compilers,
        watchers,
        kubernetes,
        form,
        Map.of(),
        Map.of());
  }
}
