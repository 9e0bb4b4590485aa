#include "reports/response_names.h"

struct ResponseNames {
    GHashTable *names; // Id -> text; ids are unique over all tables
};

ResponseNames *response_names_new(Db *db, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT id, name FROM agent UNION ALL SELECT id, name FROM "
                                      "team UNION ALL SELECT id, name FROM channel",
                                      DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(ResponseNames) names = g_new0(ResponseNames, 1);
    names->names = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    while (db_rows_next(rows, &failure)) {
        Id id = db_rows_id(rows, 0);
        g_hash_table_insert(names->names, g_memdup2(&id, sizeof id),
                            g_strdup(db_rows_text(rows, 1)));
    }
    if (failure == NULL)
        return g_steal_pointer(&names);
    g_propagate_error(error, failure);
    return NULL;
}

void response_names_free(ResponseNames *names) {
    if (names == NULL)
        return;
    g_hash_table_unref(names->names);
    g_free(names);
}

const char *response_names_label(const ResponseNames *names, Cut cut, const CutKey *key) {
    if (cut_is_time(cut) || cut == CUT_KIND || cut == CUT_PRIORITY)
        return key->text;
    if (key->value == 0)
        return "nobody";
    const char *name = g_hash_table_lookup(names->names, &key->value);
    return name != NULL ? name : key->text;
}
