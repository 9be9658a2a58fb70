package io.portcullis.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.validation.Manifests;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentTest {

  @Test
  void splitsAtLinesOfThreeDashes() {
    assertThat(texts("a: 1\n---\nb: 2\n--- # a comment\nc: 3"))
        .containsExactly("a: 1\n", "b: 2\n", "c: 3");
  }

  @Test
  void lineEndsOfOtherSystemsAreLineEnds() {
    assertThat(texts("a: 1\r\n---\r\nb: 2\r\n")).containsExactly("a: 1\r\n", "b: 2\r\n");
  }

  @Test
  void emptyDocumentsCommentsAndDirectivesAreNone() {
    assertThat(texts("---\n---\n# nothing\n\n---\n%YAML 1.1\n---\na: 1\n---\n"))
        .containsExactly("a: 1\n");
    assertThat(texts("")).isEmpty();
  }

  @Test
  void dashesInsideALineSplitNothing() {
    assertThat(texts("a: ---\n  ---\nb: x---\n")).hasSize(1);
  }

  @Test
  void documentsKnowTheirNumberAndLine() {
    var documents = Document.split("# head\n---\na: 1\n\n---\nb: 2\n");
    assertThat(documents)
        .extracting(Document::display)
        .containsExactly("document 1 (line 3)", "document 2 (line 6)");
  }

  @Test
  void whatFollowsTheDashesOnTheirLineBelongsToNoDocument() {
    var documents = Document.split("a: 1\n--- b: 2\nc: 3\n");
    assertThat(documents).extracting(Document::afterSeparator).containsExactly("", "b: 2");
    assertThat(Manifests.errors("a: 1\n--- b: 2\n"))
        .contains("line 2: only a comment may follow '---', not: b: 2");
  }

  private static List<String> texts(String text) {
    return Document.split(text).stream().map(Document::text).toList();
  }
}
