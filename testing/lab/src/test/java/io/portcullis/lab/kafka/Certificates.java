package io.portcullis.lab.kafka;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** A certificate authority of one test. */
final class Certificates {
  private static final Duration VALID = Duration.ofHours(1);
  private static final String SIGNATURE = "SHA256withECDSA";

  private final X500Name name;
  private final KeyPair keys = keys();
  private final X509CertificateHolder own;
  private long serial = 1;

  Certificates(String name) {
    this.name = named(name);
    this.own = sign(this.name, keys, builder -> constrain(builder));
  }

  /** A certificate and its key, as PEM. */
  record Shown(String certificate, String key) {
    String both() {
      return certificate + key;
    }
  }

  private interface Additions {
    void to(JcaX509v3CertificateBuilder builder) throws CertIOException;
  }

  /** Returns the authority's certificate, as PEM. */
  String trusted() {
    return pem(certificate(own));
  }

  /** Issues a certificate with that common name, which a server at that address can use too. */
  Shown issue(String commonName, String address) {
    var fresh = keys();
    var names = new GeneralNames(new GeneralName(GeneralName.iPAddress, address));
    var issued =
        sign(
            named(commonName),
            fresh,
            builder -> builder.addExtension(Extension.subjectAlternativeName, false, names));
    return new Shown(pem(certificate(issued)), pem(key(fresh)));
  }

  private static void constrain(JcaX509v3CertificateBuilder builder) throws CertIOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
  }

  private X509CertificateHolder sign(X500Name subject, KeyPair of, Additions additions) {
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(VALID)),
            Date.from(now.plus(VALID)),
            subject,
            of.getPublic());
    try {
      additions.to(builder);
      return builder.build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate()));
    } catch (CertIOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X500Name named(String commonName) {
    return new X500Name("CN=" + commonName);
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PemObject key(KeyPair keys) {
    return new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static PemObject certificate(X509CertificateHolder certificate) {
    try {
      return new PemObject("CERTIFICATE", certificate.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(PemObject object) {
    var text = new StringWriter();
    try (var writer = new PemWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
