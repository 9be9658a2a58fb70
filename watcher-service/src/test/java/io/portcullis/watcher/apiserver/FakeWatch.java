package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.validation.Kind;
import java.util.List;

/** One open watch of the fake API server. The server guards it. */
final class FakeWatch {
  private static final int GONE = 410;

  private final Kind kind;
  private final FakeRequest request;
  private final FakeDiscovery server;
  private long told;
  private Mode mode = Mode.TELLS;

  /** What happened to an object, at a resource version. */
  record Event(long version, Kind kind, String type, ObjectNode object) {}

  /** What a watch does next. */
  enum Mode {
    TELLS,
    IS_SILENT,
    ENDS,
    BREAKS
  }

  /**
   * Makes a watch from a resource version on.
   *
   * @param server what the server that was asked serves; a watch of what it serves no longer ends
   */
  FakeWatch(Kind kind, FakeRequest request, FakeDiscovery server) {
    this.kind = kind;
    this.request = request;
    this.server = server;
    this.told = Long.parseLong(request.query().get("resourceVersion"));
  }

  Kind kind() {
    return kind;
  }

  void become(Mode next) {
    mode = next;
  }

  /** Returns whether it has nothing to do now. */
  boolean waits(List<Event> history, long oldest) {
    return mode == Mode.IS_SILENT
        || (mode == Mode.TELLS && isServed() && !hasNews(history, oldest));
  }

  /** Returns what it does next; one that ends tells first what it has. */
  Mode next(List<Event> history, long oldest) {
    var now = isServed() ? mode : Mode.ENDS;
    return now == Mode.ENDS && hasNews(history, oldest) ? Mode.TELLS : now;
  }

  private boolean isServed() {
    return server.kind(request.path()).isPresent();
  }

  private boolean hasNews(List<Event> history, long oldest) {
    return told < oldest || history.stream().anyMatch(this::isNews);
  }

  private boolean isNews(Event event) {
    return event.kind() == kind && event.version() > told;
  }

  /** Returns the lines that it has not told yet; one that is too old is told so, and ends. */
  List<String> take(List<Event> history, long oldest, long version) {
    if (told < oldest) {
      mode = Mode.ENDS;
      told = version;
      var refusal = new FakeReply.Refusal(GONE, "too old resource version");
      return List.of(FakeReply.event("ERROR", refusal.status()));
    }
    var lines =
        history.stream()
            .filter(this::isNews)
            .map(event -> FakeReply.event(event.type(), event.object()))
            .toList();
    told = version;
    return lines;
  }
}
