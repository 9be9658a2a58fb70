package io.portcullis.lab.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.portcullis.json.Json;
import io.portcullis.lab.process.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * An API server with its etcd, as programs of the lab, with authorization as in a cluster. Nothing
 * else of a control plane runs: no scheduler and no controllers.
 */
public final class ControlPlane {
  public static final String API_SERVER = "kube-apiserver";
  public static final String ETCD = "etcd";

  private static final int PORT = 6443;
  private static final int ETCD_PORT = 2379;
  private static final int ETCD_PEERS = 2380;
  private static final int KEY_BITS = 2048;

  private final Path home;
  private final ServerBinaries binaries;
  private final String address;
  private final String token = randomToken();

  /**
   * Prepares an API server.
   *
   * @param home the directory of its data, keys and kubeconfigs
   * @param binaries its programs
   * @param address the address that it listens on
   */
  public ControlPlane(Path home, ServerBinaries binaries, String address) throws IOException {
    this.home = home;
    this.binaries = binaries;
    this.address = address;
    Files.createDirectories(home);
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    writeKey(home.resolve("accounts.key"));
    Files.writeString(home.resolve("tokens.csv"), token + ",lab,lab,system:masters\n");
  }

  private static String randomToken() {
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void writeKey(Path file) throws IOException {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(KEY_BITS);
      var key = generator.generateKeyPair().getPrivate().getEncoded();
      var text =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(key);
      Files.writeString(
          file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has RSA", e);
    }
  }

  /** Returns the programs to run, in the namespace of the lab's servers. */
  public List<Program> programs(String namespace, Path logs) {
    var etcd = "http://" + address + ":" + ETCD_PORT;
    return List.of(
        new Program(
            ETCD,
            namespace,
            List.of(
                binaries.etcd().toString(),
                "--data-dir=" + home.resolve("etcd"),
                "--listen-client-urls=" + etcd,
                "--advertise-client-urls=" + etcd,
                "--listen-peer-urls=http://" + address + ":" + ETCD_PEERS,
                "--unsafe-no-fsync",
                "--log-level=warn"),
            Map.of(),
            logs.resolve(ETCD + ".log"),
            Program.Preparation.NONE),
        new Program(
            API_SERVER,
            namespace,
            List.of(
                binaries.apiServer().toString(),
                "--etcd-servers=" + etcd,
                "--bind-address=" + address,
                "--secure-port=" + PORT,
                "--cert-dir=" + home.resolve("certificates"),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://lab.portcullis.io",
                "--service-account-key-file=" + home.resolve("accounts.key"),
                "--service-account-signing-key-file=" + home.resolve("accounts.key"),
                "--token-auth-file=" + home.resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--allow-privileged",
                "--disable-admission-plugins=ServiceAccount", // no controller creates service
                // accounts
                "--v=0"),
            Map.of("GOMEMLIMIT", "300MiB"),
            logs.resolve(API_SERVER + ".log"),
            Program.Preparation.NONE));
  }

  String url() {
    return "https://" + address + ":" + PORT;
  }

  /** Returns the path of the certificate that the server makes for itself at its first start. */
  Path certificate() {
    return home.resolve("certificates").resolve("apiserver.crt");
  }

  /**
   * Returns a client that may do everything. It needs the certificate, so the server must have
   * started.
   */
  KubernetesClient client() {
    Config config =
        new ConfigBuilder()
            .withAutoConfigure(false)
            .withMasterUrl(url())
            .withCaCertFile(certificate().toString())
            .withOauthToken(token)
            .withRequestTimeout(30_000)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Returns the administrator's kubeconfig, for people: it may do everything. */
  public Path kubeconfig() {
    return home.resolve("kubeconfig");
  }

  /** Returns the watchers' kubeconfig: it may do what the watcher's role allows. */
  public Path watcherKubeconfig() {
    return home.resolve("kubeconfig-watcher");
  }

  void writeKubeconfig() throws IOException {
    write(kubeconfig(), "lab", token);
  }

  void writeWatcherKubeconfig(String accountToken) throws IOException {
    write(watcherKubeconfig(), "watcher", accountToken);
  }

  private void write(Path file, String user, String userToken) throws IOException {
    var certificates = Base64.getEncoder().encodeToString(Files.readAllBytes(certificate()));
    var config =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Config",
            "clusters",
            List.of(
                Map.of(
                    "name",
                    "lab",
                    "cluster",
                    Map.of("server", url(), "certificate-authority-data", certificates))),
            "users",
            List.of(Map.of("name", user, "user", Map.of("token", userToken))),
            "contexts",
            List.of(Map.of("name", "lab", "context", Map.of("cluster", "lab", "user", user))),
            "current-context",
            "lab");
    Files.write(file, Json.bytes(config));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
