package io.portcullis.agent.standin;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.TrafficPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;

/**
 * Writes a {@link ClosedTable} as one transaction of the kernel's nf_tables, which fails where the
 * table that enforces is there, or one that stands in for it.
 */
final class TableBatch {
  private static final int BEGIN = 0x10; // NFNL_MSG_BATCH_BEGIN
  private static final int END = 0x11; // NFNL_MSG_BATCH_END
  private static final int SUBSYSTEM = 10; // NFNL_SUBSYS_NFTABLES
  private static final int NEW_TABLE = SUBSYSTEM << 8; // NFT_MSG_NEWTABLE
  private static final int DELETE_TABLE = SUBSYSTEM << 8 | 2; // NFT_MSG_DELTABLE
  private static final int NEW_CHAIN = SUBSYSTEM << 8 | 3; // NFT_MSG_NEWCHAIN
  private static final int NEW_RULE = SUBSYSTEM << 8 | 6; // NFT_MSG_NEWRULE
  private static final int NEW_SET = SUBSYSTEM << 8 | 9; // NFT_MSG_NEWSET
  private static final int NEW_ELEMENTS = SUBSYSTEM << 8 | 12; // NFT_MSG_NEWSETELEM
  private static final int INET = 1; // NFPROTO_INET

  private static final int REQUEST = 1; // NLM_F_REQUEST
  private static final int CREATE = 0x400; // NLM_F_CREATE
  private static final int ALONE = 0x200; // NLM_F_EXCL
  private static final int LAST = 0x800; // NLM_F_APPEND

  private static final int TABLE = 1; // NFTA_TABLE_NAME, NFTA_CHAIN_TABLE and so on
  private static final int NAME = 2; // NFTA_SET_NAME and so on
  private static final int ELEMENT = 1; // NFTA_LIST_ELEM
  private static final int PREROUTING = 0; // NF_INET_PRE_ROUTING
  private static final int INPUT = 1; // NF_INET_LOCAL_IN
  private static final int FORWARD = 2; // NF_INET_FORWARD
  private static final int RAW = -300; // NF_IP_PRI_RAW
  private static final int FILTER = 0; // NF_IP_PRI_FILTER
  private static final int WITH_TIMEOUTS = 0x10; // NFT_SET_TIMEOUT

  /**
   * A type of sets' members.
   *
   * @param number that nft gives it
   * @param order of its bytes, as nft numbers it; it lists no names of links without
   */
  private record Type(int number, int length, int order) {
    static final Type FAMILY = new Type(2, 1, 0);
    static final Type V4 = new Type(7, 4, 2);
    static final Type V6 = new Type(8, 16, 2);
    static final Type LINK = new Type(41, 16, 1);

    byte[] noted() {
      var note = ByteBuffer.allocate(2 + Integer.BYTES).order(ByteOrder.nativeOrder());
      return note.put((byte) 0).put((byte) Integer.BYTES).putInt(order).array();
    }
  }

  /** An attribute ends after 64 KiB. */
  private static final int MOST_ELEMENTS = 1000;

  private final MessageWriter out = new MessageWriter();
  private final RuleWriter rules = new RuleWriter(out);
  private int sets;

  private TableBatch() {}

  /** Returns the transaction up to where {@link #end} goes on. */
  static byte[] begin(ClosedTable table) {
    var batch = new TableBatch();
    batch.edge(BEGIN);
    batch.table(NEW_TABLE, CREATE | ALONE, NftRenderer.TABLE);
    batch.table(DELETE_TABLE, 0, NftRenderer.TABLE);
    batch.table(NEW_TABLE, CREATE | ALONE, NftRenderer.SWAP_TABLE);
    batch.set(SetNames.GUARD, Type.FAMILY, WITH_TIMEOUTS);
    batch.podLinks(table.podLinks());
    for (var family : Family.values()) {
      batch.set(family, SetNames.known(family), table.known(family));
      for (var path : TrafficPath.values()) {
        batch.set(family, SetNames.closed(path, family), table.closed(path, family));
      }
    }
    batch.chain("prerouting", PREROUTING, RAW, ClosedRules.prerouting(table));
    batch.chain("forward", FORWARD, FILTER, ClosedRules.forward(table));
    batch.chain("input", INPUT, FILTER, ClosedRules.input(table));
    return batch.out.written();
  }

  /** Returns the rest of the transaction: the guard stands as long as that lease lasts (C1). */
  static byte[] end(GuardLease lease) {
    var batch = new TableBatch();
    switch (lease) {
      case GuardLease.None _ -> {}
      case GuardLease.Ever _ -> batch.guard(() -> {});
      case GuardLease.For(var left) ->
          batch.guard(
              () -> batch.out.number(4, Math.max(1, left.toMillis()))); // NFTA_SET_ELEM_TIMEOUT
    }
    batch.edge(END);
    return batch.out.written();
  }

  private void edge(int type) {
    out.message(type, REQUEST, 0, SUBSYSTEM, () -> {});
  }

  private void message(int type, int flags, Runnable attributes) {
    out.message(type, REQUEST | flags, INET, 0, attributes);
  }

  private void table(int type, int flags, String name) {
    message(type, flags, () -> out.text(TABLE, name));
  }

  private void ofTable(int type, int flags, Runnable attributes) {
    message(
        type,
        flags,
        () -> {
          out.text(TABLE, NftRenderer.SWAP_TABLE);
          attributes.run();
        });
  }

  private void podLinks(Collection<String> links) {
    set(SetNames.POD_LINKS, Type.LINK, links.stream().map(SetNames::link).toList());
  }

  private void set(Family family, String name, List<IpAddress> members) {
    var type = family == Family.V4 ? Type.V4 : Type.V6;
    set(name, type, members.stream().map(IpAddress::bytes).toList());
  }

  private void set(String name, Type type, List<byte[]> members) {
    if (members.isEmpty()) {
      return;
    }
    set(name, type, 0);
    for (var from = 0; from < members.size(); from += MOST_ELEMENTS) {
      var part = members.subList(from, Math.min(from + MOST_ELEMENTS, members.size()));
      elements(name, () -> part.forEach(member -> element(member, () -> {})));
    }
  }

  private void set(String name, Type type, int flags) {
    sets++;
    ofTable(
        NEW_SET,
        CREATE,
        () -> {
          out.text(NAME, name);
          out.number(3, flags); // NFTA_SET_FLAGS
          out.number(4, type.number()); // NFTA_SET_KEY_TYPE
          out.number(5, type.length()); // NFTA_SET_KEY_LEN
          out.number(10, sets); // NFTA_SET_ID
          out.bytes(13, type.noted()); // NFTA_SET_USERDATA
        });
  }

  private void guard(Runnable timeout) {
    elements(
        SetNames.GUARD,
        () -> {
          for (var family : Family.values()) {
            element(new byte[] {(byte) SetNames.number(family)}, timeout);
          }
        });
  }

  private void elements(String set, Runnable elements) {
    ofTable(
        NEW_ELEMENTS,
        CREATE,
        () -> {
          out.text(NAME, set);
          out.nested(3, elements); // NFTA_SET_ELEM_LIST_ELEMENTS
        });
  }

  private void element(byte[] key, Runnable more) {
    out.nested(
        ELEMENT,
        () -> {
          out.nested(1, () -> out.bytes(1, key)); // NFTA_SET_ELEM_KEY, NFTA_DATA_VALUE
          more.run();
        });
  }

  private void chain(String name, int hook, int priority, List<List<Expression>> content) {
    if (content.isEmpty()) {
      return;
    }
    ofTable(
        NEW_CHAIN,
        CREATE,
        () -> {
          out.text(3, name); // NFTA_CHAIN_NAME
          out.nested(
              4, // NFTA_CHAIN_HOOK
              () -> {
                out.number(1, hook); // NFTA_HOOK_HOOKNUM
                out.number(2, priority); // NFTA_HOOK_PRIORITY
              });
          out.number(5, 1); // NFTA_CHAIN_POLICY: accept
          out.text(7, "filter"); // NFTA_CHAIN_TYPE
        });
    content.forEach(rule -> rule(name, rule));
  }

  private void rule(String chain, List<Expression> expressions) {
    ofTable(
        NEW_RULE,
        CREATE | LAST,
        () -> {
          out.text(NAME, chain); // NFTA_RULE_CHAIN
          out.nested(4, () -> rules.write(expressions)); // NFTA_RULE_EXPRESSIONS
        });
  }
}
