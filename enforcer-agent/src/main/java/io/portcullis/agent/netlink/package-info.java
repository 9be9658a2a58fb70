/**
 * Netlink sockets of the agent's network namespace: links and routes, connections, the packet log,
 * notifications, and the lock of the node.
 *
 * <p>In: questions of the other packages. Out: the kernel's answers as values. Of nftables it only
 * passes on what {@code standin} has written.
 */
package io.portcullis.agent.netlink;
