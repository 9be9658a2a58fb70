package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;

/** Asks an API server over HTTP; each call blocks. */
public interface ApiServer extends AutoCloseable {

  /** Returns the server's address. */
  String name();

  /**
   * Gets one document.
   *
   * @param path with its query
   * @throws ApiException when it was refused, or not answered in time
   */
  JsonNode get(String path, Duration atMost) throws ApiException, InterruptedException;

  /**
   * Asks for something whose content does not matter, such as whether the server is ready.
   *
   * @throws ApiException when it was refused, or not answered in time
   */
  void check(String path, Duration atMost) throws ApiException, InterruptedException;

  /**
   * Sends a change.
   *
   * @param type the media type of the content
   * @throws ApiException when it was refused, or not answered in time
   */
  void send(String method, String path, String type, JsonNode content, Duration atMost)
      throws ApiException, InterruptedException;

  /**
   * Gets documents, one in each line, until the server ends the stream.
   *
   * @param atMost how long the stream may last
   * @throws ApiException when it was refused, or broke off
   */
  void stream(String path, Duration atMost, Lines lines) throws ApiException, InterruptedException;

  /** Takes the documents of a stream. */
  interface Lines {
    /** Takes that the server has accepted the request; the first document may come much later. */
    void begun() throws InterruptedException;

    /**
     * Takes the next document.
     *
     * @throws IOException to end the stream
     */
    void next(JsonNode document) throws IOException, InterruptedException;
  }

  @Override
  void close();
}
