package io.portcullis.agent.program;

/** The purpose of a transaction. The names are part of what an agent answers in its topic. */
public enum StepName {
  /** The table is made where there was none. */
  FIRST,
  /** The new version is enforced by a second table beside the live one. */
  SWAP_IN,
  /** The live table is replaced. */
  REPLACE,
  /** The second table is removed. */
  SWAP_OUT,
  /** New sets and chains are added; nothing refers to them yet. */
  PREPARE,
  /** The live table lets pass only what both versions let pass. */
  RESTRICT,
  /** Members join accept sets and leave deny sets. */
  OPEN_MEMBERS,
  /** Addresses lead to their new chains. */
  OPEN_CHAINS,
  /** Sets and chains that nothing refers to any more are removed. */
  CLEAN_UP,
  /** The live table gets the stamp of another version with the same content. */
  STAMP
}
