package io.portcullis.agent.links;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The links over which new pods are guarded, whatever their addresses (C1).
 *
 * @param patterns names of links, of which a last {@code *} stands for any rest
 */
public record GuardLinks(SortedSet<String> patterns) {
  public static final GuardLinks NONE = new GuardLinks(new TreeSet<>());
  private static final String ANY_REST = "*";

  /** Longer names than 15 letters do not exist. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.@%+=~-]{1,14}([A-Za-z0-9*])?");

  public GuardLinks {
    patterns = Collections.unmodifiableSortedSet(new TreeSet<>(patterns));
  }

  /**
   * Parses the setting. A pattern that another one covers is left out.
   *
   * @throws IllegalArgumentException with the setting's name and the pattern
   */
  public static GuardLinks parse(Collection<String> texts) {
    var patterns = texts.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
    for (var pattern : patterns) {
      if (!FORM.matcher(pattern).matches()) {
        throw new IllegalArgumentException(
            "PORTCULLIS_GUARD_LINKS: not a name of a link, or its beginning and *: " + pattern);
      }
    }
    return new GuardLinks(
        patterns.stream()
            .filter(
                each ->
                    patterns.stream()
                        .noneMatch(other -> !other.equals(each) && matches(other, each)))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.endsWith(ANY_REST)
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }

  /** Returns whether new pods are guarded over the link of this name. */
  public boolean match(String link) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, link));
  }

  /** Returns those that match none of these links. */
  public GuardLinks without(Collection<String> links) {
    return new GuardLinks(
        patterns.stream()
            .filter(pattern -> links.stream().noneMatch(link -> matches(pattern, link)))
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
