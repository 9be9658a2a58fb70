package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.bench.PackagedBench;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a short {@code bench chaos}; the command itself runs for as long as it is told to. */
class ChaosIT {
  private static final String SEED = System.getProperty("portcullis.seed", "3");
  private static final String MINUTES = System.getProperty("portcullis.minutes", "0.5");

  @TempDir private Path folder;

  @Test
  void afterFaultsAndChangesAllPartsAgreeAndNoProbeSawWhatNoVersionGives() throws Exception {
    var err = folder.resolve("err");
    var process =
        PackagedBench.command("chaos", "--seed", SEED, "--minutes", MINUTES)
            .redirectError(err.toFile())
            .start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out + Files.readString(err)).isZero();
    assertThat(out.lines().toList().getLast())
        .matches(
            "CHAOS seed "
                + SEED
                + " minutes \\S+ faults [1-9]\\d* changes [1-9]\\d*"
                + " versions [1-9]\\d* probes [1-9]\\d* WRONG 0");
  }
}
