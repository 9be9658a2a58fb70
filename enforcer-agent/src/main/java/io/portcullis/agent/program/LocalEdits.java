package io.portcullis.agent.program;

import io.portcullis.net.IpAddress;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.Edit;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.LocalSets;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.Rejudging;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What a node adds to the tables of every version. Versions do not contain it, and no digest covers
 * it.
 *
 * @param sets links of local pods (T14), and pods that the node itself knows (C1); none as long as
 *     they are not known
 * @param guard what is left of the guard of new pods (C1)
 * @param settings what the operator chose
 */
public record LocalEdits(Optional<LocalSets> sets, GuardLease guard, Settings settings) {

  /**
   * What the operator chose for the tables of this node.
   *
   * @param mark of connections that are cut (C2)
   * @param samples how many denied packets a second the kernel's log tells; 0 for none
   * @param before the sets of a table until links and routes have been read
   */
  public record Settings(CutMark mark, int samples, LocalSets before) {
    public static final Settings DEFAULT = new Settings(CutMark.DEFAULT, 0, LocalSets.EMPTY);
  }

  /**
   * Returns what completes a step, so that no table ever enforces without it.
   *
   * @param rules that the step's table holds, if the step makes it anew
   */
  public List<Edit> of(StepName step, RuleSet rules) {
    return switch (step) {
      case FIRST, REPLACE -> {
        var edits = ofEachTable(rules);
        if (settings.samples() > 0) {
          edits.addAll(samples());
        }
        yield edits;
      }
      case SWAP_IN -> ofEachTable(rules); // what it denies, the live table tells
      case SWAP_OUT, PREPARE, RESTRICT, OPEN_MEMBERS, OPEN_CHAINS, CLEAN_UP, STAMP -> List.of();
    };
  }

  private List<Edit> ofEachTable(RuleSet rules) {
    var edits = new ArrayList<Edit>();
    edits.addAll(sets(sets.orElse(settings.before())));
    edits.addAll(GuardLeaseClock.ofNewTable(guard));
    if (!settings.mark().equals(CutMark.DEFAULT)) {
      edits.add(new Edit.SetCutMark(settings.mark()));
    }
    edits.addAll(RejudgeEdits.ofNewTable(rules)); // C2
    return edits;
  }

  /** Returns what lets a table hold these local sets. */
  public static List<Edit> sets(LocalSets members) {
    return List.of(
        new Edit.SetPodLinks(members.links()),
        new Edit.SetKnownPods(members.known()),
        new Edit.SetGuardLinks(members.guardLinks()),
        new Edit.SetOpenCidrs(members.openCidrs()));
  }

  /** Returns what lets the live table tell as many denied packets as the operator chose. */
  public List<Edit> samples() {
    return List.of(new Edit.SetSampleRate(settings.samples()));
  }

  /** Returns what lets the live table judge the live connections of fewer endpoints again (C2). */
  public static List<Edit> settle(Rejudging before, Rejudging after) {
    return RejudgeEdits.between(before, after).atOnce();
  }

  /**
   * Returns the dump with an alien for each local thing that is not as it is here.
   *
   * @param narrowed endpoints whose live connections the table should judge again
   */
  public NftDump compare(NftDump dump, SortedSet<IpAddress> narrowed) {
    return dump.expecting(sets.orElse(dump.local()), settings.mark(), narrowed);
  }
}
