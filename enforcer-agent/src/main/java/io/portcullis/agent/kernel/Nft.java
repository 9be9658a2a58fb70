package io.portcullis.agent.kernel;

/** A way to run nft. An instance serves one call at a time; others wait. */
public interface Nft extends AutoCloseable {

  /**
   * Runs the commands as one transaction.
   *
   * @throws NftException when they were refused; nothing was changed then
   */
  void run(String commands) throws NftException;

  /**
   * Checks whether {@link #run} would succeed; nothing is changed.
   *
   * @throws NftException when the commands would be refused
   */
  void check(String commands) throws NftException;

  /**
   * Returns what a listing command prints.
   *
   * @throws NftException when it failed, also because the object to list does not exist
   */
  String list(String command, Format format) throws NftException;

  /** The format of a listing. */
  enum Format {
    JSON,
    TEXT
  }

  /** Returns the name of this way, for people. */
  String way();

  @Override
  void close();
}
