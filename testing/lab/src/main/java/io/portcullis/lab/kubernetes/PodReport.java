package io.portcullis.lab.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.net.IpAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a kubelet reports of a pod that runs and is ready. */
final class PodReport {
  private static final List<String> CONDITIONS =
      List.of("PodScheduled", "Initialized", "ContainersReady", "Ready");

  private PodReport() {}

  /** Tests whether the pod was reported as ready with these addresses. */
  static boolean isReady(JsonNode pod, List<IpAddress> addresses) {
    var ips = pod.at("/status/podIPs");
    return pod.at("/status/phase").asText().equals("Running")
        && ips.size() == addresses.size()
        && addresses.getFirst().toString().equals(ips.path(0).path("ip").asText())
        && pod.at("/status/containerStatuses").size() == pod.at("/spec/containers").size();
  }

  /**
   * Returns the pod's status, with nothing else of the pod but its name.
   *
   * @param hostIps the addresses of its node
   */
  static ObjectNode ready(
      JsonNode pod, List<IpAddress> addresses, List<String> hostIps, Instant at) {
    var now = at.truncatedTo(ChronoUnit.SECONDS).toString();
    var report = Json.mapper().createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
    report
        .putObject("metadata")
        .put("name", pod.at("/metadata/name").asText())
        .put("namespace", pod.at("/metadata/namespace").asText());
    var status = report.putObject("status").put("phase", "Running").put("startTime", now);
    hosts(status, hostIps);
    status.put("podIP", addresses.getFirst().toString());
    var ips = status.putArray("podIPs");
    addresses.forEach(ip -> ips.addObject().put("ip", ip.toString()));
    var conditions = status.putArray("conditions");
    for (var type : CONDITIONS) {
      conditions.addObject().put("type", type).put("status", "True").put("lastTransitionTime", now);
    }
    containers(pod.at("/spec/containers"), now, status.putArray("containerStatuses"));
    return report;
  }

  private static void hosts(ObjectNode status, List<String> hostIps) {
    if (!hostIps.isEmpty()) {
      status.put("hostIP", hostIps.getFirst());
      var ips = status.putArray("hostIPs");
      hostIps.forEach(ip -> ips.addObject().put("ip", ip));
    }
  }

  private static void containers(JsonNode containers, String now, ArrayNode statuses) {
    for (var container : containers) {
      var status = statuses.addObject();
      status.put("name", container.path("name").asText());
      status.put("image", container.path("image").asText()).put("imageID", "");
      status.put("ready", true).put("started", true).put("restartCount", 0);
      status.putObject("state").putObject("running").put("startedAt", now);
    }
  }
}
