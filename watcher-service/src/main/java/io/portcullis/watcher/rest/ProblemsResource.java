package io.portcullis.watcher.rest;

import io.portcullis.json.Json;
import io.portcullis.watcher.WatcherLoop;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code /problems}: every problem of every object, with file, object, field and reason. */
@Path("/problems")
public final class ProblemsResource {
  private final WatcherLoop loop;

  public ProblemsResource(WatcherLoop loop) {
    this.loop = loop;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public byte[] list() {
    return Json.bytes(loop.state().problems());
  }
}
