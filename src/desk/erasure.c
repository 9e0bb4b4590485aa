#include "desk/erasure.h"

#include "base/error.h"
#include "desk/erasure_step.h"
#include "desk/outbox_record.h"
#include "desk/record.h"
#include "store/audit.h"
#include "store/db_open.h"
#include "store/erase.h"

#define ERASED_AT_ONCE 50 // messages: a job of the writer stays short

static gboolean add_row(Db *db, Id id, Id customer_id, Id message_id, const char *state,
                        gint64 count, Id requested_by, GError **error) {
    return db_run(db,
                  "INSERT INTO erasure (id, customer_id, message_id, state, message_count,"
                  " requested_by, requested_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  DB_VALUES(DB_ID(id), DB_ID(customer_id), DB_ID(message_id), DB_TEXT(state),
                            DB_INT(count), DB_ID(requested_by), DB_INSTANT(clock_now())),
                  error);
}

static gboolean record(Db *db, Id customer_id, Id message_id, Id conversation_id, CustomerActor who,
                       GError **error) {
    json_t *customer = customer_id != 0 ? json_integer(customer_id) : json_null();
    g_autoptr(Event) event = event_new(EVENT_ERASED, conversation_id, who.actor, who.actor_id,
                                       json_pack("{s:o}", "customer", customer));
    event->message_id = message_id;
    return record_event(db, event, error) &&
           audit_add(db, who.actor, who.actor_id,
                     customer_id != 0 ? "customer_erased" : "message_erased",
                     customer_id != 0 ? "customer" : "message",
                     customer_id != 0 ? customer_id : message_id, NULL, error);
}

// What is held by law may not go.
static gboolean check_hold(Db *db, Id root, GError **error) {
    gint64 held = 0;
    gboolean found;
    if (!db_query_int(db,
                      "SELECT EXISTS (SELECT 1 FROM customer WHERE id = $1 AND is_held = 1) OR"
                      " EXISTS (SELECT 1 FROM conversation WHERE is_held = 1 AND customer_id IN"
                      " (SELECT id FROM customer WHERE root_id = $1))",
                      DB_VALUES(DB_ID(root)), &held, &found, error))
        return FALSE;
    if (held != 0)
        error_set(error, ERROR_CONFLICT, "customer_held",
                  "this customer, or a conversation of theirs, is held: release it first");
    return held == 0;
}

gboolean erasure_begin_customer(Db *db, Id customer_id, CustomerActor who, Id *erasure_id,
                                GError **error) {
    Id root;
    *erasure_id = id_next();
    return customer_get_root(db, customer_id, &root, error) && check_hold(db, root, error) &&
           db_set_secure(db, TRUE, error) && erase_person(db, root, clock_now(), error) &&
           add_row(db, *erasure_id, root, 0, "erasing", 0, who.actor_id, error) &&
           record(db, root, 0, 0, who, error);
}

gboolean erasure_begin_message(Db *db, Id message_id, CustomerActor who, Id *erasure_id,
                               GError **error) {
    Id conversation_id = 0;
    gboolean found;
    *erasure_id = id_next();
    if (!db_query_int(db, "SELECT conversation_id FROM message WHERE id = $1",
                      DB_VALUES(DB_ID(message_id)), &conversation_id, &found, error))
        return FALSE;
    if (!found) {
        error_set(error, ERROR_NOT_FOUND, "message_unknown", "there is no such message");
        return FALSE;
    }
    return add_row(db, *erasure_id, 0, message_id, "erasing", 0, who.actor_id, error) &&
           record(db, 0, message_id, conversation_id, who, error);
}

gboolean erasure_begin_purge(Db *db, gint64 message_count, GError **error) {
    return add_row(db, id_next(), 0, 0, "purging", message_count, 0, error);
}

// One that is under way.
typedef struct {
    Id id; // 0: none
    Id customer_id;
    Id message_id;
} Running;

static gboolean find_running(Db *db, Running *running, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT id, customer_id, message_id FROM erasure WHERE finished_at IS NULL AND"
                 " state = 'erasing' ORDER BY id LIMIT 1",
                 DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &problem))
        *running = (Running){db_rows_id(rows, 0), db_rows_id(rows, 1), db_rows_id(rows, 2)};
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

// Messages in the person's conversations, and what the person wrote in those of others.
static const char messages_of_customer[] =
    "SELECT id FROM message WHERE erased_at IS NULL AND (conversation_id IN (SELECT id FROM"
    " conversation WHERE customer_id IN (SELECT id FROM customer WHERE root_id = $1)) OR"
    " identity_id IN (SELECT id FROM identity WHERE customer_id IN (SELECT id FROM customer WHERE"
    " root_id = $1))) LIMIT $2";
static const char message_alone[] =
    "SELECT id FROM message WHERE erased_at IS NULL AND id = $1 LIMIT $2";

static GArray *list_messages(Db *db, const Running *running, GError **error) {
    gboolean is_customer = running->customer_id != 0;
    return db_query_ids(db, is_customer ? messages_of_customer : message_alone,
                        DB_VALUES(DB_ID(is_customer ? running->customer_id : running->message_id),
                                  DB_INT(ERASED_AT_ONCE)),
                        error);
}

// What is still to be sent leaves no more.
static gboolean cancel_unsent(Db *db, Id message_id, GError **error) {
    gint64 one;
    gboolean is_unsent;
    return db_query_int(db,
                        "SELECT 1 FROM message WHERE id = $1 AND direction = 'out' AND state IN"
                        " ('held', 'queued')",
                        DB_VALUES(DB_ID(message_id)), &one, &is_unsent, error) &&
           (!is_unsent || outbox_cancel(db, message_id, error));
}

static gboolean erase_some(Db *db, const Running *running, GArray *ids, GError **error) {
    Instant now = clock_now();
    for (guint at = 0; at < ids->len; at++) {
        Id id = g_array_index(ids, Id, at);
        if (!cancel_unsent(db, id, error) || !erase_message(db, id, now, error))
            return FALSE;
    }
    return db_run(db,
                  "UPDATE erasure SET message_count = message_count + $2, state = CASE WHEN $2 < $3"
                  " THEN 'purging' ELSE state END WHERE id = $1",
                  DB_VALUES(DB_ID(running->id), DB_INT(ids->len), DB_INT(ERASED_AT_ONCE)), error);
}

// The preview of its conversation may be this message's beginning.
static gboolean clear_preview(Db *db, Id message_id, GError **error) {
    return db_run(db,
                  "UPDATE conversation SET preview = '', version = version + 1 WHERE id = (SELECT"
                  " conversation_id FROM message WHERE id = $1)",
                  DB_VALUES(DB_ID(message_id)), error);
}

gboolean erasure_step(Db *db, gboolean *is_done, GError **error) {
    Running running = {0};
    if (!find_running(db, &running, error))
        return FALSE;
    *is_done = running.id == 0;
    if (*is_done)
        return TRUE;
    g_autoptr(GArray) ids = list_messages(db, &running, error);
    return ids != NULL && db_set_secure(db, TRUE, error) && erase_some(db, &running, ids, error) &&
           (running.message_id == 0 || clear_preview(db, running.message_id, error));
}
