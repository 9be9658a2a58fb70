package io.portcullis.agent.cni;

import io.portcullis.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder that stands for libcni's result cache, in which a test writes as libcni does. */
public record CacheFolder(Path folder) {

  /** An entry of a pod whose link on the node is known. */
  public static byte[] entry(String namespace, String networkNamespace, String ip, String link) {
    return entry(namespace, "pod", networkNamespace, ip, link);
  }

  private static byte[] entry(
      String namespace, String name, String networkNamespace, String ip, String link) {
    return Json.bytes(
        Map.of(
            "kind",
            "cniCacheV1",
            "containerId",
            "3f6940ab5ab43bc5",
            "ifName",
            "eth0",
            "networkName",
            "cbr0",
            "netns",
            networkNamespace,
            "cniArgs",
            List.of(
                List.of("IgnoreUnknown", "1"),
                List.of("K8S_POD_NAMESPACE", namespace),
                List.of("K8S_POD_NAME", name)),
            "result",
            Map.of(
                "cniVersion",
                "1.0.0",
                "interfaces",
                List.of(Map.of("name", link), Map.of("name", "eth0", "sandbox", networkNamespace)),
                "ips",
                List.of(Map.of("interface", 1, "address", ip + "/24")))));
  }

  /** Writes an entry of a pod whose network namespace has that name. */
  public void write(String namespace, String networkNamespace, String ip, String link)
      throws IOException {
    write(networkNamespace + "-eth0", entry(namespace, path(networkNamespace), ip, link));
  }

  /** Writes an entry of the pod {@code namespace/name} on a link that is not told. */
  public void writePod(String pod, String networkNamespace, String ip) throws IOException {
    var slash = pod.indexOf('/');
    write(
        networkNamespace + "-eth0",
        entry(
            pod.substring(0, slash),
            pod.substring(slash + 1),
            path(networkNamespace),
            ip,
            "eth-of-" + networkNamespace));
  }

  public static String path(String networkNamespace) {
    return "/var/run/netns/" + networkNamespace;
  }

  public void write(String file, byte[] content) throws IOException {
    Files.write(folder.resolve(file), content);
  }

  public void remove(String networkNamespace) throws IOException {
    Files.delete(folder.resolve(networkNamespace + "-eth0"));
  }
}
