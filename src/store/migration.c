#include "store/migration.h"

#include <gio/gio.h>

#include "base/error.h"

static char *checksum_of(const Migration *migration) {
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, migration->text, migration->length);
}

static gboolean table_add(Db *db, GError **error) {
    return db_run(db,
                  "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY,"
                  " name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)",
                  DB_NO_VALUES, error);
}

gboolean migration_number(Db *db, int *number, GError **error) {
    gint64 newest = 0;
    if (!table_add(db, error) || !db_query_int(db, "SELECT coalesce(max(number), 0) FROM migration",
                                               DB_NO_VALUES, &newest, NULL, error))
        return FALSE;
    *number = (int)newest;
    return TRUE;
}

static const Migration *migration_find(const Migration *list, gint64 number) {
    for (; list->number != 0; list++)
        if (list->number == number)
            return list;
    return NULL;
}

static gboolean recorded_check(DbRows *row, const Migration *list, GError **error) {
    const Migration *migration = migration_find(list, db_rows_int(row, 0));
    if (migration == NULL) {
        error_set(
            error, ERROR_CONFLICT, "schema_newer",
            "the database has schema %d, newer than this program knows: run the newer dialogd",
            (int)db_rows_int(row, 0));
        return FALSE;
    }
    g_autofree char *checksum = checksum_of(migration);
    if (g_strcmp0(checksum, db_rows_text(row, 1)) == 0)
        return TRUE;
    error_set(error, ERROR_CONFLICT, "schema_changed",
              "schema %d (%s) of the database is not the one of this program: run the dialogd that "
              "made it",
              migration->number, migration->name);
    return FALSE;
}

static gboolean all_recorded_check(Db *db, const Migration *list, GError **error) {
    g_autoptr(DbRows) rows = db_query(
        db, "SELECT number, sha256 FROM migration ORDER BY number DESC", DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    while (failure == NULL && db_rows_next(rows, &failure))
        recorded_check(rows, list, &failure);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean one_run(Db *db, const Migration *migration, GError **error) {
    g_autofree char *checksum = checksum_of(migration);
    return db_script(db, (const char *)migration->text, error) &&
           db_run(db, "INSERT INTO migration VALUES ($1, $2, $3, $4)",
                  DB_VALUES(DB_INT(migration->number), DB_TEXT(migration->name), DB_TEXT(checksum),
                            DB_INT(clock_now())),
                  error);
}

static gboolean one_apply(Db *db, const Migration *migration, GError **error) {
    if (!db_begin(db, error))
        return FALSE;
    if (one_run(db, migration, error) && db_commit(db, error))
        return TRUE;
    db_rollback(db);
    return FALSE;
}

static gboolean copy_first(Db *db, const char *path, int number, GError **error) {
    g_autofree char *copy = g_strdup_printf("%s.before-%d", path, number);
    g_autoptr(GFile) old = g_file_new_for_path(copy);
    g_file_delete(old, NULL, NULL); // of a migration that was interrupted
    return db_copy(db, copy, error);
}

gboolean migration_apply(Db *db, const Migration *list, const char *path, GError **error) {
    int present = 0;
    if (!migration_number(db, &present, error))
        return FALSE;
    if (present > 0 && !all_recorded_check(db, list, error))
        return FALSE;
    gboolean is_copied = present == 0;
    for (; list->number != 0; list++) {
        if (list->number <= present)
            continue;
        if (!is_copied && !copy_first(db, path, list->number, error))
            return FALSE;
        is_copied = TRUE;
        if (!one_apply(db, list, error))
            return FALSE;
    }
    return TRUE;
}
