package io.portcullis.agent.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * libnftables in this process: a small transaction takes a tenth of a millisecond where starting
 * the program takes ten.
 *
 * <p>The network namespace is that of the thread that makes the instance. Any thread may use it; of
 * all instances of the process one at a time is in the library, which cuts strings with {@code
 * strtok} when it lists JSON: two at once end the process by an assertion.
 */
@SuppressWarnings("restricted") // calling a C library is what this class is for
final class NftLibrary implements Nft {
  private static final String LIBRARY = "libnftables.so.1";
  private static final int DEFAULT_CONTEXT = 0;
  private static final int OUTPUT_TEXT = 0;
  private static final int OUTPUT_JSON = 1 << 4; // NFT_CTX_OUTPUT_JSON
  private static final Object ALONE = new Object();
  private static final long LONGEST_OUTPUT = Integer.MAX_VALUE;

  private final MethodHandle free;
  private final MethodHandle setFlags;
  private final MethodHandle setDryRun;
  private final MethodHandle runCommands;
  private final MethodHandle output;
  private final MethodHandle errors;
  private final MemorySegment context;
  private boolean closed;

  /**
   * @throws IllegalArgumentException when the library is not there, or has not these functions
   * @throws UnsupportedOperationException when this Java has no foreign functions
   */
  NftLibrary() {
    var library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    var linker = Linker.nativeLinker();
    free = handle(library, linker, "nft_ctx_free", FunctionDescriptor.ofVoid(ADDRESS));
    setFlags =
        handle(
            library,
            linker,
            "nft_ctx_output_set_flags",
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    setDryRun =
        handle(
            library,
            linker,
            "nft_ctx_set_dry_run",
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN));
    runCommands =
        handle(
            library,
            linker,
            "nft_run_cmd_from_buffer",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    output = handle(library, linker, "nft_ctx_get_output_buffer", ofContext());
    errors = handle(library, linker, "nft_ctx_get_error_buffer", ofContext());
    synchronized (ALONE) {
      context = make(library, linker);
    }
  }

  private static FunctionDescriptor ofContext() {
    return FunctionDescriptor.of(ADDRESS, ADDRESS);
  }

  private static MethodHandle handle(
      SymbolLookup library, Linker linker, String name, FunctionDescriptor type) {
    var function =
        library
            .find(name)
            .orElseThrow(() -> new IllegalArgumentException(LIBRARY + " has no " + name));
    return linker.downcallHandle(function, type);
  }

  private static MemorySegment make(SymbolLookup library, Linker linker) {
    var create = handle(library, linker, "nft_ctx_new", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    var ofContext = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    var bufferOutput = handle(library, linker, "nft_ctx_buffer_output", ofContext);
    var bufferErrors = handle(library, linker, "nft_ctx_buffer_error", ofContext);
    try {
      var made = (MemorySegment) create.invokeExact(DEFAULT_CONTEXT);
      if (made.equals(MemorySegment.NULL)
          || (int) bufferOutput.invokeExact(made) != 0
          || (int) bufferErrors.invokeExact(made) != 0) {
        throw new IllegalArgumentException(LIBRARY + " makes no context");
      }
      return made;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  @Override
  public void run(String commands) throws NftException {
    synchronized (ALONE) {
      call(commands, OUTPUT_TEXT);
    }
  }

  @Override
  public void check(String commands) throws NftException {
    synchronized (ALONE) {
      dryRun(true);
      try {
        call(commands, OUTPUT_TEXT);
      } finally {
        dryRun(false);
      }
    }
  }

  private void dryRun(boolean on) {
    if (closed) {
      return; // the call tells
    }
    try {
      setDryRun.invokeExact(context, on);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  @Override
  public String list(String command, Format format) throws NftException {
    var flags =
        switch (format) {
          case JSON -> OUTPUT_JSON;
          case TEXT -> OUTPUT_TEXT;
        };
    synchronized (ALONE) {
      return call(command, flags);
    }
  }

  private String call(String commands, int flags) throws NftException {
    if (closed) {
      throw new NftException("the agent is stopping");
    }
    try (var arena = Arena.ofConfined()) {
      setFlags.invokeExact(context, flags);
      var failed = (int) runCommands.invokeExact(context, arena.allocateFrom(commands)) != 0;
      // both are read each time: reading is what empties them
      var printed = text((MemorySegment) output.invokeExact(context));
      var complaint = text((MemorySegment) errors.invokeExact(context));
      if (failed) {
        throw new NftException(complaint);
      }
      return printed;
    } catch (NftException e) {
      throw e;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static String text(MemorySegment start) {
    return start.equals(MemorySegment.NULL) ? "" : start.reinterpret(LONGEST_OUTPUT).getString(0);
  }

  /** What a method handle declares to throw is anything; these functions throw nothing checked. */
  private static RuntimeException rethrown(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }

  @Override
  public String way() {
    return "library";
  }

  @Override
  public void close() {
    synchronized (ALONE) {
      if (closed) {
        return;
      }
      closed = true;
      try {
        free.invokeExact(context);
      } catch (Throwable e) {
        throw rethrown(e);
      }
    }
  }
}
