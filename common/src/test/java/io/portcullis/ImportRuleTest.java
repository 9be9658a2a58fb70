package io.portcullis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The direction of imports is the direction of data. */
class ImportRuleTest {
  private static final String[] CORES = {
    "io.portcullis.net..", "io.portcullis.cluster..", "io.portcullis.ruleset.."
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.portcullis");

  @Test
  void coresKnowNoFrameworkBrokerOrService() {
    noClasses()
        .that()
        .resideInAnyPackage(CORES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.fabric8..",
            "org.apache.kafka..",
            "io.portcullis.watcher..",
            "io.portcullis.compiler..",
            "io.portcullis.agent..")
        .check(classes);
  }

  @Test
  void addressesKnowNothingOfTheCluster() {
    noClasses()
        .that()
        .resideInAPackage("io.portcullis.net..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.portcullis.cluster..", "io.portcullis.ruleset..")
        .check(classes);
  }

  @Test
  void clusterObjectsKnowNoRuleSet() {
    noClasses()
        .that()
        .resideInAPackage("io.portcullis.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.portcullis.ruleset..")
        .check(classes);
  }
}
