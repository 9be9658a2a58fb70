package io.portcullis.agent.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portcullis.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttachmentTest {
  private static Optional<Attachment> parse(String json) {
    return Attachment.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static Attachment pod(String more) {
    return parse(
            "{'kind':'cniCacheV1','cniArgs':[['IgnoreUnknown','1'],"
                + "['K8S_POD_NAMESPACE','kube-system'],['K8S_POD_NAME','dns']],"
                + more
                + "}")
        .orElseThrow();
  }

  @Test
  void anEntryNamesThePodsNamespaceItsAddressesAndItsLinks() {
    var found =
        pod(
            "'netns':'/var/run/netns/cni-1','result':{'cniVersion':'1.0.0','interfaces':["
                + "{'name':'cni0'},{'name':'veth1'},"
                + "{'name':'eth0','sandbox':'/var/run/netns/cni-1'}],"
                + "'ips':[{'interface':2,'address':'10.244.1.2/24'},{'address':'fd00::2/64'}]}");
    assertThat(found.namespace()).isEqualTo("kube-system");
    assertThat(found.name()).isEqualTo("dns");
    assertThat(found.networkNamespace()).isEqualTo(Path.of("/var/run/netns/cni-1"));
    assertThat(found.addresses())
        .containsExactly(IpAddress.parse("10.244.1.2"), IpAddress.parse("fd00::2"));
    assertThat(found.links()).containsExactly("cni0", "veth1");
  }

  @Test
  void olderReleasesNameTheNetworkNamespaceInTheResult() {
    var found =
        pod(
            "'result':{'cniVersion':'0.4.0','interfaces':["
                + "{'name':'eth0','sandbox':'/var/run/netns/cni-1'}],"
                + "'ips':[{'version':'4','interface':0,'address':'10.244.1.2/24'}]}");
    assertThat(found.networkNamespace()).isEqualTo(Path.of("/var/run/netns/cni-1"));
  }

  @Test
  void theFirstVersionsOfTheFormatHaveOneAddressAFamily() {
    var found =
        pod(
            "'netns':'/run/netns/1','result':{'cniVersion':'0.2.0',"
                + "'ip4':{'ip':'10.244.1.2/24'},'ip6':{'ip':'fd00::2/64'}}");
    assertThat(found.addresses())
        .containsExactly(IpAddress.parse("10.244.1.2"), IpAddress.parse("fd00::2"));
    assertThat(found.links()).isEmpty();
  }

  @Test
  void anEntryOfNoPodSaysNothing() {
    assertThat(parse("{'kind':'cniCacheV1','netns':'/run/netns/1','result':{}}")).isEmpty();
  }

  @Test
  void whatLibcniDoesNotWriteIsRefused() {
    var args = "'cniArgs':[['K8S_POD_NAMESPACE','a']]";
    for (var text :
        List.of(
            "",
            "null",
            "[]",
            "7",
            "{}",
            "{'kind':'cniCacheV2'," + args + "}",
            "{'kind':'cniCacheV1'," + args + ",'result':{}}",
            "{'kind':'cniCacheV1','netns':'a\\u0000b'," + args + ",'result':{}}",
            "{'kind':'cniCacheV1','netns':'/run/netns/1'," + args + ",'result':{'ips':[{}]}}",
            "{'kind':'cniCacheV1','netns':'/run/netns/1'," + args + ",'result':{'ips':[7]}}",
            "{'kind':'cniCacheV1','netns':'/run/netns/1',"
                + "'cniArgs':[['K8S_POD_NAMESPACE','a'],['K8S_POD_NAMESPACE','b']],'result':{}}",
            "[".repeat(100_000))) {
      assertThatIllegalArgumentException().as(text).isThrownBy(() -> parse(text));
    }
  }

  @Test
  void noPartOfAnEntryIsAnEntry() {
    var whole = CacheFolder.entry("kube-system", "/run/netns/1", "10.244.1.2", "veth1");
    for (var length = 0; length < whole.length; length++) {
      var part = Arrays.copyOf(whole, length);
      assertThatIllegalArgumentException().isThrownBy(() -> Attachment.parse(part));
    }
    assertThat(Attachment.parse(whole)).isPresent();
  }
}
