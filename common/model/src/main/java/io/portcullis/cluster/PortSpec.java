package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;

/** An item of a rule's ports (N8, N9). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "port")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PortSpec.Numbered.class, name = "numbered"),
  @JsonSubTypes.Type(value = PortSpec.Named.class, name = "named")
})
public sealed interface PortSpec {

  /** A port number, a range of them, or every port of a protocol (N8). */
  record Numbered(PortRange range) implements PortSpec {}

  /** The name of a container port, which is looked up on the destination pod (N9). */
  record Named(Protocol protocol, String name) implements PortSpec {}
}
