package io.portcullis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

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
 * The direction of imports is the direction of data: what every module's test asks of its own
 * packages. A rule that meets no class fails.
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

  private final JavaClasses classes;

  private ImportRules(JavaClasses classes) {
    this.classes = classes;
  }

  /** Over the module's own classes in and below that package. */
  public static ImportRules of(String root) {
    return new ImportRules(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages(root));
  }

  /** They know no framework and no broker, and get time and bytes from their callers. */
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

  /** They may read files or run programs, but know no framework and no broker. */
  public ImportRules plain(String... packages) {
    return never(packages, FRAMEWORKS);
  }

  /** The packages know nothing of the others. */
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

  /** No package needs one that needs it. */
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
