package io.portcullis.nft;

import io.portcullis.nft.TestNamespace.Ended;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Gives each test of a class a {@link TestNamespace} of its own. */
public final class NamespaceOfTest implements BeforeEachCallback, AfterEachCallback {
  private TestNamespace namespace;

  @Override
  public void beforeEach(ExtensionContext context) {
    namespace = TestNamespace.make();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    namespace.close();
  }

  public String name() {
    return namespace.name();
  }

  public Ended run(String input, String... command) {
    return namespace.run(input, command);
  }

  /** Loads a transaction. */
  public void load(String transaction) {
    namespace.load(transaction);
  }

  /** Returns the listing of a table, which {@link DumpReader#read} reads. */
  public String listing(String table) {
    return namespace.listing(table);
  }
}
