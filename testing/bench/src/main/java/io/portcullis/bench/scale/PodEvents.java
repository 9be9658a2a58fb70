package io.portcullis.bench.scale;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Pods that return with another address, and when the readers of their nodes received the change.
 */
final class PodEvents {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final ScaleCluster cluster;
  private final ClusterTopicWriter source;
  private final VersionArrivals readers;

  /** An event that was written to the cluster topic. */
  record Event(Pod pod, long sentNanos, Future<RecordMetadata> place) {
    String node() {
      return pod.node();
    }

    long offset() throws ExecutionException, InterruptedException {
      return place.get().offset();
    }
  }

  PodEvents(ScaleCluster cluster, ClusterTopicWriter source, VersionArrivals readers) {
    this.cluster = cluster;
    this.source = source;
    this.readers = readers;
  }

  Event send() {
    return send(cluster.next());
  }

  /** Sends an event again that the broker did not accept. */
  Event again(Event event) {
    return send(event.pod());
  }

  private Event send(Pod pod) {
    var now = System.nanoTime();
    return new Event(pod, now, source.send(pod));
  }

  List<Event> send(int count, Duration between) {
    var sent = new ArrayList<Event>();
    for (var i = 0; i < count; i++) {
      sent.add(send());
      LockSupport.parkNanos(between.toNanos());
    }
    return sent;
  }

  /** Waits until the readers of the pod's node have the event, and returns when they had it. */
  long seenNanos(Event event) throws ExecutionException, InterruptedException {
    var offset = event.offset();
    return await(() -> readers.nanosAfter(event.node(), offset), event);
  }

  private static long await(Supplier<OptionalLong> seen, Object awaited)
      throws InterruptedException {
    var until = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < until) {
      var found = seen.get();
      if (found.isPresent()) {
        return found.getAsLong();
      }
      Thread.sleep(5);
    }
    throw new IllegalStateException("no version has " + awaited);
  }

  /** Puts or removes a policy; returns when the readers of all nodes have it. */
  void policy(ObjectKey key, Optional<ClusterObject> policy)
      throws ExecutionException, InterruptedException {
    var offset = source.put(key, policy).get().offset();
    for (var node = 0; node < cluster.nodes(); node++) {
      var name = ScaleCluster.name(node);
      await(() -> readers.nanosAfter(name, offset), key);
    }
  }

  List<Duration> latencies(List<Event> events) throws ExecutionException, InterruptedException {
    var latencies = new ArrayList<Duration>();
    for (var event : events) {
      latencies.add(Duration.ofNanos(seenNanos(event) - event.sentNanos()));
    }
    return latencies;
  }

  /** Returns the latencies until the last node that needs the event has it. */
  List<Duration> lastLatencies(List<Event> events) throws ExecutionException, InterruptedException {
    var latencies = new ArrayList<Duration>();
    for (var event : events) {
      var offset = event.offset();
      var last = event.sentNanos();
      for (var node : cluster.nodesOf(event.pod())) {
        last = Math.max(last, await(() -> readers.nanosAfter(node, offset), event));
      }
      latencies.add(Duration.ofNanos(last - event.sentNanos()));
    }
    return latencies;
  }

  /** Returns the latencies until readers have a version of a wide set that includes the event. */
  List<Duration> wideLatencies(List<Event> events) throws ExecutionException, InterruptedException {
    var latencies = new ArrayList<Duration>();
    for (var event : events) {
      var offset = event.offset();
      var seen = await(() -> readers.wideNanosAfter(offset), event);
      latencies.add(Duration.ofNanos(seen - event.sentNanos()));
    }
    return latencies;
  }

  long lastSeenNanos(List<Event> events) throws ExecutionException, InterruptedException {
    var last = Long.MIN_VALUE;
    for (var event : events) {
      last = Math.max(last, seenNanos(event));
    }
    return last;
  }
}
