package io.portcullis.compiler;

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
  void whatCompilesAndExplainsKnowsNoFrameworkOrBroker() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.portcullis.compiler.state..",
            "io.portcullis.compiler.rules..",
            "io.portcullis.compiler.explain..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "jakarta..",
            "org.apache.kafka..",
            "io.portcullis.topic..",
            "io.portcullis.nft..",
            "io.portcullis.compiler.read..",
            "io.portcullis.compiler.publish..",
            "io.portcullis.compiler.rest..")
        .check(classes);
  }

  @Test
  void rulesKnowNothingOfTheirExplanation() {
    noClasses()
        .that()
        .resideInAnyPackage("io.portcullis.compiler.state..", "io.portcullis.compiler.rules..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.portcullis.compiler.explain..")
        .check(classes);
  }
}
