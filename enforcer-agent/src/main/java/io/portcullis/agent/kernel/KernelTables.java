package io.portcullis.agent.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Counter;
import io.portcullis.nft.DeniedCounts;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.GuardChain;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

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
    var listing = listed(LIST_LIVE, Nft.Format.JSON);
    try {
      return listing.map(DumpReader::read);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException(e);
    }
  }

  /** Nothing without the table that enforces. */
  private Optional<String> listed(String command, Nft.Format format) throws NftException {
    try {
      return Optional.of(nft.list(command, format));
    } catch (NftException e) {
      if (has(NftRenderer.TABLE)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** One of the sets that count what is denied. */
  public record DeniedSet(Direction direction, Family family) {}

  /** What was denied to local addresses; it reads nothing else of the table. */
  public Map<DeniedSet, SortedMap<IpAddress, Counter>> denied() throws NftException {
    var found = new LinkedHashMap<DeniedSet, SortedMap<IpAddress, Counter>>();
    for (var direction : Direction.values()) {
      for (var family : Family.values()) {
        var listing = nft.list(DeniedCounts.listing(direction, family), Nft.Format.JSON);
        try {
          found.put(new DeniedSet(direction, family), DeniedCounts.parse(listing));
        } catch (IllegalArgumentException e) {
          throw new UnreadableException(e);
        }
      }
    }
    return found;
  }

  /** The table that enforces as nft writes it, if it is there. */
  public Optional<String> text() throws NftException {
    return listed(LIST_LIVE, Nft.Format.TEXT);
  }

  /** How many packets the guard of new pods dropped in the table that enforces (C1). */
  public long droppedByGuard() throws NftException {
    return listed("list " + GuardChain.inTable(NftRenderer.TABLE), Nft.Format.JSON)
        .map(GuardChain::dropped)
        .orElse(0L);
  }

  /** The release of nft or of its library. */
  public String version() throws NftException {
    return version(json("list tables inet"));
  }

  /** The same, as each listing tells it. */
  static String version(JsonNode listing) {
    return listing.path("nftables").path(0).path("metainfo").path("version").asText();
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
