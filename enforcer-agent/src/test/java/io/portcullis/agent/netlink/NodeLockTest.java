package io.portcullis.agent.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.nft.TestNamespace;
import org.junit.jupiter.api.Test;

class NodeLockTest {

  @Test
  void oneOfANamespaceHasItUntilItIsGivenBack() throws Exception {
    try (var namespace = TestNamespace.make()) {
      InsideNamespace.call(
          namespace.name(),
          () -> {
            var first = new NodeLock();
            try (var second = new NodeLock()) {
              assertThat(first.take()).isTrue();
              assertThat(first.take()).as("it has it already").isTrue();
              assertThat(second.take()).isFalse();
              first.close();
              assertThat(second.take()).isTrue();
              assertThat(first.take()).isFalse();
            }
            return null;
          });
    }
  }

  @Test
  void eachNamespaceHasItsOwn() throws Exception {
    try (var one = TestNamespace.make();
        var other = TestNamespace.make();
        var first = new NodeLock();
        var second = new NodeLock()) {
      assertThat(InsideNamespace.call(one.name(), first::take)).isTrue();
      assertThat(InsideNamespace.call(other.name(), second::take)).isTrue();
    }
  }
}
