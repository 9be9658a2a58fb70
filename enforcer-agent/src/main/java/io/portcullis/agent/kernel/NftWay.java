package io.portcullis.agent.kernel;

import io.portcullis.agent.netlink.ForeignCode;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The setting {@code portcullis.nft}: how nft is called. */
public enum NftWay {
  LIBRARY,
  PROGRAM,
  /** The library where it loads, else the program. */
  AUTO;

  private static final Logger LOG = LoggerFactory.getLogger(NftWay.class);

  public static NftWay parse(String text) {
    try {
      return valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "portcullis.nft: library, program or auto, not " + text, e);
    }
  }

  /** Opens nft in the network namespace of the calling thread. */
  public Nft open() {
    return switch (this) {
      case LIBRARY -> new NftLibrary();
      case PROGRAM -> new NftProgram();
      case AUTO -> {
        try {
          yield ForeignCode.load(NftLibrary::new);
        } catch (IOException e) {
          LOG.warn(
              "libnftables does not load, the nft program is started instead: {}", e.getMessage());
          yield new NftProgram();
        }
      }
    };
  }
}
