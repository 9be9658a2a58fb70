package io.portcullis.watcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The direction of imports is the direction of data. */
class ImportRuleTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.portcullis");

  @Test
  void whatIsReadFromManifestsKnowsNoFrameworkBrokerOrRuleSet() {
    noClasses()
        .that()
        .resideInAnyPackage("io.portcullis.watcher.manifest..", "io.portcullis.watcher.source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.fabric8..",
            "jakarta..",
            "org.apache.kafka..",
            "io.portcullis.topic..",
            "io.portcullis.ruleset..",
            "io.portcullis.nft..",
            "io.portcullis.watcher.publish..")
        .check(classes);
  }
}
