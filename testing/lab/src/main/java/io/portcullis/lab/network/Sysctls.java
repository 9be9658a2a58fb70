package io.portcullis.lab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Kernel settings of the lab's namespaces, written from within each. */
final class Sysctls {
  private static final Path ROOT = Path.of("/proc/sys/net");

  private Sysctls() {}

  /**
   * Returns the settings of all namespaces: IPv6 is on without delay, and only the lab assigns
   * addresses.
   */
  static Map<String, String> all() {
    var settings = new LinkedHashMap<String, String>();
    for (var scope : java.util.List.of("all", "default")) {
      settings.put("ipv6/conf/" + scope + "/disable_ipv6", "0");
      settings.put("ipv6/conf/" + scope + "/accept_dad", "0");
      settings.put("ipv6/conf/" + scope + "/accept_ra", "0");
      settings.put("ipv6/conf/" + scope + "/addr_gen_mode", "1"); // no automatic address
      settings.put("ipv4/conf/" + scope + "/rp_filter", "0");
      settings.put("ipv4/conf/" + scope + "/send_redirects", "0");
    }
    // Lifts the rate limit of ICMP errors: a probe takes "port unreachable" for "reached".
    settings.put("ipv4/icmp_ratemask", "0");
    settings.put("ipv6/icmp/ratemask", "");
    return settings;
  }

  /** Returns the settings of nodes and the fabric. */
  static Map<String, String> router() {
    var settings = all();
    settings.put("ipv4/ip_forward", "1");
    settings.put("ipv6/conf/all/forwarding", "1");
    return settings;
  }

  /** Writes the settings in each of the namespaces; skips those that this kernel does not have. */
  static void write(Collection<String> namespaces, Map<String, String> settings) {
    try {
      NamespaceThreads.call(
          "lab-sysctl",
          () -> {
            for (var namespace : namespaces) {
              NamespaceThreads.enter(namespace);
              for (var setting : settings.entrySet()) {
                write(setting.getKey(), setting.getValue());
              }
            }
            return null;
          });
    } catch (ExecutionException e) {
      throw new NetworkException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkException("interrupted while writing kernel settings", e);
    }
  }

  private static void write(String name, String value) throws IOException {
    var file = ROOT.resolve(name);
    if (Files.exists(file)) {
      Files.writeString(file, value + "\n");
    }
  }
}
