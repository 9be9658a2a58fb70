package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.bench.PackagedBench;
import io.portcullis.lab.kubernetes.ServerBinaries;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests one cut of {@code bench power-cuts}; the command itself makes as many as it is told to. */
class PowerCutsIT {
  @TempDir private Path folder;

  @Test
  void afterACutNoPacketPassesThatNoVersionAllowsAndAllComesBack() throws Exception {
    assumeTrue(ServerBinaries.canBeHad(), "there is no kube-apiserver, and no Go to build it");
    var err = folder.resolve("err");
    var process =
        PackagedBench.command("power-cuts", "--cuts", "1", "--away", "5", "--guard", "strict")
            .redirectError(err.toFile())
            .start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out + Files.readString(err)).isZero();
    assertThat(out.lines().toList().getLast())
        .isEqualTo("POWER CUTS 1 guard strict seed 1 away 5 WRONG 0");
  }
}
