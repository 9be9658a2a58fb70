package io.portcullis.validation;

/** What becomes of fields that the API does not have. */
public enum UnknownFields {
  /** They are errors, as in a manifest, whose author meant something by them. */
  REFUSED,

  /**
   * They are warnings, as in an object from an API server, which may know a newer form of the API.
   */
  TOLERATED
}
