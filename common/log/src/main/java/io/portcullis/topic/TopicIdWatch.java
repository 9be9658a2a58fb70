package io.portcullis.topic;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Notices that topics were deleted or made anew, which Kafka's clients do not. It asks for the ids
 * of all topics of a process in one question a second, whoever of its shards they belong to, and
 * waits for no answer. One thread uses it.
 */
final class TopicIdWatch {
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

  /** How many topics one question is about; of more each waits for its turn. */
  private static final int TOPICS_AT_ONCE = 500;

  private final TopicAdmin admin;
  private final List<Supplier<Stream<String>>> watched = new ArrayList<>();
  private final Deque<String> round = new ArrayDeque<>();
  private Optional<TopicAdmin.Ids> pending = Optional.empty();
  private Optional<Answer> newest = Optional.empty();
  private long questions;
  private long askedNanos = System.nanoTime();

  /**
   * The ids of some topics.
   *
   * @param question which it answers, counted from 1
   */
  record Answer(long question, TopicAdmin.Ids ids) {}

  TopicIdWatch(TopicAdmin admin) {
    this.admin = admin;
  }

  /** Watches topics, whichever they are at the time of each question. */
  void watch(Supplier<Stream<String>> topics) {
    watched.add(topics);
  }

  /** Returns how many questions were asked; what is read now is newer than their answers. */
  long questions() {
    return questions;
  }

  /** Returns the newest answer; takes it in and asks the next question if it is time. */
  Optional<Answer> poll() {
    if (pending.filter(TopicAdmin.Ids::arrived).isPresent()) {
      newest = Optional.of(new Answer(questions, pending.get()));
      pending = Optional.empty();
    }
    if (pending.isEmpty() && System.nanoTime() - askedNanos > BETWEEN_QUESTIONS.toNanos()) {
      ask();
    }
    return newest;
  }

  private void ask() {
    askedNanos = System.nanoTime();
    if (round.isEmpty()) {
      watched.stream().flatMap(Supplier::get).distinct().forEach(round::add);
    }
    if (!round.isEmpty()) {
      questions++;
      pending = Optional.of(admin.requestIds(next()));
    }
  }

  private Collection<String> next() {
    var topics = new ArrayList<String>();
    while (!round.isEmpty() && topics.size() < TOPICS_AT_ONCE) {
      topics.add(round.poll());
    }
    return topics;
  }
}
