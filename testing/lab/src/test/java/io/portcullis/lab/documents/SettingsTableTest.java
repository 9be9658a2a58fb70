package io.portcullis.lab.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Checks that docs/settings.md says what the services' code says of their settings. */
class SettingsTableTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path PAGE = ROOT.resolve("docs").resolve("settings.md");
  private static final SortedMap<String, String> SERVICES =
      new TreeMap<>(
          Map.of(
              "watcher-service",
              "watcher",
              "compiler-service",
              "compiler",
              "enforcer-agent",
              "agent"));
  private static final Pattern CODE = Pattern.compile("\\{@code\\s+([^}]*)}");
  private static final Pattern PARAMETER =
      Pattern.compile("@param\\s+(?:token|range)\\s+(.*)", Pattern.DOTALL);

  /** A row of the table. */
  private record Setting(String name, String preset, String meaning) {}

  /** The services that have each setting. */
  private final SortedMap<Setting, SortedSet<String>> settings =
      new TreeMap<>(Comparator.comparing(Setting::name).thenComparing(Setting::meaning));

  @Test
  void thePageSaysWhatTheCodeSays() throws IOException {
    for (var service : SERVICES.entrySet()) {
      read(ROOT.resolve(service.getKey()), List.of(service.getValue()));
    }
    for (var shared : List.of("log", "endpoint")) {
      read(ROOT.resolve("common").resolve(shared), List.copyOf(SERVICES.values()));
    }
    var expected = page();
    var made = Path.of("target", "settings.md");
    Files.writeString(made, expected);
    assertThat(settings).hasSizeGreaterThan(15);
    assertThat(PAGE).as("copy " + made.toAbsolutePath()).hasContent(expected);
  }

  private void read(Path module, List<String> of) throws IOException {
    var presets = new Properties();
    var file = module.resolve("src/main/resources/application.properties");
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        presets.load(reader);
      }
    }
    try (var sources = Files.walk(module.resolve("src/main/java"))) {
      for (var source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        var text = Files.readString(source);
        if (text.contains("io.smallrye.config.ConfigMapping")
            || text.contains("@ConfigProperty(name = \"portcullis.")) {
          new Reading(presets, of).scan(source);
        }
      }
    }
  }

  /** Reads the settings from one source file. */
  private final class Reading extends TreePathScanner<Void, String> {
    private final Properties presets;
    private final List<String> of;
    private DocTrees comments;

    private Reading(Properties presets, List<String> of) {
      this.presets = presets;
      this.of = of;
    }

    private void scan(Path source) throws IOException {
      var compiler = ToolProvider.getSystemJavaCompiler();
      try (var files = compiler.getStandardFileManager(null, null, null)) {
        var task =
            (JavacTask)
                compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(source));
        comments = DocTrees.instance(task);
        for (var unit : task.parse()) {
          scan(new TreePath(unit), "portcullis");
        }
      }
    }

    @Override
    public Void visitMethod(MethodTree method, String prefix) {
      for (var parameter : method.getParameters()) {
        argument(parameter.getModifiers(), "ConfigProperty")
            .filter(name -> name.startsWith("portcullis."))
            .ifPresent(name -> add(name, Optional.empty(), parameter()));
      }
      if (isOfMapping() && method.getParameters().isEmpty()) {
        var name = prefix + "." + dashed(method.getName().toString());
        var nested = nested(method.getReturnType().toString());
        if (nested.isPresent()) {
          scan(new TreePath(getCurrentPath().getParentPath(), nested.get()), name);
        } else {
          add(name, argument(method.getModifiers(), "WithDefault"), comment());
        }
      }
      return null;
    }

    @Override
    public Void visitClass(ClassTree type, String prefix) {
      for (var member : type.getMembers()) {
        if (!(member
            instanceof
            ClassTree)) { // settings of nested types are read where a method returns the type
          scan(member, prefix);
        }
      }
      return null;
    }

    private boolean isOfMapping() {
      var type = getCurrentPath().getParentPath().getLeaf();
      return type instanceof ClassTree owner && owner.getKind() == Tree.Kind.INTERFACE;
    }

    private Optional<ClassTree> nested(String name) {
      for (var path = getCurrentPath(); path != null; path = path.getParentPath()) {
        if (path.getLeaf() instanceof ClassTree type) {
          for (var member : type.getMembers()) {
            if (member instanceof ClassTree inner
                && inner.getSimpleName().contentEquals(name)
                && inner.getKind() == Tree.Kind.INTERFACE) {
              return Optional.of(inner);
            }
          }
        }
      }
      return Optional.empty();
    }

    private String comment() {
      var text = comments.getDocComment(getCurrentPath());
      assertThat(text).as("what is said of " + getCurrentPath().getLeaf()).isNotNull();
      return text;
    }

    private String parameter() {
      var found = PARAMETER.matcher(comment());
      assertThat(found.find()).as(comment()).isTrue();
      return found.group(1);
    }

    private void add(String name, Optional<String> preset, String comment) {
      var meaning = CODE.matcher(comment.strip().replaceAll("\\s+", " ")).replaceAll("`$1`");
      var variable = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
      var value = Optional.ofNullable(presets.getProperty(name)).or(() -> preset);
      var setting = new Setting(variable, value.map("`%s`"::formatted).orElse(""), meaning);
      settings.computeIfAbsent(setting, _ -> new TreeSet<>()).addAll(of);
    }
  }

  private static Optional<String> argument(ModifiersTree modifiers, String annotation) {
    return modifiers.getAnnotations().stream()
        .filter(a -> a.getAnnotationType().toString().equals(annotation))
        .map(AnnotationTree::getArguments)
        .map(List::getFirst)
        .map(value -> value instanceof AssignmentTree named ? named.getExpression() : value)
        .map(value -> ((LiteralTree) value).getValue().toString())
        .findFirst();
  }

  private static String dashed(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private String page() {
    return settings.keySet().stream()
        .map(
            setting ->
                "| `%s` | %s | %s | %s |%n"
                    .formatted(
                        setting.name(),
                        settings.get(setting).size() == SERVICES.size()
                            ? "all"
                            : String.join(", ", settings.get(setting)),
                        setting.preset(),
                        setting.meaning()))
        .collect(
            Collectors.joining(
                "",
                """
                # Settings

                Environment variables of the services. `SettingsTableTest` generates this table from the code, and fails where the page
                differs.

                | variable | of | unless set | what it is for |
                | --- | --- | --- | --- |
                """,
                """

                Each service also takes:

                * every setting of Kafka's clients: `KAFKA_`, then the property in upper case, with `_` for each dot
                  ([Kafka for Portcullis](../deploy/kafka/README.md));
                * every setting of Quarkus. Operators need `QUARKUS_HTTP_HOST` and `QUARKUS_HTTP_PORT` (dumps; loopback, 8080),
                  `QUARKUS_MANAGEMENT_HOST` and `QUARKUS_MANAGEMENT_PORT` (health and metrics; every address, 9000), and `QUARKUS_LOG_LEVEL`.

                The watcher finds its API server by its service account, or by `KUBECONFIG`.
                """));
  }
}
