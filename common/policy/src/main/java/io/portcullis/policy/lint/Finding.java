package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import java.util.Comparator;

/**
 * A place where an author may have meant something else.
 *
 * @param object the policy, or the namespace whose pods are meant
 * @param source the file that holds the object, or {@code api}
 * @param field its path as the API server writes it: {@code spec.ingress[1].from}
 * @param what was found, with names
 */
public record Finding(Check check, ObjectKey object, String source, String field, String what)
    implements Comparable<Finding> {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::source)
          .thenComparing(Finding::object)
          .thenComparing(Finding::field)
          .thenComparing(Finding::check)
          .thenComparing(Finding::what);

  static Finding of(Check check, ClusterObject object, String field, String what) {
    return new Finding(check, object.key(), object.origin().source(), field, what);
  }

  static Finding of(Check check, WrittenRule rule, String field, String what) {
    return of(check, rule.policy(), field, what);
  }

  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }
}
