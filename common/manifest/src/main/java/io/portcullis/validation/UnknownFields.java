package io.portcullis.validation;

/** The ways in which fields that the API does not have are treated. */
public enum UnknownFields {
  /** Unknown fields are errors, as in a manifest, whose author meant something by them. */
  REFUSED,

  /**
   * They are warnings, as in an object from an API server, which may know a newer form of the API.
   */
  TOLERATED
}
