package io.portcullis.manifest;

import io.portcullis.validation.Scopes;
import java.util.Optional;

/** Guesses which object a document holds that cannot be parsed. Only messages name it. */
final class ProbableObject {
  private Optional<String> kind = Optional.empty();
  private Optional<String> namespace = Optional.empty();
  private Optional<String> name = Optional.empty();
  private boolean inMetadata;
  private int indentation;

  private ProbableObject() {}

  /** Returns the object that the document seems to hold, or the document's own name. */
  static String display(Document document) {
    var guess = new ProbableObject();
    document.text().lines().forEach(guess::read);
    if (guess.kind.isEmpty() || guess.name.isEmpty()) {
      return document.display();
    }
    return guess.kind.get()
        + "/"
        + Scopes.shownNamespace(guess.kind.get(), guess.namespace)
            .map(name -> name + "/")
            .orElse("")
        + guess.name.get();
  }

  private void read(String line) {
    var text = line.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return;
    }
    var indented = line.length() - line.stripLeading().length();
    if (indented == 0) {
      inMetadata = text.equals("metadata:");
      indentation = 0;
      kind = kind.or(() -> value(text, "kind"));
      return;
    }
    indentation = indentation == 0 ? indented : indentation;
    if (inMetadata && indented == indentation) {
      name = name.or(() -> value(text, "name"));
      namespace = namespace.or(() -> value(text, "namespace"));
    }
  }

  private static Optional<String> value(String text, String key) {
    return text.startsWith(key + ":")
        ? Optional.of(text.substring(key.length() + 1).strip())
            .filter(value -> value.matches("[-.A-Za-z0-9]{1,253}"))
        : Optional.empty();
  }
}
