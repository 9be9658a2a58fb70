package io.portcullis.agent.standin;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A part of a rule, as the kernel runs it: most load something into the one register that is used,
 * or end the rule unless the register is as they say (see the kernel's {@code nf_tables.h}).
 */
sealed interface Expression {
  Expression DROP = new Verdict(0); // NF_DROP
  Expression ACCEPT = new Verdict(1); // NF_ACCEPT

  /** Loads a property of the packet. */
  record Meta(int key) implements Expression {
    static final Meta IN_LINK = new Meta(6); // NFT_META_IIFNAME
    static final Meta OUT_LINK = new Meta(7); // NFT_META_OIFNAME
    static final Meta FAMILY = new Meta(15); // NFT_META_NFPROTO
    static final Meta PROTOCOL = new Meta(16); // NFT_META_L4PROTO
  }

  /** Loads a property of the packet's connection. */
  record Connection(int key) implements Expression {
    static final Connection STATE = new Connection(0); // NFT_CT_STATE
    static final Connection MARK = new Connection(3); // NFT_CT_MARK
  }

  /** Loads bytes of the packet. */
  record Payload(int base, int offset, int length) implements Expression {
    private static final int NETWORK = 1; // NFT_PAYLOAD_NETWORK_HEADER
    private static final int TRANSPORT = 2; // NFT_PAYLOAD_TRANSPORT_HEADER
    static final Payload HOP_LIMIT = new Payload(NETWORK, 7, 1);
    static final Payload ICMP_TYPE = new Payload(TRANSPORT, 0, 1);

    /** Loads the address of the end that policies of that direction are about. */
    static Payload address(Direction direction, Family family) {
      return switch (family) {
        case V4 -> new Payload(NETWORK, direction == Direction.EGRESS ? 12 : 16, 4);
        case V6 -> new Payload(NETWORK, direction == Direction.EGRESS ? 8 : 24, 16);
      };
    }
  }

  /** Loads what the routing table says of the source address. */
  record Route(int result, int key) implements Expression {
    /** Loads the kind of the address. */
    static final Route KIND = new Route(3, 1); // NFT_FIB_RESULT_ADDRTYPE, NFTA_FIB_F_SADDR

    /** Loads whether there is a route to it by the link that the packet came from. */
    static final Route BACK = new Route(1, 0x29); // NFT_FIB_RESULT_OIF, and _IIF, _PRESENT

    private static final int LOCAL = 2; // RTN_LOCAL

    /** Goes on unless the kind is an address of the node. */
    static Compare isNotOfNode() {
      return new Compare(Operator.NOT_EQUAL, number(LOCAL));
    }
  }

  /** Keeps only these bits of the register. */
  record Mask(byte[] bits) implements Expression {}

  /** How a register is compared. */
  enum Operator {
    EQUAL(0),
    NOT_EQUAL(1),
    AT_MOST(3),
    AT_LEAST(5);

    final int code; // NFT_CMP_EQ and so on

    Operator(int code) {
      this.code = code;
    }
  }

  /** Goes on if the register compares so with these bytes. */
  record Compare(Operator operator, byte[] with) implements Expression {
    static Compare equal(int one) {
      return new Compare(Operator.EQUAL, new byte[] {(byte) one});
    }
  }

  /** Goes on if the register is in that set. */
  record InSet(String set) implements Expression {}

  /** Goes on if the register is not in that set. */
  record NotInSet(String set) implements Expression {}

  /** Ends the evaluation of the chain. */
  record Verdict(int code) implements Expression {}

  /** Returns a number as registers hold it. */
  static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
  }
}
