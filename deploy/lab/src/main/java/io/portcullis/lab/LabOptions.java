package io.portcullis.lab;

import io.portcullis.lab.process.Services;
import java.nio.file.Path;

/**
 * How a lab is to be.
 *
 * @param root of the project, where the services are built
 * @param manifests the user's directory or file, or {@code -} for standard input
 * @param state where the lab's files go
 */
record LabOptions(
    Path root, Path manifests, Path state, int compilers, int watchers, Services.Form form) {}
