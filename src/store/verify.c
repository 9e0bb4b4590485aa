#include "store/verify.h"

#include "base/error.h"
#include "store/blob.h"
#include "store/db_open.h"
#include "store/verify_rules.h"

#define BLOBS_AT_ONCE 256

static void finding_free(gpointer data) {
    VerifyFinding *finding = data;
    g_free(finding->check);
    g_free(finding->meaning);
    g_free(finding->example);
    g_free(finding);
}

VerifyReport *verify_report_new(void) {
    VerifyReport *report = g_new0(VerifyReport, 1);
    report->findings = g_ptr_array_new_with_free_func(finding_free);
    return report;
}

void verify_report_free(VerifyReport *report) {
    if (report == NULL)
        return;
    g_ptr_array_unref(report->findings);
    g_free(report);
}

void verify_report_add(VerifyReport *report, const char *check, const char *meaning, gint64 count,
                       const char *example) {
    VerifyFinding *finding = g_new0(VerifyFinding, 1);
    finding->check = g_strdup(check);
    finding->meaning = g_strdup(meaning);
    finding->count = count;
    finding->example = g_strdup(example);
    g_ptr_array_add(report->findings, finding);
}

static gboolean rule_run(Db *db, const VerifyRule *rule, VerifyReport *report, GError **error) {
    g_autoptr(DbRows) rows = db_query(db, rule->sql, DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    if (db_rows_next(rows, &failure) && db_rows_int(rows, 0) != 0)
        verify_report_add(report, rule->check, rule->meaning, db_rows_int(rows, 0),
                          db_rows_text(rows, 1));
    report->checks++;
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean rules_run(Db *db, VerifyReport *report, GError **error) {
    for (const VerifyRule *rule = verify_rules; rule->check != NULL; rule++)
        if (!rule_run(db, rule, report, error))
            return FALSE;
    return TRUE;
}

static void pages_check(Db *db, VerifyReport *report) {
    g_autoptr(GError) error = NULL;
    report->checks++;
    if (!db_check(db, FALSE, &error))
        verify_report_add(report, "database_damaged", error->message, 1, NULL);
}

typedef struct {
    gint64 count;
    char *example;
} Damage;

static void damage_note(Damage *damage, const guint8 *sha256) {
    if (damage->count++ > 0)
        return;
    GString *hex = g_string_new(NULL);
    for (gsize i = 0; i < SHA256_BYTES; i++)
        g_string_append_printf(hex, "%02x", sha256[i]);
    damage->example = g_string_free(hex, FALSE);
}

static gboolean blob_check(Store *store, Db *db, const guint8 *sha256, Damage *damage,
                           GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GBytes) bytes = blob_read(store, db, sha256, &failure);
    if (bytes != NULL)
        return TRUE;
    if (error_kind(failure) == ERROR_UNAVAILABLE) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    damage_note(damage, sha256);
    return TRUE;
}

// The next names in order; empty at the end. Owned: bytes, SHA256_BYTES each.
static GByteArray *names_read(Db *db, const GByteArray *after, GError **error) {
    static const guint8 first[1];
    const guint8 *from = after != NULL ? after->data + after->len - SHA256_BYTES : first;
    g_autoptr(DbRows) rows = db_query(
        db, "SELECT sha256 FROM blob WHERE sha256 > $1 ORDER BY sha256 LIMIT $2",
        DB_VALUES(DB_SPAN(from, after != NULL ? SHA256_BYTES : 0), DB_INT(BLOBS_AT_ONCE)), error);
    if (rows == NULL)
        return NULL;
    GByteArray *names = g_byte_array_new();
    g_autoptr(GError) failure = NULL;
    while (db_rows_next(rows, &failure)) {
        gsize length;
        const guint8 *sha256 = db_rows_span(rows, 0, &length);
        if (length == SHA256_BYTES)
            g_byte_array_append(names, sha256, SHA256_BYTES);
    }
    if (failure == NULL)
        return names;
    g_byte_array_unref(names);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

static gboolean names_check(Store *store, Db *db, const GByteArray *names, Damage *damage,
                            GError **error) {
    for (guint at = 0; at < names->len; at += SHA256_BYTES)
        if (!blob_check(store, db, names->data + at, damage, error))
            return FALSE;
    return TRUE;
}

// In bounded steps, so that no snapshot is held for long.
static gboolean blobs_check(Store *store, Db *db, VerifyReport *report, GError **error) {
    g_autoptr(GByteArray) names = NULL;
    Damage damage = {0};
    gboolean good = TRUE;
    while (good) {
        GByteArray *next = names_read(db, names, error);
        good = next != NULL && names_check(store, db, next, &damage, error);
        gboolean is_end = next == NULL || next->len == 0;
        report->blobs += next != NULL ? next->len / SHA256_BYTES : 0;
        g_clear_pointer(&names, g_byte_array_unref);
        names = next;
        if (is_end)
            break;
    }
    report->checks++;
    if (damage.count > 0)
        verify_report_add(report, "blob_damaged", "stored bytes that are gone or damaged",
                          damage.count, damage.example);
    g_free(damage.example);
    return good;
}

VerifyReport *verify_store(Store *store, GError **error) {
    g_autofree char *path = g_build_filename(store_directory(store), "dialogd.db", NULL);
    g_autoptr(Db) db = db_open(path, DB_READ, error);
    if (db == NULL)
        return NULL;
    db_take_time(db);
    g_autoptr(VerifyReport) report = verify_report_new();
    pages_check(db, report);
    if (!rules_run(db, report, error) || !blobs_check(store, db, report, error))
        return NULL;
    return g_steal_pointer(&report);
}
