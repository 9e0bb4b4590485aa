#include "desk/template_values.h"

#include <string.h>

#include "base/error.h"
#include "store/agent.h"

static void put(GHashTable *values, const char *name, const char *value) {
    if (value != NULL)
        g_hash_table_insert(values, g_strdup(name), g_strdup(value));
}

// The first word of a name that has several, unless it is an address or ends with a comma
// ("Virtanen, Anna" gives "Anna").
static void put_first_name(GHashTable *values, const char *name, const char *full) {
    g_auto(GStrv) words = g_strsplit_set(full != NULL ? full : "", " \t", 3);
    const char *first = words[0] != NULL ? words[0] : "";
    if (g_str_has_suffix(first, ",") && words[1] != NULL)
        first = words[1];
    if (strchr(first, '@') == NULL)
        put(values, name, first);
}

static gboolean fail(GError *failure, GError **error) {
    if (failure == NULL)
        error_set(&failure, ERROR_NOT_FOUND, "conversation_unknown",
                  "there is no such conversation");
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean put_conversation(Db *db, GHashTable *values, Id id, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT coalesce(c.number, c.id), c.subject, u.name, i.name, i.address, h.name, h.address, "
        "t.name"
        " FROM conversation a JOIN conversation c ON c.id = coalesce(a.merged_into, a.id)"
        " JOIN customer o ON o.id = c.customer_id JOIN customer u ON u.id = o.root_id"
        " JOIN channel h ON h.id = c.channel_id LEFT JOIN identity i ON i.id = c.identity_id"
        " LEFT JOIN team t ON t.id = c.team_id WHERE a.id = $1",
        DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure))
        return fail(failure, error);
    const char *name = db_rows_text(rows, 2);
    if (*name == '\0' && !db_rows_is_null(rows, 3))
        name = db_rows_text(rows, 3);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, db_rows_int(rows, 0));
    put(values, "conversation.number", number);
    put(values, "conversation.subject", db_rows_text(rows, 1));
    put(values, "customer.name", name);
    put_first_name(values, "customer.first_name", name);
    put(values, "customer.address", db_rows_text(rows, 4));
    put(values, "channel.name", db_rows_text(rows, 5));
    put(values, "channel.address", db_rows_text(rows, 6));
    put(values, "team.name", db_rows_text(rows, 7));
    return TRUE;
}

static gboolean put_agent(Db *db, GHashTable *values, Id id, GError **error) {
    if (id == 0)
        return TRUE;
    g_autoptr(Agent) agent = agent_get(db, id, error);
    if (agent == NULL)
        return FALSE;
    put(values, "agent.name", agent->name);
    put_first_name(values, "agent.first_name", agent->name);
    put(values, "agent.signature", agent->signature);
    return TRUE;
}

static gboolean put_fields(Db *db, GHashTable *values, const char *prefix, const char *sql, Id id,
                           GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_ID(id)), error);
    while (rows != NULL && db_rows_next(rows, &failure)) {
        g_autofree char *name = g_strconcat(prefix, db_rows_text(rows, 0), NULL);
        put(values, name, db_rows_text(rows, 1));
    }
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return rows != NULL && failure == NULL;
}

static gboolean put_all_fields(Db *db, GHashTable *values, Id id, GError **error) {
    return put_fields(db, values, "conversation.field.",
                      "SELECT f.key, v.value FROM conversation a JOIN conversation_field v"
                      " ON v.conversation_id = coalesce(a.merged_into, a.id) JOIN field f ON f.id ="
                      " v.field_id WHERE a.id = $1 AND f.removed_at IS NULL",
                      id, error) &&
           put_fields(db, values, "customer.field.",
                      "SELECT f.key, v.value FROM conversation a JOIN conversation c ON c.id ="
                      " coalesce(a.merged_into, a.id) JOIN customer o ON o.id = c.customer_id"
                      " JOIN customer_field v ON v.customer_id = o.root_id JOIN field f ON f.id ="
                      " v.field_id WHERE a.id = $1 AND f.removed_at IS NULL",
                      id, error);
}

static void drop_strangers_words(GHashTable *values) {
    static const char *const names[] = {"customer.name", "customer.first_name", "customer.address",
                                        "conversation.subject"};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        g_hash_table_remove(values, names[at]);
}

GHashTable *template_values_load(Db *db, Id conversation_id, Id agent_id, gboolean is_automatic,
                                 GError **error) {
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!put_conversation(db, values, conversation_id, error) ||
        !put_agent(db, values, agent_id, error) ||
        !put_all_fields(db, values, conversation_id, error))
        return NULL;
    if (is_automatic)
        drop_strangers_words(values);
    return g_steal_pointer(&values);
}

char *template_language(Db *db, Id conversation_id, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT coalesce(u.language, o.language) FROM conversation c"
                 " JOIN customer o ON o.id = c.customer_id JOIN customer u ON u.id = o.root_id"
                 " WHERE c.id = $1",
                 DB_VALUES(DB_ID(conversation_id)), error);
    return rows != NULL && db_rows_next(rows, error) ? g_strdup(db_rows_text(rows, 0)) : NULL;
}
