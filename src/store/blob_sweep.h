// Bytes that nobody names any longer: their rows go in the job that took the last name away, their
// files once that is committed. Used by erasure and retention.
#pragma once

#include "store/blob.h"

// Removes the blob unless something names it: a message's HTML, an attachment, an upload. Who names
// a raw mail beside is the caller's to know (is_searched: look through all messages and deliveries,
// which is slow). Writer jobs only; sha256 NULL does nothing.
gboolean blob_release(Db *db, GBytes *sha256, gboolean is_searched, GError **error);

// Removes the files of what was released and committed, some at a time. Any thread but the
// writer's.
gboolean blob_sweep(Store *store, GError **error);
