/** When what failed is tried again. */
package io.portcullis.retry;
