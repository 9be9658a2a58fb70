/**
 * What a lab leaves for others to read, and for the next lab to clear.
 *
 * <p>In: what runs. Out: {@code lab.json}, the directories of a lab's files, and the ids of labs
 * that died. It never removes a file or a namespace that no lab has created.
 */
package io.portcullis.lab.state;
