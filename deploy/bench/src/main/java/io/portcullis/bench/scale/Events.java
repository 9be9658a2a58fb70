package io.portcullis.bench.scale;

import io.portcullis.cluster.ClusterObject.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Pods that come back elsewhere, and when their nodes' readers had it. */
final class Events {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Town town;
  private final Source source;
  private final Readers readers;

  /** One that is written. */
  record Event(Pod pod, long sentNanos, Future<RecordMetadata> place) {
    String node() {
      return pod.node();
    }

    long offset() throws ExecutionException, InterruptedException {
      return place.get().offset();
    }
  }

  Events(Town town, Source source, Readers readers) {
    this.town = town;
    this.source = source;
    this.readers = readers;
  }

  Event send() {
    return send(town.next());
  }

  /** Once more what the broker did not take. */
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

  /** When its node's readers had it; waits for that. */
  long seenNanos(Event event) throws ExecutionException, InterruptedException {
    var until = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < until) {
      var seen = readers.nanosAfter(event.node(), event.offset());
      if (seen.isPresent()) {
        return seen.getAsLong();
      }
      Thread.sleep(5);
    }
    throw new IllegalStateException("no version of " + event.node() + " has event " + event);
  }

  List<Duration> latencies(List<Event> events) throws ExecutionException, InterruptedException {
    var latencies = new ArrayList<Duration>();
    for (var event : events) {
      latencies.add(Duration.ofNanos(seenNanos(event) - event.sentNanos()));
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
