package io.portcullis.agent.kernel;

/** One way to run nft. An instance serves one call at a time; others wait. */
public interface Nft extends AutoCloseable {

  /**
   * Runs the commands as one transaction.
   *
   * @throws NftException when it was refused; then nothing of it was done
   */
  void run(String commands) throws NftException;

  /**
   * Whether {@link #run} would do them; nothing is done.
   *
   * @throws NftException when it would be refused
   */
  void check(String commands) throws NftException;

  /**
   * What a listing command prints.
   *
   * @throws NftException when it failed, also where the thing to list is not there
   */
  String list(String command, Format format) throws NftException;

  /** How listings are written. */
  enum Format {
    JSON,
    TEXT
  }

  /** Which way this is, for people. */
  String way();

  @Override
  void close();
}
