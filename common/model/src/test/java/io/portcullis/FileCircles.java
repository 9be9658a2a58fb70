package io.portcullis;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds files that depend on each other. A file is a top-level class with all that is nested in it.
 * A sealed type and its cases may stand in files of their own: such a family is no circle.
 */
final class FileCircles {
  private final Map<String, Set<String>> dependencies = new TreeMap<>();
  private final Map<String, JavaClass> files = new TreeMap<>();

  private FileCircles(Iterable<JavaClass> classes) {
    classes.forEach(type -> files.put(file(type).getName(), file(type)));
    classes.forEach(this::addDependencies);
  }

  /** Returns the circles, each as the names of its files. */
  static List<SortedSet<String>> of(Iterable<JavaClass> classes) {
    var graph = new FileCircles(classes);
    assertThat(graph.files).as("files of the module").isNotEmpty();
    return graph.circles();
  }

  private void addDependencies(JavaClass type) {
    var names = dependencies.computeIfAbsent(file(type).getName(), _ -> new TreeSet<>());
    type.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .map(target -> file(target.getBaseComponentType()).getName())
        .filter(files::containsKey)
        .forEach(names::add);
  }

  private static JavaClass file(JavaClass type) {
    return type.getEnclosingClass().map(FileCircles::file).orElse(type);
  }

  private List<SortedSet<String>> circles() {
    var reached = new TreeMap<String, Set<String>>();
    files.keySet().forEach(name -> reached.put(name, reachedFrom(name)));
    var circles = new ArrayList<SortedSet<String>>();
    var seen = new HashSet<String>();
    for (var name : files.keySet()) {
      var circle = new TreeSet<>(reached.get(name));
      circle.removeIf(other -> !reached.get(other).contains(name));
      circle.add(name);
      if (seen.addAll(circle) && circle.size() > 1 && !isFamily(circle)) {
        circles.add(circle);
      }
    }
    return circles;
  }

  private Set<String> reachedFrom(String name) {
    var reached = new HashSet<String>();
    var next = new ArrayList<>(dependencies.get(name));
    while (!next.isEmpty()) {
      var file = next.removeLast();
      if (reached.add(file)) {
        next.addAll(dependencies.get(file));
      }
    }
    return reached;
  }

  /** Whether all others are cases of a sealed one. */
  private boolean isFamily(Set<String> circle) {
    return circle.stream()
        .anyMatch(
            name -> {
              var family = new HashSet<>(cases(files.get(name).reflect()));
              family.add(name);
              return family.containsAll(circle);
            });
  }

  private static List<String> cases(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).map(Class::getName).toList()
        : List.of();
  }
}
