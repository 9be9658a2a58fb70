package io.portcullis.agent.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the program nft for each call. It is slower than the library, and needs no foreign code.
 */
final class NftProgram implements Nft {
  private static final Logger LOG = LoggerFactory.getLogger(NftProgram.class);
  private static final int LONGEST_SECONDS = 120;

  @Override
  public synchronized void run(String commands) throws NftException {
    call(List.of("-f", "-"), commands);
  }

  @Override
  public synchronized void check(String commands) throws NftException {
    call(List.of("-c", "-f", "-"), commands);
  }

  @Override
  public synchronized String list(String command, Format format) throws NftException {
    var arguments = new ArrayList<String>();
    switch (format) {
      case JSON -> arguments.add("-j");
      case TEXT -> {}
    }
    arguments.addAll(List.of(command.split(" ")));
    return call(arguments, "");
  }

  /** Reads a stream in a thread of its own, as nft stops while either of its streams is full. */
  private static void inAThread(Runnable reading) {
    Thread.ofPlatform().name("nft").daemon().start(reading);
  }

  private static String call(List<String> arguments, String input) throws NftException {
    var command = new ArrayList<>(List.of("nft"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    try {
      var process = builder.start();
      var output =
          CompletableFuture.supplyAsync(
              () -> read(process.getInputStream()), NftProgram::inAThread);
      var errors =
          CompletableFuture.supplyAsync(
              () -> read(process.getErrorStream()), NftProgram::inAThread);
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        LOG.debug("nft ended before it had read all; its exit code and its errors say why", e);
      }
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new NftException("nft did not end within " + LONGEST_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new NftException(errors.join());
      }
      return output.join();
    } catch (IOException | CompletionException e) {
      throw new NftException("nft cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NftException("interrupted while nft ran", e);
    }
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String way() {
    return "program";
  }

  @Override
  public void close() {}
}
