#include <string.h>

#include "store/search_filter.h"

// Where names are looked up: id, then the columns that may hold the name.
typedef struct {
    const char *names;
    int columns;
} NameRule;

static const NameRule name_rules[SEARCH_FILTER_KINDS] = {
    [SEARCH_CHANNEL] = {"SELECT id, name, kind, address FROM channel", 3},
    [SEARCH_TAG] = {"SELECT id, name FROM tag", 1},
    [SEARCH_AGENT] = {"SELECT id, name, email FROM agent", 2},
    [SEARCH_MENTIONS] = {"SELECT id, name, email FROM agent", 2},
    [SEARCH_FOLLOWER] = {"SELECT id, name, email FROM agent", 2},
    [SEARCH_WRITER] = {"SELECT id, name, email FROM agent", 2},
    [SEARCH_TEAM] = {"SELECT id, name FROM team", 1},
};

static gboolean row_has_name(DbRows *row, int columns, const char *name) {
    for (int column = 1; column <= columns; column++) {
        g_autofree char *lower = g_utf8_strdown(db_rows_text(row, column), -1);
        if (strcmp(lower, name) == 0)
            return TRUE;
    }
    Id id = id_parse(name, NULL);
    return id != 0 && id == db_rows_id(row, 0);
}

static gboolean names_read(DbRows *rows, int columns, const char *name, GArray *ids,
                           GError **error) {
    g_autoptr(GError) failure = NULL;
    while (ids->len < SEARCH_VALUES_MAX && db_rows_next(rows, &failure)) {
        Id id = db_rows_id(rows, 0);
        if (columns == 0 || row_has_name(rows, columns, name))
            g_array_append_val(ids, id);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

// Customers are many: by id, or by an address that is theirs.
static DbRows *customers_query(Db *db, const char *name, GError **error) {
    Id id = id_parse(name, NULL);
    return id != 0
               ? db_query(db, "SELECT id FROM customer WHERE id = $1", DB_VALUES(DB_ID(id)), error)
               : db_query(db, "SELECT customer_id FROM identity WHERE address = $1",
                          DB_VALUES(DB_TEXT(name)), error);
}

GArray *search_filter_names(Db *db, const SearchFilter *filter, GError **error) {
    const NameRule *rule = &name_rules[filter->kind];
    g_autoptr(DbRows) rows = rule->names != NULL ? db_query(db, rule->names, DB_NO_VALUES, error)
                                                 : customers_query(db, filter->value, error);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Id));
    if (rows == NULL || !names_read(rows, rule->columns, filter->value, ids, error))
        return NULL;
    return g_steal_pointer(&ids);
}
