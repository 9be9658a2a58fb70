package io.portcullis.cli;

import static io.portcullis.cli.LintTexts.SHOP;
import static io.portcullis.cli.LintTexts.WEB;
import static io.portcullis.cli.LintTexts.pod;
import static io.portcullis.cli.LintTexts.policy;
import static io.portcullis.cli.LintTexts.tiered;
import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.documents;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each check of the command {@code lint} finds, and what it does not. */
class LintChecksTest {
  @TempDir Path root;
  private Path manifests;

  @BeforeEach
  void name() throws IOException {
    manifests = Files.createDirectory(root.resolve("manifests"));
  }

  /** Returns the lines of findings of a check, without file and line. */
  private List<String> found(String check, String... documents) throws IOException {
    write(manifests, "all.yaml", documents(documents));
    var ran = portcullis("lint", "--manifests", manifests);
    assertThat(ran.err()).isEmpty();
    return ran.out()
        .lines()
        .filter(line -> line.endsWith(" [" + check + "]"))
        .map(line -> line.replaceFirst("^[^ ]+ ", "").replace(" [" + check + "]", ""))
        .toList();
  }

  @Test
  void selectorsThatNothingSatisfies() throws IOException {
    assertThat(
            found(
                "contradictory-selector",
                policy(
                    "a",
                    """
                    podSelector:
                      matchLabels: {app: web}
                      matchExpressions: [{key: app, operator: NotIn, values: [web]}]
                    """),
                policy(
                    "b",
                    """
                    podSelector: {}
                    ingress:
                    - from:
                      - podSelector:
                          matchExpressions:
                          - {key: app, operator: In, values: [web, api]}
                          - {key: app, operator: NotIn, values: [web]}
                      - podSelector:
                          matchExpressions:
                          - {key: app, operator: Exists}
                          - {key: app, operator: DoesNotExist}
                    """)))
        .containsExactly(
            "warning: NetworkPolicy/shop/a: spec.podSelector: no value of label app satisfies the"
                + " selector",
            "warning: NetworkPolicy/shop/b: spec.ingress[0].from[1]: no value of label app satisfies"
                + " the selector");
  }

  @Test
  void selectorsThatSelectNothingNow() throws IOException {
    var policies =
        new String[] {
          policy("typo", "podSelector: {matchLabels: {app: wbe}}"),
          policy("onhost", "podSelector: {matchLabels: {app: proxy}}"),
          policy(
              "peers",
              """
              podSelector: {}
              ingress:
              - from:
                - podSelector: {matchLabels: {app: web}}
                - podSelector: {matchLabels: {app: api}}
                - namespaceSelector: {matchLabels: {name: shop}}
                - namespaceSelector: {}
                  podSelector: {matchLabels: {app: db}}
              """)
        };
    assertThat(found("subject-selects-nothing", policies)).as("policies alone").isEmpty();
    var all =
        Stream.concat(
                Stream.of(policies),
                Stream.of(SHOP, WEB, pod("shop", "proxy", "172.18.0.5", ", hostNetwork: true")))
            .toArray(String[]::new);
    assertThat(found("subject-selects-nothing", all))
        .containsExactly(
            "warning: NetworkPolicy/shop/typo: spec.podSelector: no pod of namespace shop matches:"
                + " app=wbe",
            "warning: NetworkPolicy/shop/onhost: spec.podSelector: only pods on their node's network"
                + " match, which no policy selects: shop/proxy");
    assertThat(found("peer-selects-nothing", all))
        .containsExactly(
            "warning: NetworkPolicy/shop/peers: spec.ingress[0].from[1]: no pod of namespace shop"
                + " matches: app=api",
            "warning: NetworkPolicy/shop/peers: spec.ingress[0].from[2]: no namespace matches:"
                + " name=shop",
            "warning: NetworkPolicy/shop/peers: spec.ingress[0].from[3]: no pod of the matching"
                + " namespaces matches: app=db");
  }

  @Test
  void portsThatNobodyHas() throws IOException {
    var web =
        pod(
            "shop",
            "web",
            "10.244.1.5",
            ", containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]");
    var policies =
        policy(
            "a",
            """
            podSelector: {}
            policyTypes: [Ingress, Egress]
            ingress:
            - ports: [{port: http}]
            - ports: [{port: htpp}]
            - ports: [{port: http, protocol: UDP}]
            egress:
            - to: [{ipBlock: {cidr: 203.0.113.0/24}}]
              ports: [{port: http}]
            """);
    assertThat(found("unknown-port-name", policies, SHOP, web))
        .containsExactly(
            "warning: NetworkPolicy/shop/a: spec.ingress[1].ports: none of these pods has a port htpp:"
                + " shop/web",
            "warning: NetworkPolicy/shop/a: spec.ingress[2].ports: port http is of protocol tcp, not"
                + " udp");
    assertThat(found("port-name-of-addresses", policies))
        .containsExactly(
            "warning: NetworkPolicy/shop/a: spec.egress[0].ports: port http of 203.0.113.0/24");
  }

  @Test
  void aNameForAnyProtocolNeedsOne() throws IOException {
    var web =
        pod(
            "shop",
            "web",
            "10.244.1.5",
            ", containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]");
    assertThat(
            found(
                "unknown-port-name",
                tiered(
                    "a",
                    1,
                    """
                    ingress:
                    - action: Accept
                      from: [{namespaces: {}}]
                      protocols: [{destinationNamedPort: http}]
                    """),
                web))
        .isEmpty();
  }

  @Test
  void rulesThatAreNotInForce() throws IOException {
    assertThat(
            found(
                "unlisted-direction",
                policy(
                    "a",
                    """
                    podSelector: {}
                    policyTypes: [Egress]
                    ingress: [{}]
                    egress: [{}]
                    """)))
        .containsExactly(
            "warning: NetworkPolicy/shop/a: spec.ingress: policyTypes lists only Egress");
    assertThat(
            found(
                "legacy-without-isolation",
                Texts.seedNamespaceNamed("isolated"),
                SHOP,
                Texts.SEED_POLICY.replace("metadata:", "metadata:\n namespace: isolated"),
                Texts.SEED_POLICY.replace("metadata:", "metadata:\n namespace: shop")))
        .containsExactly(
            "warning: NetworkPolicy/shop/test-network-policy: apiVersion: namespace shop is not"
                + " isolated");
  }

  @Test
  void twoItemsWhereOneMayBeMeant() throws IOException {
    assertThat(
            found(
                "separate-peers",
                policy(
                    "a",
                    """
                    podSelector: {}
                    ingress:
                    - from:
                      - namespaceSelector: {matchLabels: {team: pay}}
                      - podSelector: {matchLabels: {app: web}}
                    - from:
                      - namespaceSelector: {matchLabels: {team: pay}}
                        podSelector: {matchLabels: {app: web}}
                    """)))
        .containsExactly(
            "warning: NetworkPolicy/shop/a: spec.ingress[0].from: matches all pods of namespaces"
                + " team=pay, and also pods app=web of the same namespace");
  }

  @Test
  void blocksThatHoldPods() throws IOException {
    var node =
        "{apiVersion: v1, kind: Node, metadata: {name: n1}, spec: {podCIDR: 10.244.1.0/24}}\n";
    var policies =
        policy(
            "a",
            """
            podSelector: {}
            egress:
            - to:
              - ipBlock: {cidr: 10.0.0.0/8}
              - ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}
              - ipBlock: {cidr: 10.244.1.5/32}
            """);
    assertThat(found("block-holds-pods", policies, WEB))
        .containsExactly(
            "warning: NetworkPolicy/shop/a: spec.egress[0].to[0]: 10.0.0.0/8 holds 10.244.1.5, the"
                + " address of pod shop/web",
            "warning: NetworkPolicy/shop/a: spec.egress[0].to[2]: 10.244.1.5/32 holds 10.244.1.5, the"
                + " address of pod shop/web");
    assertThat(found("block-holds-pods", policies, node).getFirst())
        .endsWith("10.0.0.0/8 holds addresses of the pod CIDR 10.244.1.0/24");
    assertThat(found("block-holds-pods", policies)).isEmpty();
  }

  @Test
  void rulesThatNeverDecide() throws IOException {
    var wide = policy("wide", "podSelector: {}\ningress: [{ports: [{port: 1, endPort: 100}]}]\n");
    var narrow =
        policy(
            "narrow",
            """
            podSelector: {matchLabels: {app: web}}
            ingress:
            - from: [{podSelector: {matchLabels: {app: api}}}]
              ports: [{port: 80}]
            - ports: [{port: 443}]
            """);
    assertThat(found("redundant-rule", wide, narrow))
        .containsExactly(
            "note: NetworkPolicy/shop/narrow: spec.ingress[0]: all that it allows is allowed by"
                + " spec.ingress[0] of NetworkPolicy/shop/wide");
    assertThat(found("redundant-rule", wide, wide.replace("wide", "wider")))
        .as("of two that are alike, the later one")
        .singleElement()
        .asString()
        .startsWith("note: NetworkPolicy/shop/wider");
    var two = wide.replace("100}]}]", "100}]}, {ports: [{port: 400, endPort: 500}]}]");
    assertThat(
            found(
                "redundant-rule",
                two,
                policy("z", "podSelector: {}\ningress: [{ports: [{port: 80}, {port: 443}]}]\n")))
        .as("rules that allow it together")
        .singleElement()
        .asString()
        .endsWith(
            "/z: spec.ingress[0]: all that it allows is allowed by spec.ingress[0] of"
                + " NetworkPolicy/shop/wide and spec.ingress[1] of NetworkPolicy/shop/wide");
    assertThat(
            found(
                "shadowed-rule",
                tiered(
                    "first",
                    1,
                    """
                    egress:
                    - action: Pass
                      to: [{networks: [10.0.0.0/8, "fd00::/8"]}]
                    - action: Deny
                      to: [{networks: [10.1.0.0/16]}]
                    """),
                tiered("second", 2, "egress: [{action: Deny, to: [{networks: [11.0.0.0/8]}]}]\n")))
        .containsExactly(
            "warning: ClusterNetworkPolicy/first: spec.egress[1]: all that it matches is decided"
                + " before it by spec.egress[0]");
  }

  @Test
  void podsThatNobodyRestricts() throws IOException {
    assertThat(
            found(
                "forgotten-pods",
                policy("a", "podSelector: {matchLabels: {app: web}}\n"),
                WEB,
                pod("shop", "db", "10.244.1.6", "")))
        .containsExactly(
            "warning: Namespace/shop: metadata.name: ingress of 1 of 2 pods is open: shop/db");
    assertThat(found("open-namespace", WEB))
        .containsExactly(
            "note: Namespace/shop: metadata.name: nothing restricts ingress and egress of its pods: shop/web");
    assertThat(found("open-namespace", WEB, policy("a", "podSelector: {}\n"))).isEmpty();
  }

  @Test
  void egressWithoutDns() throws IOException {
    var denied = policy("deny", "podSelector: {}\npolicyTypes: [Egress]\n");
    assertThat(found("egress-without-dns", denied))
        .containsExactly(
            "warning: NetworkPolicy/shop/deny: spec.egress: no rule allows egress of the pods that it"
                + " selects to udp/53");
    var allowed =
        policy(
            "dns",
            """
            podSelector: {}
            policyTypes: [Egress]
            egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}]
            """);
    assertThat(found("egress-without-dns", denied, allowed)).isEmpty();
    var server =
        pod("kube-system", "coredns", "10.244.1.9", "")
            .replace("app: coredns", "k8s-app: kube-dns");
    assertThat(found("egress-without-dns", denied, allowed, WEB, server)).isEmpty();
    var misses =
        allowed.replace("namespaceSelector: {}", "podSelector: {matchLabels: {k8s-app: kube-dns}}");
    assertThat(found("egress-without-dns", denied, misses, WEB, server))
        .as("the own namespace has no DNS pods")
        .containsExactly(
            "warning: NetworkPolicy/shop/deny: spec.egress: no rule allows egress of shop/web to the"
                + " DNS pods kube-system/coredns");
  }
}
