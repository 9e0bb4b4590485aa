// Edits, removals, reactions and receipts of delivery: a lattice, so that any order and any
// repetition of the same happenings gives the same state (channels.md 0.4-0.5; reliability.md 1).
#include "desk/happening.h"

#include <string.h>

#include "base/error.h"
#include "desk/arrival.h"
#include "desk/conversation_join.h"
#include "desk/record.h"
#include "store/attachment.h"
#include "store/happening.h"

// Everything that an applier may look at.
typedef struct {
    Db *db;
    Id channel_id;
    const Incoming *incoming;
    const KnownMessage *message;
    Instant received_at;
} Happening;

static gboolean record_about(const Happening *happening, EventType type, json_t *data,
                             GError **error) {
    g_autoptr(Event) event =
        event_new(type, happening->message->conversation_id, ACTOR_CUSTOMER, 0, data);
    event->message_id = happening->message->id;
    event->channel_id = happening->channel_id;
    return record_event(happening->db, event, error);
}

static gboolean run_and_record(const Happening *happening, const char *sql, const DbValue *values,
                               gsize count, EventType type, json_t *data, GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(happening->db, sql, values, count, &changed, error)) {
        json_decref(data);
        return FALSE;
    }
    if (changed > 0)
        return record_about(happening, type, data, error);
    json_decref(data);
    return TRUE;
}

static SearchDocument *edited_document(const Incoming *incoming) {
    SearchDocument *document = search_document_new();
    search_document_add_subject(document, incoming->subject);
    search_document_add_text(document, incoming->text);
    search_document_add_from(document, incoming->from->address, incoming->from->name);
    return document;
}

// A file in place of another is fetched anew. The parts of an album keep theirs.
static gboolean replace_attachments(const Happening *happening, GError **error) {
    const Incoming *incoming = happening->incoming;
    guint count = incoming->group_key == NULL ? incoming->attachments->len : 0;
    for (guint at = 0; at < count; at++) {
        const Attachment *attachment = incoming->attachments->pdata[at];
        if (attachment->reference != NULL &&
            !attachment_replace(happening->db, happening->message->id, at, attachment, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean apply_edit(const Happening *happening, GError **error) {
    const Incoming *incoming = happening->incoming;
    if (incoming->version <= happening->message->edited_version)
        return TRUE;
    g_autoptr(SearchDocument) document = edited_document(incoming);
    return replace_attachments(happening, error) &&
           search_change(happening->db, happening->message->id, document, error) &&
           run_and_record(happening,
                          "UPDATE message SET text = $2, new_text = NULL, html_sha256 = NULL,"
                          " edited_version = $3 WHERE id = $1 AND edited_version < $3",
                          DB_VALUES(DB_ID(happening->message->id), DB_TEXT(incoming->text),
                                    DB_INT(incoming->version)),
                          EVENT_EDITED, NULL, error);
}

static gboolean apply_removal(const Happening *happening, GError **error) {
    Instant removed_at = happening->incoming->occurred_at != INSTANT_NONE
                             ? happening->incoming->occurred_at
                             : happening->received_at;
    return run_and_record(happening,
                          "UPDATE message SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL",
                          DB_VALUES(DB_ID(happening->message->id), DB_INSTANT(removed_at)),
                          EVENT_REMOVED, NULL, error);
}

static char *read_kind(const Happening *happening, GError **error) {
    g_autoptr(DbRows) rows = db_query(happening->db, "SELECT kind FROM channel WHERE id = $1",
                                      DB_VALUES(DB_ID(happening->channel_id)), error);
    return rows != NULL && db_rows_next(rows, error) ? g_strdup(db_rows_text(rows, 0)) : NULL;
}

static gboolean find_writer(const Happening *happening, Identity *identity, GError **error) {
    const Incoming *incoming = happening->incoming;
    g_autofree char *kind = read_kind(happening, error);
    if (kind == NULL)
        return FALSE;
    g_autofree char *scope = identity_scope(kind, happening->channel_id);
    g_autofree char *address = party_address_normalize(incoming->from->address);
    gboolean found;
    return identity_find(happening->db, kind, scope, address, identity, &found, error) &&
           (found || customer_add(happening->db, kind, scope, address, incoming->from->name,
                                  incoming->language, identity, error));
}

static gboolean apply_reaction(const Happening *happening, GError **error) {
    Identity identity;
    const Incoming *incoming = happening->incoming;
    gint64 version = incoming->version != 0 ? incoming->version : incoming->occurred_at;
    return find_writer(happening, &identity, error) &&
           run_and_record(happening,
                          "INSERT INTO reaction (message_id, identity_id, emoji, version)"
                          " VALUES ($1, $2, $3, $4) ON CONFLICT (message_id, identity_id) DO UPDATE"
                          " SET emoji = excluded.emoji, version = excluded.version"
                          " WHERE reaction.version < excluded.version",
                          DB_VALUES(DB_ID(happening->message->id), DB_ID(identity.id),
                                    DB_TEXT(incoming->text), DB_INT(version)),
                          EVENT_REACTED, NULL, error);
}

// accepted < refused < delivered < read; a state never goes back: a late word of success beats an
// earlier one of failure, in whatever order they come.
static gboolean apply_delivered(const Happening *happening, GError **error) {
    return run_and_record(happening,
                          "UPDATE message SET state = 'delivered', state_reason = NULL WHERE id = "
                          "$1 AND direction = 'out'"
                          " AND state IN ('queued', 'sending', 'accepted', 'unknown', 'refused')",
                          DB_VALUES(DB_ID(happening->message->id)), EVENT_DELIVERY_CHANGED,
                          json_pack("{s:s}", "state", "delivered"), error);
}

static gboolean apply_read(const Happening *happening, GError **error) {
    return run_and_record(
        happening,
        "UPDATE message SET state = 'read', state_reason = NULL WHERE id = $1 AND direction = 'out'"
        " AND state IN ('queued', 'sending', 'accepted', 'unknown', 'delivered',"
        " 'refused')",
        DB_VALUES(DB_ID(happening->message->id)), EVENT_DELIVERY_CHANGED,
        json_pack("{s:s}", "state", "read"), error);
}

// failed wins only if nothing later is known.
static gboolean apply_failed(const Happening *happening, GError **error) {
    return run_and_record(
        happening,
        "UPDATE message SET state = 'refused', state_reason = $2 WHERE id = $1"
        " AND direction = 'out' AND state IN ('queued', 'sending', 'accepted', 'unknown')",
        DB_VALUES(DB_ID(happening->message->id), DB_TEXT(happening->incoming->text)),
        EVENT_REPLY_FAILED, NULL, error);
}

typedef gboolean (*Apply)(const Happening *happening, GError **error);

static const Apply appliers[] = {
    [INCOMING_EDIT] = apply_edit,         [INCOMING_REMOVAL] = apply_removal,
    [INCOMING_REACTION] = apply_reaction, [INCOMING_DELIVERED] = apply_delivered,
    [INCOMING_READ] = apply_read,         [INCOMING_FAILED] = apply_failed,
    [INCOMING_THREAD_MOVED] = NULL,
};

static gboolean keep_until_message(Db *db, const Delivery *delivery, const Incoming *incoming,
                                   GError **error) {
    json_t *json = incoming_to_json(incoming);
    json_object_set_new(json, "received_at", json_integer(delivery->received_at));
    g_autofree char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return happening_keep(db, delivery->channel_id, incoming->message_key, incoming->event_key,
                          text, delivery->received_at, error);
}

// What became of our message counts once all of it was accepted.
static gboolean is_too_early(const Incoming *incoming, const KnownMessage *message) {
    static const char *const early[] = {"held", "queued", "sending", NULL};
    return message->is_out && g_strv_contains(early, message->state) &&
           (incoming->type == INCOMING_DELIVERED || incoming->type == INCOMING_READ ||
            incoming->type == INCOMING_FAILED);
}

static gboolean apply_to_message(Db *db, const Delivery *delivery, const Incoming *incoming,
                                 GError **error) {
    g_auto(KnownMessage) message = {0};
    gboolean found;
    if (!message_find_by_key(db, delivery->channel_id, incoming->message_key, &message, &found,
                             error))
        return FALSE;
    if (!found)
        return keep_until_message(db, delivery, incoming, error);
    Happening happening = {db, delivery->channel_id, incoming, &message, delivery->received_at};
    return is_too_early(incoming, &message) ? keep_until_message(db, delivery, incoming, error)
                                            : appliers[incoming->type](&happening, error);
}

// The customer took our messages no more, or does again: the latest word counts.
static gboolean apply_block(Db *db, const Delivery *delivery, const Incoming *incoming,
                            GError **error) {
    Identity identity;
    Happening happening = {db, delivery->channel_id, incoming, NULL, delivery->received_at};
    Instant version =
        incoming->occurred_at != INSTANT_NONE ? incoming->occurred_at : delivery->received_at;
    return find_writer(&happening, &identity, error) &&
           identity_set_blocked(db, identity.id, incoming->type == INCOMING_CUSTOMER_BLOCKED,
                                version, error);
}

gboolean happening_apply(Db *db, const Delivery *delivery, const Incoming *incoming,
                         GError **error) {
    gboolean is_new = TRUE;
    if (incoming->event_key != NULL &&
        !happening_remember(db, delivery->channel_id, incoming->event_key, delivery->received_at,
                            &is_new, error))
        return FALSE;
    if (!is_new || incoming->type == INCOMING_TYPING)
        return TRUE;
    if (incoming->type == INCOMING_CUSTOMER_BLOCKED || incoming->type == INCOMING_CUSTOMER_RETURNED)
        return apply_block(db, delivery, incoming, error);
    if (incoming->type == INCOMING_THREAD_MOVED)
        return conversation_move_thread(db, delivery->channel_id, incoming->thread_key,
                                        incoming->text, error);
    return incoming->message_key == NULL || apply_to_message(db, delivery, incoming, error);
}

gboolean happening_keep_quote(Db *db, Id channel_id, const char *quoted_key,
                              const char *message_key, Instant received_at, GError **error) {
    json_t *json = json_pack("{s:s}", "quoted_by", message_key);
    g_autofree char *text = json_dumps(json, JSON_COMPACT);
    g_autofree char *event_key = g_strconcat("quote:", message_key, NULL);
    json_decref(json);
    return happening_keep(db, channel_id, quoted_key, event_key, text, received_at, error);
}

static gboolean link_quote(Db *db, Id channel_id, const char *message_key, Id quoted_id,
                           GError **error) {
    g_auto(KnownMessage) message = {0};
    gboolean found;
    return message_find_by_key(db, channel_id, message_key, &message, &found, error) &&
           (!found || db_run(db, "UPDATE message SET quoted_message_id = $2 WHERE id = $1",
                             DB_VALUES(DB_ID(message.id), DB_ID(quoted_id)), error));
}

typedef struct {
    Db *db;
    Id channel_id;
    const char *message_key;
} Kept;

static gboolean apply_incoming(const Kept *kept, const KnownMessage *message,
                               const Incoming *incoming, const char *text, Instant received_at,
                               GError **error) {
    if (is_too_early(incoming, message))
        return happening_keep(kept->db, kept->channel_id, kept->message_key, incoming->event_key,
                              text, received_at, error);
    Happening happening = {kept->db, kept->channel_id, incoming, message, received_at};
    return appliers[incoming->type](&happening, error);
}

static gboolean apply_json(const Kept *kept, const KnownMessage *message, const char *text,
                           const json_t *json, GError **error) {
    const char *quoted_by = json_string_value(json_object_get(json, "quoted_by"));
    if (quoted_by != NULL)
        return link_quote(kept->db, kept->channel_id, quoted_by, message->id, error);
    Instant received_at = json_integer_value(json_object_get(json, "received_at"));
    g_autoptr(Incoming) incoming = incoming_from_json(json, error);
    return incoming != NULL && apply_incoming(kept, message, incoming, text, received_at, error);
}

static gboolean apply_kept(const Kept *kept, const char *text, GError **error) {
    g_auto(KnownMessage) message = {0}; // read anew: each may change it
    gboolean found;
    if (!message_find_by_key(kept->db, kept->channel_id, kept->message_key, &message, &found,
                             error))
        return FALSE;
    json_t *json = json_loads(text, 0, NULL);
    gboolean good = !found || apply_json(kept, &message, text, json, error);
    json_decref(json);
    return good;
}

gboolean happening_apply_kept(Db *db, Id channel_id, const char *message_key, GError **error) {
    g_autoptr(GPtrArray) list = happening_take(db, channel_id, message_key, error);
    Kept kept = {db, channel_id, message_key};
    for (guint at = 0; list != NULL && at < list->len; at++)
        if (!apply_kept(&kept, list->pdata[at], error))
            return FALSE;
    return list != NULL;
}

gboolean arrival_apply_kept_happenings(Arrival *arrival, GError **error) {
    const char *key = arrival->prepared->message_key;
    return arrival->incoming->mail != NULL || key == NULL ||
           happening_apply_kept(arrival->db, arrival->channel->id, key, error);
}
