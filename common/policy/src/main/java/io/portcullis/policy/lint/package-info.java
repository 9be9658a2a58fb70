/**
 * Policies to what their authors may not have meant.
 *
 * <p>In: the state of the cluster. Out: findings, each with object, field, reason and remedy. It
 * never refuses anything and changes no verdict.
 */
package io.portcullis.policy.lint;
