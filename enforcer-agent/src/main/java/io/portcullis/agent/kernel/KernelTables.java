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
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Reads our tables in the kernel. */
public final class KernelTables {
  private static final String INET = "table inet ";
  private static final String LIST_LIVE = "list table inet " + NftRenderer.TABLE;

  private final Nft nft;

  public KernelTables(Nft nft) {
    this.nft = nft;
  }

  /** Returns the names of all tables of family inet. */
  Set<String> names() throws NftException {
    // as text: a dormant table breaks the JSON of nft 1.0.6
    return nft.list("list tables inet", Nft.Format.TEXT)
        .lines()
        .filter(line -> line.startsWith(INET))
        .map(line -> line.substring(INET.length()))
        .collect(Collectors.toSet());
  }

  /**
   * Returns what the table that enforces holds, if it is there.
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

  /** Returns a listing; empty where the table that enforces is not there. */
  private Optional<String> listed(String command, Nft.Format format) throws NftException {
    try {
      return Optional.of(nft.list(command, format));
    } catch (NftException e) {
      if (names().contains(NftRenderer.TABLE)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Names one of the sets that count denied packets. */
  public record DeniedSet(Direction direction, Family family) {}

  /** Returns what was denied to local addresses. Nothing else of the table is read. */
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

  /** Returns the table that enforces as nft writes it, if it is there. */
  public Optional<String> text() throws NftException {
    return listed(LIST_LIVE, Nft.Format.TEXT);
  }

  /** Returns how many packets the guard of new pods has dropped (C1). */
  public long droppedByGuard() throws NftException {
    return listed("list " + GuardChain.inTable(NftRenderer.TABLE), Nft.Format.JSON)
        .map(GuardChain::dropped)
        .orElse(0L);
  }

  /** Returns the release of nft or of its library. */
  public String version() throws NftException {
    return version(json("list tables inet"));
  }

  /** Returns the release of nft that a listing names. */
  static String version(JsonNode listing) {
    return listing.path("nftables").path(0).path("metainfo").path("version").asText();
  }

  /** Returns what a listing command prints, as JSON. */
  JsonNode json(String command) throws NftException {
    try {
      return Json.mapper().readTree(nft.list(command, Nft.Format.JSON));
    } catch (JsonProcessingException e) {
      throw new NftException("nft lists no JSON: " + e.getMessage(), e);
    }
  }
}
