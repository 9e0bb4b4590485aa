#include "desk/participants.h"

#include <string.h>

#include "base/error.h"
#include "desk/outgoing_build.h"
#include "desk/record.h"
#include "desk/reply_address.h"

#define MAILS_READ 50
#define DECIDED_MAX 100

typedef struct {
    GPtrArray *parties;   // of Party
    GHashTable *known;    // normalized address: in parties
    GHashTable *excluded; // normalized address: our own, and who was taken out
} Gathering;

static void gathering_clear(Gathering *gathering) {
    g_clear_pointer(&gathering->parties, g_ptr_array_unref);
    g_hash_table_unref(gathering->known);
    g_hash_table_unref(gathering->excluded);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gathering, gathering_clear)

static void gathering_init(Gathering *gathering) {
    gathering->parties = party_list_new();
    gathering->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gathering->excluded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void gather(Gathering *gathering, const char *address, const char *name) {
    g_autofree char *key = party_address_normalize(address);
    if (g_hash_table_contains(gathering->excluded, key) || !reply_address_check(address, NULL) ||
        !g_hash_table_add(gathering->known, g_steal_pointer(&key)))
        return;
    g_ptr_array_add(gathering->parties, party_new(address, name));
}

static void gather_list(Gathering *gathering, const json_t *list) {
    g_autoptr(GPtrArray) parties = parties_from_json(list);
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        gather(gathering, party->address, party->name);
    }
}

static void gather_mail(Gathering *gathering, const char *text) {
    json_t *headers = json_loads(text, 0, NULL);
    gboolean is_stranger =
        json_is_true(json_object_get(json_object_get(headers, "placement"), "stranger"));
    Party *from = is_stranger ? NULL : party_from_json(json_object_get(headers, "from"));
    if (from != NULL)
        gather(gathering, from->address, from->name);
    if (!is_stranger) {
        gather_list(gathering, json_object_get(headers, "to"));
        gather_list(gathering, json_object_get(headers, "cc"));
    }
    party_free(from);
    json_decref(headers);
}

static gboolean read_mails(Db *db, Id conversation_id, Gathering *gathering, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT headers FROM (SELECT headers, occurred_at, id FROM message"
                 " WHERE conversation_id = $1 AND direction IN ('in', 'out') AND is_automatic = 0"
                 " AND removed_at IS NULL AND state NOT IN ('refused', 'cancelled')"
                 " ORDER BY occurred_at DESC, id DESC LIMIT $2) AS mails ORDER BY occurred_at, id",
                 DB_VALUES(DB_ID(conversation_id), DB_INT(MAILS_READ)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure))
        gather_mail(gathering, db_rows_text(rows, 0));
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean read_excluded(Db *db, Id conversation_id, Gathering *gathering, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT address FROM channel WHERE kind = 'email' AND address <> ''"
                 " UNION ALL SELECT address FROM participant WHERE conversation_id = $1"
                 " AND is_removed = 1",
                 DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure))
        g_hash_table_add(gathering->excluded, party_address_normalize(db_rows_text(rows, 0)));
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean read_added(Db *db, Id conversation_id, Gathering *gathering, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT address, name FROM participant"
                                      " WHERE conversation_id = $1 AND is_removed = 0"
                                      " ORDER BY decided_at, address",
                                      DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure))
        gather(gathering, db_rows_text(rows, 0), db_rows_text(rows, 1));
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

GPtrArray *participants_list(Db *db, Id conversation_id, GError **error) {
    g_auto(Gathering) gathering;
    gathering_init(&gathering);
    if (!read_excluded(db, conversation_id, &gathering, error) ||
        !read_mails(db, conversation_id, &gathering, error) ||
        !read_added(db, conversation_id, &gathering, error))
        return NULL;
    return g_steal_pointer(&gathering.parties);
}

static gboolean check_room(Db *db, Id conversation_id, GError **error) {
    gint64 count = 0;
    if (!db_query_int(db, "SELECT count(*) FROM participant WHERE conversation_id = $1",
                      DB_VALUES(DB_ID(conversation_id)), &count, NULL, error))
        return FALSE;
    if (count >= DECIDED_MAX)
        error_set(error, ERROR_LIMIT, "participants_too_many",
                  "at most 100 people are added to or taken out of one conversation");
    return count < DECIDED_MAX;
}

gboolean participants_decide(Db *db, Id conversation_id, const Party *party, gboolean is_removed,
                             Id agent_id, GError **error) {
    g_autofree char *address = party_address_normalize(party->address);
    return reply_address_check(party->address, error) && check_room(db, conversation_id, error) &&
           db_run(db,
                  "INSERT INTO participant (conversation_id, address, name, is_removed, agent_id,"
                  " decided_at) VALUES ($1, $2, $3, $4, $5, $6)"
                  " ON CONFLICT (conversation_id, address) DO UPDATE SET name = excluded.name,"
                  " is_removed = excluded.is_removed, agent_id = excluded.agent_id,"
                  " decided_at = excluded.decided_at",
                  DB_VALUES(DB_ID(conversation_id), DB_TEXT(address),
                            DB_TEXT(party->name != NULL ? party->name : ""), DB_INT(is_removed),
                            DB_ID(agent_id), DB_INSTANT(clock_now())),
                  error) &&
           record_happening(db, EVENT_PARTICIPANT_CHANGED, conversation_id,
                            agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM, agent_id,
                            json_pack("{s:b}", "removed", is_removed), error);
}
