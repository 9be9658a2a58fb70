package io.portcullis.topic;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * What an operator is told of Kafka's refusals: what is refused, and the remedy; never a secret.
 */
public final class KafkaErrors {
  private static final String GRANTS = "; grant it as deploy/kafka/README.md says";

  private KafkaErrors() {}

  /**
   * Puts a failure in words.
   *
   * @param operation that was tried on topics, by Kafka's name of it
   * @param topics those topics, where Kafka itself does not name any
   */
  public static String reason(Throwable failure, String operation, Collection<String> topics) {
    return switch (refusal(failure).orElse(failure)) {
      case Refused e -> e.getMessage();
      case TopicAuthorizationException e ->
          refused(
              operation,
              "topic",
              e.unauthorizedTopics().isEmpty() ? topics : e.unauthorizedTopics());
      case GroupAuthorizationException e -> refused("Read", "group", Set.of(e.groupId()));
      case TransactionalIdAuthorizationException _ ->
          "Kafka refuses this user Write of the service's transactional ids" + GRANTS;
      case ClusterAuthorizationException _ ->
          "Kafka refuses this user %s of any topic%s".formatted(operation, GRANTS);
      case UnsupportedSaslMechanismException e -> mechanism(e);
      case SaslAuthenticationException _ ->
          "Kafka refuses this user's name or password: check KAFKA_SASL_JAAS_CONFIG and"
              + " KAFKA_SASL_MECHANISM, and that the brokers know the user";
      case SslAuthenticationException e ->
          "no trust between this service and Kafka's brokers (%s): check KAFKA_SSL_TRUSTSTORE_*, and"
                  .formatted(innermost(e).getMessage())
              + " where brokers ask for a certificate KAFKA_SSL_KEYSTORE_*";
      case KafkaException e when e.getMessage() != null -> e.getMessage();
      case Throwable e -> e.toString();
    };
  }

  private static String mechanism(UnsupportedSaslMechanismException e) {
    return "Kafka does not take this mechanism: check KAFKA_SASL_MECHANISM ("
        + e.getMessage()
        + ")";
  }

  private static String refused(String operation, String kind, Collection<String> names) {
    return "Kafka refuses this user %s of %s %s%s"
        .formatted(operation, kind, String.join(", ", names), GRANTS);
  }

  /** Tells whether brokers refused it to this user: asking again soon is no use. */
  static boolean isRefusal(Throwable failure) {
    return refusal(failure).isPresent();
  }

  /** Returns what brokers did not do in time, where that is the cause; they may do it later. */
  static Optional<TimeoutException> lateness(Throwable failure) {
    return causes(failure)
        .filter(TimeoutException.class::isInstance)
        .map(TimeoutException.class::cast)
        .findFirst();
  }

  private static Optional<Throwable> refusal(Throwable failure) {
    return causes(failure)
        .filter(
            e ->
                e instanceof AuthorizationException
                    || e instanceof AuthenticationException
                    || e instanceof Refused)
        .findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(20);
  }

  private static Throwable innermost(Throwable failure) {
    return causes(failure).reduce(failure, (_, e) -> e);
  }

  /** Adds to a refusal what was tried: Kafka's own exceptions do not tell. */
  static KafkaException named(KafkaException failure, String operation, Collection<String> topics) {
    return failure instanceof AuthorizationException
        ? new Refused(reason(failure, operation, topics), failure)
        : failure;
  }

  /**
   * Puts in words that no client can be made of the settings. What Kafka says of a login that it
   * cannot parse quotes pieces of it, passwords too, so neither that nor its trace goes on.
   *
   * @return without a cause
   */
  public static KafkaException unusable(KafkaException failure) {
    var mayQuote = causes(failure).anyMatch(IllegalArgumentException.class::isInstance);
    return new KafkaException(
        mayQuote
            ? "kafka settings: one cannot be parsed, and is not quoted here as it may be a secret:"
                + " check KAFKA_SASL_JAAS_CONFIG (user name and password in double quotes, quotes and"
                + " backslashes in them after a backslash, a semicolon at the end) and PEM texts"
            : "kafka settings: " + innermost(failure));
  }

  /** A refusal that says what it was that is refused. */
  private static final class Refused extends KafkaException {
    private static final long serialVersionUID = 1;

    private Refused(String message, KafkaException cause) {
      super(message, cause);
    }
  }
}
