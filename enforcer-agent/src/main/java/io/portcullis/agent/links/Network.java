package io.portcullis.agent.links;

import java.util.List;

/** The links of the node and where they lead. */
public record Network(List<Link> links, List<Route> routes) {
  public Network {
    links = List.copyOf(links);
    routes = List.copyOf(routes);
  }
}
