/**
 * The lab's processes: Kafka, the watchers, the compilers, an agent on each node.
 *
 * <p>In: the programs that should run. Out: processes, started again when they die, and what
 * happened to them. It never outlives the lab, and never knows what a program is for.
 */
package io.portcullis.lab.process;
