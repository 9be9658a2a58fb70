package io.portcullis.cli;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.policy.explain.NearNames;
import io.portcullis.policy.reach.Ends;
import io.portcullis.policy.reach.Level;
import io.portcullis.policy.reach.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ends that {@code --from} or {@code --to} names. */
final class Asked {
  private static final String NODES = "nodes";
  private static final String OUTSIDE = "outside";

  private Asked() {}

  /** All addresses of a network, whoever has them. */
  private record Network(IpRange range) implements Ends {
    @Override
    public boolean has(IpAddress address, Optional<Pod> pod) {
      return range.contains(address);
    }

    @Override
    public List<IpRange> networks() {
      return List.of(range);
    }
  }

  /** Pods by their names. */
  private record Pods(Predicate<Pod> selected) implements Ends {
    @Override
    public boolean has(IpAddress address, Optional<Pod> pod) {
      return pod.filter(selected).isPresent();
    }
  }

  /**
   * Returns the ends of that name: {@code namespace}, {@code namespace/pod-or-workload} in which
   * {@code *} stands for any text, an address or a network, {@code nodes} or {@code outside}.
   *
   * @throws CommandException when there is nothing of that name
   */
  static Ends parse(String option, Optional<String> text, Snapshot snapshot)
      throws CommandException {
    if (text.isEmpty()) {
      return Ends.ALL;
    }
    var name = text.get();
    return switch (name) {
      case NODES -> (address, pod) -> pod.isEmpty() && snapshot.nodes().containsKey(address);
      case OUTSIDE -> (address, pod) -> pod.isEmpty() && !snapshot.nodes().containsKey(address);
      default -> {
        var network = network(name);
        yield network.isPresent() ? new Network(network.get()) : pods(option, name, snapshot);
      }
    };
  }

  private static Optional<IpRange> network(String text) {
    try {
      if (text.indexOf('/') >= 0) {
        return Optional.of(Cidr.parse(text).range());
      }
      var address = IpAddress.parse(text);
      return Optional.of(new IpRange(address, address));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // a name
    }
  }

  private static Ends pods(String option, String name, Snapshot snapshot) throws CommandException {
    var pattern = pattern(name);
    Predicate<Pod> selected =
        pod -> names(pod, name).anyMatch(known -> pattern.matcher(known).matches());
    if (snapshot.pods().values().stream().noneMatch(selected)) {
      var known =
          snapshot.pods().values().stream()
              .flatMap(pod -> names(pod, name))
              .collect(Collectors.toSet());
      var near = NearNames.of(name, known);
      throw new CommandException(
          option
              + " "
              + name
              + ": no pod with an address of its own, workload, namespace or network of that name"
              + (near.isEmpty() ? "" : "; near: " + String.join(", ", near)));
    }
    return new Pods(selected);
  }

  private static Stream<String> names(Pod pod, String asked) {
    return asked.indexOf('/') < 0
        ? Stream.of(Level.NAMESPACE.name(pod))
        : Stream.of(Level.POD.name(pod), Level.WORKLOAD.name(pod)).distinct();
  }

  /** Returns a pattern in which only the star is special. */
  static Pattern pattern(String text) {
    return Pattern.compile(
        Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
