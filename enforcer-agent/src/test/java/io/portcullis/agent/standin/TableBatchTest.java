package io.portcullis.agent.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.netlink.Libc;
import io.portcullis.agent.netlink.NetlinkSocket;
import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.LocalSets;
import io.portcullis.nft.NamespaceOfTest;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real kernel, in a namespace of the test's own. */
class TableBatchTest {
  @RegisterExtension final NamespaceOfTest namespace = new NamespaceOfTest();

  private static final int EEXIST = 17;
  private static final List<GuardLease> LEASES =
      List.of(GuardLease.NONE, GuardLease.EVER, new GuardLease.For(Duration.ofHours(1)));

  /** Returns the number of the error that the kernel answers with. */
  private int send(ClosedTable table, GuardLease lease) throws Exception {
    return InsideNamespace.call(
        namespace.name(),
        () -> {
          var bytes = new ByteArrayOutputStream();
          bytes.writeBytes(TableBatch.begin(table));
          bytes.writeBytes(TableBatch.end(lease));
          try (var socket = new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER);
              var arena = Arena.ofConfined()) {
            socket.makeRoom(bytes.size());
            var message = arena.allocate(bytes.size());
            message.copyFrom(MemorySegment.ofArray(bytes.toByteArray()));
            return socket.send(message);
          }
        });
  }

  /** Returns the table that stands in as nft lists it, less what differs each time. */
  private JsonNode listed() {
    var listing = namespace.listing(NftRenderer.SWAP_TABLE);
    var json = Json.read(listing.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    for (var key : List.of("handle", "expires")) {
      json.findParents(key).forEach(parent -> ((ObjectNode) parent).remove(key));
    }
    return json;
  }

  private static ClosedTable random(int seed) {
    var random = new Random(seed);
    var local =
        new LocalSets(
            seed % 7 == 0 ? new TreeSet<>() : new TreeSet<>(List.of("pod1", "veth0123456789a")),
            seed % 2 == 0 ? new TreeSet<>() : known("10.9.8.7", "fd09::7"),
            seed % 3 == 0 ? new TreeSet<>() : new TreeSet<>(List.of("cali*", "veth0", "l*")),
            seed % 5 == 0 ? new TreeSet<>(List.of(Family.V6)) : new TreeSet<>());
    return ClosedTable.of(RandomRuleSets.ofAnyNode(random), new CutMark(1 << seed % 31), local);
  }

  private static SortedSet<IpAddress> known(String... addresses) {
    var known = new TreeSet<IpAddress>();
    List.of(addresses).forEach(text -> known.add(IpAddress.parse(text)));
    return known;
  }

  @Test
  void itMakesWhatNftMakesOfTheSameText() throws Exception {
    for (var seed = 0; seed < 60; seed++) {
      var table = random(seed);
      var lease = LEASES.get(seed % LEASES.size());
      var text = ClosedText.of(table, lease);
      namespace.load(text);
      var expected = listed();
      namespace.load(NftRenderer.remove(NftRenderer.SWAP_TABLE));
      assertThat(send(table, lease)).as(text).isZero();
      assertThat(listed()).as(text).isEqualTo(expected);
      namespace.load(NftRenderer.remove(NftRenderer.SWAP_TABLE));
    }
  }

  @Test
  void theKernelRefusesItBesideEitherTable() throws Exception {
    for (var table : List.of(NftRenderer.TABLE, NftRenderer.SWAP_TABLE)) {
      namespace.load("table inet " + table + " { chain a { drop; }; }");
      var before = namespace.run("", "nft", "list", "ruleset").orThrow();
      assertThat(send(random(1), GuardLease.EVER)).isEqualTo(EEXIST);
      assertThat(namespace.run("", "nft", "list", "ruleset").orThrow()).isEqualTo(before);
      namespace.load(NftRenderer.remove(table));
    }
  }

  @Test
  void itHoldsAllEndpointsOfALargeNode() throws Exception {
    var records = new ArrayList<NodeRecord>();
    for (var family : Family.values()) {
      var closed = Chain.of(Direction.INGRESS, family, List.of(), Action.DENY);
      records.add(closed);
      var ip = IpAddress.parse(family == Family.V4 ? "10.0.0.0" : "fd00::");
      for (var i = 0; i < 2600; i++) {
        ip = ip.next();
        var ingress = Optional.of(closed.id());
        records.add(new Endpoint(ip, "a/b", ingress, Optional.empty(), Optional.empty()));
      }
    }
    var table = ClosedTable.of(RuleSet.of(records), CutMark.DEFAULT, LocalSets.EMPTY);
    namespace.load(ClosedText.of(table, GuardLease.NONE));
    var expected = listed();
    namespace.load(NftRenderer.remove(NftRenderer.SWAP_TABLE));
    assertThat(send(table, GuardLease.NONE)).isZero();
    assertThat(listed()).isEqualTo(expected);
  }
}
