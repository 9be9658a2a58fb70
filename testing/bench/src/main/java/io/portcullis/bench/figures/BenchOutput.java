package io.portcullis.bench.figures;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** The output of a benchmark: figures go to standard output, progress goes to standard error. */
public final class BenchOutput {
  private final PrintWriter out;
  private final PrintWriter err;

  /** Creates the output of a command. */
  public BenchOutput(CommandSpec command) {
    this.out = command.commandLine().getOut();
    this.err = command.commandLine().getErr();
  }

  /** Prints a result. */
  public void figure(Figure figure) {
    result(figure.toString());
  }

  /** Prints a line of results that is no figure, such as a summary. */
  public void result(String line) {
    print(out, line);
  }

  /** Prints what the benchmark is doing. */
  public void progress(String line) {
    print(err, line);
  }

  /** Prints why the benchmark failed. */
  public void failure(String reason) {
    print(err, "bench: " + reason);
  }

  private static synchronized void print(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }
}
