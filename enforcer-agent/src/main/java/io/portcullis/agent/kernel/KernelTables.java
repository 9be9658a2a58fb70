package io.portcullis.agent.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import io.portcullis.nft.GuardChain;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import java.util.Optional;

/** Reads what the kernel holds of ours. */
public final class KernelTables {
  private static final String LIST_LIVE = "list table inet " + NftRenderer.TABLE;

  private final Nft nft;

  public KernelTables(Nft nft) {
    this.nft = nft;
  }

  /** Whether the kernel has that table. As text: a dormant table breaks the JSON of nft 1.0.6. */
  public boolean has(String table) throws NftException {
    return nft.list("list tables inet", Nft.Format.TEXT)
        .lines()
        .anyMatch(("table inet " + table)::equals);
  }

  /**
   * The table that enforces, if it is there.
   *
   * @throws UnreadableException when nft lists what is no JSON: some objects make it do that
   */
  public Optional<NftDump> live() throws NftException {
    if (!has(NftRenderer.TABLE)) {
      return Optional.empty();
    }
    var listing = nft.list(LIST_LIVE, Nft.Format.JSON);
    try {
      return Optional.of(NftDump.parse(listing));
    } catch (IllegalArgumentException e) {
      throw new UnreadableException(e);
    }
  }

  /** The table that enforces as nft writes it, if it is there. */
  public Optional<String> text() throws NftException {
    return has(NftRenderer.TABLE)
        ? Optional.of(nft.list(LIST_LIVE, Nft.Format.TEXT))
        : Optional.empty();
  }

  /** How many packets the guard of new pods dropped in the table that enforces (C1). */
  public long droppedByGuard() throws NftException {
    return has(NftRenderer.TABLE)
        ? GuardChain.dropped(
            nft.list("list " + GuardChain.inTable(NftRenderer.TABLE), Nft.Format.JSON))
        : 0;
  }

  /** The release of nft or of its library. */
  public String version() throws NftException {
    return json("list tables inet")
        .path("nftables")
        .path(0)
        .path("metainfo")
        .path("version")
        .asText();
  }

  /** What a listing command prints. */
  JsonNode json(String command) throws NftException {
    try {
      return Json.mapper().readTree(nft.list(command, Nft.Format.JSON));
    } catch (JsonProcessingException e) {
      throw new NftException("nft lists no JSON: " + e.getMessage(), e);
    }
  }
}
