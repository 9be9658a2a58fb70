package io.portcullis.agent.kernel;

import java.util.function.Predicate;

/** A way to nft that refuses some transactions. */
public final class FailingNft extends DelegatingNft {
  private final Predicate<String> refused;

  public FailingNft(Nft nft, Predicate<String> refused) {
    super(nft);
    this.refused = refused;
  }

  @Override
  public void run(String commands) throws NftException {
    if (refused.test(commands)) {
      throw new NftException("refused by the test");
    }
    super.run(commands);
  }
}
