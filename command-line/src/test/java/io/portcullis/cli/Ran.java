package io.portcullis.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** How a command ended and what it printed. */
record Ran(int code, String out, String err) {

  static Ran portcullis(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var code =
        Portcullis.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  List<String> told() {
    return err.lines().toList();
  }
}
