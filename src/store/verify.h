// Verification: whether what is stored is sound. Reads only, also while the server runs; takes as
// long as it needs. Checks of one row are in a table (verify_rules.c); other layers add theirs to
// the report (projections against events, by the waits). Used by the API's verify route.
#pragma once

#include "store/store.h"

typedef struct {
    char *check;   // snake_case word, e.g. "blob_missing"
    char *meaning; // one sentence for people
    gint64 count;  // how many rows
    char *example; // an id or digest of one of them
} VerifyFinding;

typedef struct {
    GPtrArray *findings; // of VerifyFinding; empty: all is sound
    gint64 checks;       // done
    gint64 blobs;        // read and hashed
} VerifyReport;

VerifyReport *verify_report_new(void) G_GNUC_WARN_UNUSED_RESULT;
void verify_report_free(VerifyReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VerifyReport, verify_report_free)

// Adds a finding; for other layers. Copies the texts.
void verify_report_add(VerifyReport *report, const char *check, const char *meaning, gint64 count,
                       const char *example);

// The database's pages and indexes, references, blobs and their digests, sequence of events,
// counters of conversations, the mailbox ledger. NULL with an error when it could not be done
// (unavailable); what is unsound is in the report.
VerifyReport *verify_store(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
