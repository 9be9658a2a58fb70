/**
 * What a lab leaves for others to read, and for the next one to clear.
 *
 * <p>In: what runs. Out: {@code lab.json}, the folders of a lab's files, and the names of labs that
 * died. It never removes a file or a namespace that no lab has made.
 */
package io.portcullis.lab.state;
