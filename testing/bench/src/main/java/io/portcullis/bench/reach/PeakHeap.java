package io.portcullis.bench.reach;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * The most heap that any garbage collection left in use. It is never less than what was alive then,
 * and more where a collection leaves garbage.
 */
final class PeakHeap implements AutoCloseable {
  private final AtomicLong bytes = new AtomicLong();
  private final NotificationListener listener = (notification, _) -> take(notification);
  private final List<NotificationEmitter> collectors = new ArrayList<>();

  PeakHeap() {
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(listener, null, null);
        collectors.add(emitter);
      }
    }
  }

  private void take(Notification notification) {
    if (notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      var info =
          GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
              .getGcInfo();
      var used =
          info.getMemoryUsageAfterGc().values().stream().mapToLong(MemoryUsage::getUsed).sum();
      bytes.accumulateAndGet(used, Math::max);
    }
  }

  double mebibytes() {
    return bytes.get() / 1024.0 / 1024.0;
  }

  @Override
  public void close() {
    for (var collector : collectors) {
      try {
        collector.removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
