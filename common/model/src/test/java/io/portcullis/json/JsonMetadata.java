package io.portcullis.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the native-image metadata of a module: a file names the classes that Jackson reads and
 * writes by reflection, and must be what follows from the module's classes.
 */
public final class JsonMetadata {
  private static final String OURS = "io.portcullis";
  private static final String NATIVE_IMAGE = "META-INF/native-image/io.portcullis/";

  private static final List<String> SHARED = List.of("model", "log", "policy", "manifest");

  private JsonMetadata() {}

  /**
   * Fails when the module's file is not what it should be, and leaves the right one in the module's
   * {@code target}.
   *
   * @param packages of the module in which records are written as JSON or read from it
   */
  public static void check(String module, String... packages) throws IOException {
    var expected = text(types(packages));
    var made = Path.of("target", "classes-of-json", "reachability-metadata.json");
    Files.createDirectories(made.getParent());
    Files.writeString(made, expected);
    assertThat(Path.of("src", "main", "resources").resolve(metadata(module)))
        .as("copy " + made.toAbsolutePath())
        .hasContent(expected);
    var known = expected + ofOthers();
    assertThat(readAsJson().filter(type -> !known.contains(quoted(type))))
        .as("what is read as JSON and no file names")
        .isEmpty();
  }

  /** Returns the files of the modules that this one depends on. */
  private static String ofOthers() throws IOException {
    var text = new StringBuilder();
    for (var module : SHARED) {
      try (var stream = Json.class.getResourceAsStream("/" + metadata(module))) {
        if (stream != null) {
          text.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return text.toString();
  }

  private static Stream<String> readAsJson() {
    return classes(OURS).stream()
        .flatMap(type -> type.getCodeUnits().stream())
        .filter(JsonMetadata::reads)
        .flatMap(code -> code.getReferencedClassObjects().stream())
        .map(reference -> reference.getRawType().getName())
        .filter(type -> type.startsWith(OURS)); // Jackson's own trees need nothing
  }

  private static boolean reads(JavaCodeUnit code) {
    return code.getMethodCallsFromSelf().stream()
        .anyMatch(
            call ->
                call.getTargetOwner().isEquivalentTo(Json.class) && call.getName().equals("read"));
  }

  private static String metadata(String module) {
    return NATIVE_IMAGE + module + "/json/reachability-metadata.json";
  }

  private static JavaClasses classes(String... packages) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
        .importPackages(packages);
  }

  private static Set<String> types(String... packages) {
    var types =
        classes(packages).stream()
            .filter(JsonMetadata::reflected)
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(types).isNotEmpty();
    return types;
  }

  private static boolean reflected(JavaClass type) {
    return type.isRecord()
        || type.isEnum()
        || type.isAssignableTo(JsonDeserializer.class)
        || type.getAnnotations().stream().anyMatch(a -> ofJackson(a.getRawType()))
        || type.getMembers().stream()
            .flatMap(member -> member.getAnnotations().stream())
            .anyMatch(a -> ofJackson(a.getRawType()));
  }

  private static boolean ofJackson(JavaClass type) {
    return type.getPackageName().startsWith("com.fasterxml.jackson");
  }

  private static String text(Set<String> types) {
    return types.stream()
        .map(
            type ->
                "    { \"type\": %s, \"allDeclaredConstructors\": true, \"allDeclaredMethods\": true, \"allDeclaredFields\": true }"
                    .formatted(quoted(type)))
        .collect(Collectors.joining(",\n", "{\n  \"reflection\": [\n", "\n  ]\n}\n"));
  }

  private static String quoted(String type) {
    return '"' + type + '"';
  }
}
