package io.portcullis.agent.standin;

import java.util.List;

/** Writes the expressions of a rule as attributes (see the kernel's {@code nf_tables.h}). */
final class RuleWriter {
  private static final int ELEMENT = 1; // NFTA_LIST_ELEM
  private static final int NAME = 1; // NFTA_EXPR_NAME
  private static final int DATA = 2; // NFTA_EXPR_DATA
  private static final int VALUE = 1; // NFTA_DATA_VALUE
  private static final int VERDICT = 2; // NFTA_DATA_VERDICT
  private static final int REGISTER = 1; // NFT_REG_1
  private static final int REGISTER_OF_VERDICT = 0; // NFT_REG_VERDICT
  private static final int NOT = 1; // NFT_LOOKUP_F_INV

  private final MessageWriter out;

  RuleWriter(MessageWriter out) {
    this.out = out;
  }

  void write(List<Expression> rule) {
    rule.forEach(this::write);
  }

  private void write(Expression expression) {
    switch (expression) {
      case Expression.Meta(var key) -> loading("meta", key);
      case Expression.Connection(var key) -> loading("ct", key);
      case Expression.Payload payload -> write(payload);
      case Expression.Route(var result, var key) ->
          expression("fib", () -> numbers(REGISTER, result, key));
      case Expression.Mask(var bits) -> mask(bits);
      case Expression.Compare(var operator, var with) ->
          expression(
              "cmp",
              () -> {
                numbers(REGISTER, operator.code);
                value(3, with); // NFTA_CMP_DATA
              });
      case Expression.InSet(var set) -> lookup(set, 0);
      case Expression.NotInSet(var set) -> lookup(set, NOT);
      case Expression.Verdict(var code) -> verdict(code);
    }
  }

  private void loading(String name, int key) {
    expression(name, () -> numbers(REGISTER, key));
  }

  private void write(Expression.Payload payload) {
    expression(
        "payload", () -> numbers(REGISTER, payload.base(), payload.offset(), payload.length()));
  }

  private void mask(byte[] bits) {
    expression(
        "bitwise",
        () -> {
          numbers(REGISTER, REGISTER, bits.length);
          value(4, bits); // NFTA_BITWISE_MASK
          value(5, new byte[bits.length]); // NFTA_BITWISE_XOR
          out.number(6, 0); // NFTA_BITWISE_OP
        });
  }

  private void lookup(String set, int flags) {
    expression(
        "lookup",
        () -> {
          out.text(1, set); // NFTA_LOOKUP_SET
          out.number(2, REGISTER); // NFTA_LOOKUP_SREG
          out.number(5, flags); // NFTA_LOOKUP_FLAGS
        });
  }

  private void verdict(int code) {
    expression(
        "immediate",
        () -> {
          numbers(REGISTER_OF_VERDICT);
          out.nested(2, () -> out.nested(VERDICT, () -> numbers(code))); // NFTA_IMMEDIATE_DATA
        });
  }

  private void expression(String name, Runnable data) {
    out.nested(
        ELEMENT,
        () -> {
          out.text(NAME, name);
          out.nested(DATA, data);
        });
  }

  /** Writes numbers as the first attributes: what each expression begins with. */
  private void numbers(int... values) {
    for (var i = 0; i < values.length; i++) {
      out.number(i + 1, values[i]);
    }
  }

  private void value(int type, byte[] content) {
    out.nested(type, () -> out.bytes(VALUE, content));
  }
}
