package io.portcullis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.File;
import java.util.Set;

/**
 * Rules that every module's test holds its own classes to: imports follow the data, and files stay
 * short. A rule that meets no class fails.
 */
public final class ImportRules {
  private static final String[] FRAMEWORKS = {
    "io.quarkus..",
    "io.smallrye..",
    "io.micrometer..",
    "io.fabric8..",
    "io.vertx..",
    "jakarta..",
    "org.eclipse.microprofile..",
    "org.apache.kafka.."
  };

  private static final Set<String> CLOCK_CALLS = Set.of("now", "currentTimeMillis", "nanoTime");

  private static final long MOST_LINES = 350;

  private final JavaClasses classes;

  private ImportRules(JavaClasses classes) {
    this.classes = classes;
  }

  /** Returns rules over the module's own classes in and below that package. */
  public static ImportRules of(String root) {
    return new ImportRules(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages(root));
  }

  /** Requires that the packages know no framework, broker, clock, file, network or thread. */
  public ImportRules cores(String... packages) {
    plain(packages);
    noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .dependOnClassesThat(
            new DescribedPredicate<JavaClass>("reach files, networks, processes or threads") {
              @Override
              public boolean test(JavaClass used) {
                return isOutside(used);
              }
            })
        .orShould()
        .callMethodWhere(
            new DescribedPredicate<JavaCall<?>>("a clock is read") {
              @Override
              public boolean test(JavaCall<?> call) {
                return readsClock(call);
              }
            })
        .check(classes);
    return this;
  }

  /** Requires that the packages know no framework and no broker; they may read files. */
  public ImportRules plain(String... packages) {
    return never(packages, FRAMEWORKS);
  }

  /** Requires that the packages know nothing of the others. */
  public ImportRules never(String[] packages, String... others) {
    noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(classes);
    return this;
  }

  /** Requires that no package depends on itself through others. */
  public ImportRules noCycles() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass assigned) {
                return SliceIdentifier.of(assigned.getPackageName());
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(classes);
    return this;
  }

  /** Requires that no file depends on itself through others, except a sealed type and its cases. */
  public ImportRules noFileCircles() {
    assertThat(FileCircles.of(classes)).as("files that import each other").isEmpty();
    return this;
  }

  /** Requires that no file of the module is longer than 350 lines, tests included. */
  public ImportRules noLongFiles() {
    var lengths = SourceFiles.lengths();
    assertThat(lengths).as("source files").isNotEmpty();
    lengths.values().removeIf(lines -> lines <= MOST_LINES);
    assertThat(lengths).as("files of more than " + MOST_LINES + " lines").isEmpty();
    return this;
  }

  private static boolean isOutside(JavaClass used) {
    return used.getPackageName().startsWith("java.nio.file")
        || used.getPackageName().startsWith("java.net")
        || used.isEquivalentTo(File.class)
        || used.isEquivalentTo(Process.class)
        || used.isEquivalentTo(ProcessBuilder.class)
        || used.isEquivalentTo(Thread.class);
  }

  private static boolean readsClock(JavaCall<?> call) {
    var owner = call.getTargetOwner();
    return CLOCK_CALLS.contains(call.getName())
        && (owner.isEquivalentTo(System.class) || owner.getPackageName().equals("java.time"));
  }
}
