#include "desk/view_changes.h"

#include <jansson.h>
#include <string.h>

#define READ_AT_ONCE 1000

// Events about two conversations name the other one in data.
static void add_others(GHashTable *ids, const char *data) {
    static const char *const members[] = {"from", "to"};
    json_t *json = json_loads(data, 0, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(members); at++) {
        Id id = json_integer_value(json_object_get(json, members[at]));
        if (id > 0)
            g_hash_table_add(ids, (gpointer)(gintptr)id);
    }
    json_decref(json);
}

// What may move many conversations at once; names are looked at anyway.
static gboolean is_about_many(const char *type) {
    static const char *const types[] = {"customer_merged", "customer_unmerged", "tag_changed",
                                        NULL};
    return g_strv_contains(types, type);
}

static gboolean is_about_two(const char *type) {
    static const char *const types[] = {"merged", "unmerged", "joined", "split", "unsplit", NULL};
    return g_strv_contains(types, type);
}

gboolean view_changes_read(Db *db, gint64 *seq, GHashTable *ids, gboolean *is_wide,
                           gboolean *has_more, GError **error) {
    g_autoptr(GError) failure = NULL;
    guint count = 0;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT seq, conversation_id, type, data FROM event WHERE seq > $1 ORDER BY seq"
                 " LIMIT $2",
                 DB_VALUES(DB_INT(*seq), DB_INT(READ_AT_ONCE)), error);
    if (rows == NULL)
        return FALSE;
    for (; db_rows_next(rows, &failure); count++) {
        const char *type = db_rows_text(rows, 2);
        *seq = db_rows_int(rows, 0);
        *is_wide |= is_about_many(type);
        if (!db_rows_is_null(rows, 1))
            g_hash_table_add(ids, (gpointer)(gintptr)db_rows_id(rows, 1));
        if (is_about_two(type))
            add_others(ids, db_rows_text(rows, 3));
    }
    *has_more = count == READ_AT_ONCE;
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static const char *const named[] = {
    "SELECT id, name, kind, address FROM channel",
    "SELECT id, name, '', '' FROM team",
    "SELECT id, name, email, '' FROM agent",
    "SELECT id, name, '', '' FROM tag",
    "SELECT agent_id, team_id, '', '' FROM agent_team",
    "SELECT agent_id, channel_id, '', '' FROM hidden_channel",
    "SELECT agent_id, team_id, '', '' FROM hidden_team",
    "SELECT id, version, '', '' FROM view",
};

static guint64 mix(guint64 sum, guint64 value) {
    return (sum ^ value) * 0x9E3779B97F4A7C15ULL + 1;
}

static gboolean names_add(Db *db, const char *sql, guint64 *names, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure)) {
        *names = mix(*names, (guint64)db_rows_int(rows, 0));
        for (int column = 1; column <= 3; column++)
            *names = mix(*names, g_str_hash(db_rows_text(rows, column)));
    }
    *names = mix(*names, 7);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean view_changes_names(Db *db, guint64 *names, GError **error) {
    *names = 1;
    for (gsize at = 0; at < G_N_ELEMENTS(named); at++)
        if (!names_add(db, named[at], names, error))
            return FALSE;
    return TRUE;
}
