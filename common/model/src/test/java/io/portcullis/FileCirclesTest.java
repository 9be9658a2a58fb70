package io.portcullis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FileCirclesTest {
  @Test
  void filesThatImportEachOtherThroughAThirdAreACircle() {
    var found =
        FileCircles.of(
            new ClassFileImporter()
                .importClasses(
                    First.class, Second.class, Third.class, First.Nested.class, Alone.class));
    assertThat(found)
        .containsExactly(
            new TreeSet<>(
                List.of(First.class.getName(), Second.class.getName(), Third.class.getName())));
  }

  @Test
  void aSealedTypeAndItsCasesAreNoCircle() {
    var found =
        FileCircles.of(
            new ClassFileImporter().importClasses(Shape.class, Round.class, Square.class));
    assertThat(found).isEmpty();
  }

  @Test
  void aRuleThatMeetsNoClassFails() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> ImportRules.of("nowhere").noFileCircles());
  }
}

final class First {
  static final class Nested {
    Second[] seconds;
  }
}

final class Second {
  Third third() {
    return null;
  }
}

final class Third {
  First first;
}

final class Alone {
  First first;
}

sealed interface Shape {
  static Shape round() {
    return new Round();
  }
}

record Round() implements Shape {}

record Square(Shape inside) implements Shape {}
