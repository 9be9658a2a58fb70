package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;

/** What is asked of an API server; each call blocks. */
public interface ApiServer extends AutoCloseable {

  /** Its address. */
  String name();

  /**
   * Gets one document.
   *
   * @param path with its query
   * @throws ApiException when it was refused, or not answered in time
   */
  JsonNode get(String path, Duration atMost) throws ApiException, InterruptedException;

  /**
   * Gets something of which only matters that it is there.
   *
   * @throws ApiException when it was refused, or not answered in time
   */
  void check(String path, Duration atMost) throws ApiException, InterruptedException;

  /**
   * Changes something.
   *
   * @param type of the content
   * @throws ApiException when it was refused, or not answered in time
   */
  void send(String method, String path, String type, JsonNode content, Duration atMost)
      throws ApiException, InterruptedException;

  /**
   * Gets documents, one a line, until the server ends it.
   *
   * @param atMost from the first to the last
   * @throws ApiException when it was refused, or broke off
   */
  void stream(String path, Duration atMost, Lines lines) throws ApiException, InterruptedException;

  /** Where documents of a stream go. */
  interface Lines {
    /** The server has agreed; it may take long until there is something to tell. */
    void begun() throws InterruptedException;

    /**
     * @throws IOException to end the stream
     */
    void next(JsonNode document) throws IOException, InterruptedException;
  }

  @Override
  void close();
}
