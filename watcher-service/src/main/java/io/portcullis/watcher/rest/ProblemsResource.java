package io.portcullis.watcher.rest;

import io.portcullis.json.Json;
import io.portcullis.watcher.WatcherLoop;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Answers {@code /problems}: all problems of all objects, with file, object, field and reason. */
@Path("/problems")
public final class ProblemsResource {
  private final WatcherLoop loop;

  public ProblemsResource(WatcherLoop loop) {
    this.loop = loop;
  }

  /** Lists the problems of the loop's last turn. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public byte[] list() {
    return Json.bytes(loop.state().problems());
  }
}
