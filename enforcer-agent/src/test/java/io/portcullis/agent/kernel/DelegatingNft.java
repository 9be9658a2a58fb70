package io.portcullis.agent.kernel;

/** Another way to nft, with something that a test does to it. */
public abstract class DelegatingNft implements Nft {
  private final Nft nft;

  protected DelegatingNft(Nft nft) {
    this.nft = nft;
  }

  @Override
  public void run(String commands) throws NftException {
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
