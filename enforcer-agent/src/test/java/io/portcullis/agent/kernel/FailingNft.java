package io.portcullis.agent.kernel;

import java.util.function.Predicate;

/** A way to nft that refuses some transactions. */
public final class FailingNft implements Nft {
  private final Nft nft;
  private final Predicate<String> refused;

  public FailingNft(Nft nft, Predicate<String> refused) {
    this.nft = nft;
    this.refused = refused;
  }

  @Override
  public void run(String commands) throws NftException {
    if (refused.test(commands)) {
      throw new NftException("refused by the test");
    }
    nft.run(commands);
  }

  @Override
  public void check(String commands) throws NftException {
    nft.check(commands);
  }

  @Override
  public String list(String command, Format format) throws NftException {
    return nft.list(command, format);
  }

  @Override
  public String way() {
    return nft.way();
  }

  @Override
  public void close() {
    nft.close();
  }
}
