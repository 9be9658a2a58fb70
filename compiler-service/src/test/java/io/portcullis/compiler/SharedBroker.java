package io.portcullis.compiler;

import io.portcullis.topic.TestBroker;

/** The broker of all tests of this module that do not kill it. It ends with the tests' process. */
public final class SharedBroker {
  private static final TestBroker BROKER = new TestBroker();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
  }

  private SharedBroker() {}

  /** Returns the broker. A test deletes its topics when it is done. */
  public static TestBroker get() {
    return BROKER;
  }
}
