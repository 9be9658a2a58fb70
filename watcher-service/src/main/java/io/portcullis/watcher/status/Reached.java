package io.portcullis.watcher.status;

import io.portcullis.watcher.status.Rollout.Reach;

/** Tells which nodes hold one generation of the object that has this UID. */
record Reached(String uid, long generation, Reach reach) {}
