package io.portcullis.lab;

import io.portcullis.lab.process.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the project is, as the script that starts the lab says. */
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
   * Java takes a machine without any IPv6 address for one without IPv6, also in namespaces that
   * have it.
   *
   * @throws IOException with the remedy
   */
  public static void requireIpv6() throws IOException {
    if (Files.exists(INTERFACES) && Files.readString(INTERFACES).isEmpty()) {
      throw new IOException(
          "no interface has an IPv6 address, so Java cannot probe IPv6;"
              + " run: sysctl net.ipv6.conf.lo.disable_ipv6=0 && ip link set lo up");
    }
  }

  /** A lab of this project. Without manifests and a folder for its state it has its own. */
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
        Map.of());
  }
}
