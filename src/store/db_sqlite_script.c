#include <sqlite3.h>
#include <string.h>

#include "store/db_sqlite.h"

// "BIGINT PRIMARY KEY" would be a table and an index beside it; as INTEGER it is the table's own
// key. A table constraint PRIMARY KEY (a, b) gets no hidden row id for the same reason.
// doc/decisions/0022-sqlite-keys.md.
static char *table_rewrite(const char *sql) {
    g_autoptr(GString) text = g_string_new(sql);
    g_string_replace(text, "BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY", 0);
    if (strstr(text->str, "\n    PRIMARY KEY (") != NULL) {
        char *end = strrchr(text->str, ')');
        g_string_insert(text, end - text->str + 1, " WITHOUT ROWID");
    }
    return g_strdup(text->str);
}

// Where the first statement of sql ends; NULL with an error.
static const char *statement_end(Db *db, const char *sql, gboolean *is_empty, GError **error) {
    sqlite3_stmt *statement = NULL;
    const char *end = NULL;
    int code = sqlite3_prepare_v2(db->handle, sql, -1, &statement, &end);
    if (code != SQLITE_OK) {
        db_sqlite_fail(db, code, error);
        return NULL;
    }
    *is_empty = statement == NULL;
    sqlite3_finalize(statement);
    return end;
}

gboolean db_script(Db *db, const char *sql, GError **error) {
    while (*sql != '\0') {
        gboolean is_empty;
        const char *end = statement_end(db, sql, &is_empty, error);
        if (end == NULL)
            return FALSE;
        g_autofree char *one = g_strndup(sql, (gsize)(end - sql));
        g_autofree char *rewritten =
            strstr(one, "CREATE TABLE") != NULL ? table_rewrite(one) : g_strdup(one);
        if (!is_empty && !db_sqlite_execute(db, rewritten, error))
            return FALSE;
        sql = end;
    }
    return TRUE;
}
