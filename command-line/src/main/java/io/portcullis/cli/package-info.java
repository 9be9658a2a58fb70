/**
 * The commands that need neither Kafka nor a cluster.
 *
 * <p>In: arguments and manifests. Out: files of nft, verdicts, problems and exit codes. It never
 * reads, compiles or decides by itself, and knows no service.
 */
package io.portcullis.cli;
