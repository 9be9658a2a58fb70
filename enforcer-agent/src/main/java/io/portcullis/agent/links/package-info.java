/**
 * Finds the links of local pods, so that no pod can use the address of another one (T14).
 *
 * <p>In: links and routes of the node, addresses of its pods. Out: names of links that lead to pods
 * alone, and how many addresses are reached otherwise. It never reads or changes the system.
 */
package io.portcullis.agent.links;
