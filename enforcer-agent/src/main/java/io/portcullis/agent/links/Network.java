package io.portcullis.agent.links;

import java.util.List;

/** The links and routes of the node. */
public record Network(List<Link> links, List<Route> routes) {
  public Network {
    links = List.copyOf(links);
    routes = List.copyOf(routes);
  }
}
