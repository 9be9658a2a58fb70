/**
 * What failed, and when it is tried again.
 *
 * <p>In: failures and successes, as whoever tries reports them. Out: whether the next try is due,
 * and whether a failure is worth a line in the log. It never tries or waits itself.
 */
package io.portcullis.retry;
