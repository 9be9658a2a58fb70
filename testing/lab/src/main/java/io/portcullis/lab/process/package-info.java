/**
 * The lab's processes: Kafka, the watchers, the compilers, and an agent on each node.
 *
 * <p>In: the programs that should run. Out: processes, restarted when they die, and events about
 * them. It never outlives the lab, and never knows what a program is for.
 */
package io.portcullis.lab.process;
