#include "desk/retention.h"

#include <string.h>

#include "base/error.h"
#include "desk/erasure.h"
#include "desk/record.h"
#include "store/audit.h"
#include "store/db_open.h"
#include "store/erase.h"

#define DAY_MS (24 * G_GINT64_CONSTANT(3600000))
#define MESSAGES_AT_ONCE 100 // of one conversation, which is one step
#define ROWS_AT_ONCE 200

// Conversations in the order of their index, after the cursor.
#define FINISHED                                                                                   \
    "FROM conversation WHERE status = 'resolved' AND merged_into IS NULL AND last_message_at < $1" \
    " AND (last_message_at, id) > ($2, $3) AND waiting_since IS NULL AND is_held = 0 AND"          \
    " ($4 = 0 OR channel_id = $4) AND ($5 = '' OR channel_id IN (SELECT id FROM channel WHERE"     \
    " kind = $5)) AND NOT EXISTS (SELECT 1 FROM customer JOIN customer AS root ON root.id ="       \
    " customer.root_id WHERE customer.id = conversation.customer_id AND root.is_held = 1) AND"     \
    " NOT EXISTS (SELECT 1 FROM wait WHERE conversation_id = conversation.id AND state = 'open') "

typedef struct {
    Id id;
    char what[32];
    Instant before; // older than that
    Id channel_id;
    char channel_kind[32];
    Instant cursor_at;
    Id cursor_id;
    gint64 run_count;
} Rule;

typedef gboolean (*EraseOne)(Db *db, Id message_id, GError **error);

static gboolean erase_texts(Db *db, Id message_id, GError **error) {
    return erase_message(db, message_id, clock_now(), error);
}

// What can be kept for a time. Of conversations: which of their messages are concerned, and what is
// done to one; of logs: how old rows go.
static const struct {
    const char *what;
    const char *messages; // condition of a message that still has it; NULL: a log
    EraseOne erase;
    const char *oldest; // how many of the oldest rows are too old
    const char *remove; // NULL: erase_unread
} kinds[] = {
    {"texts", "erased_at IS NULL", erase_texts, NULL, NULL},
    {"attachments", "EXISTS (SELECT 1 FROM attachment WHERE message_id = message.id)",
     erase_attachments, NULL, NULL},
    {"raw_mails", "raw_sha256 IS NOT NULL", erase_raw, NULL, NULL},
    {"audit", NULL, NULL, "SELECT count(*) FROM audit WHERE recorded_at < $1",
     "DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id, recorded_at FROM audit ORDER BY id"
     " LIMIT $2) AS oldest WHERE recorded_at < $1)"},
    {"unread_mails", NULL, NULL,
     "SELECT count(*) FROM intake WHERE state IN ('quarantined', 'refused') AND received_at < $1"
     " AND (envelope IS NOT NULL OR raw IS NOT NULL OR raw_sha256 IS NOT NULL)",
     NULL},
    {"rule_runs", NULL, NULL, "SELECT count(*) FROM rule_run WHERE recorded_at < $1",
     "DELETE FROM rule_run WHERE id IN (SELECT id FROM (SELECT id, recorded_at FROM rule_run ORDER"
     " BY id LIMIT $2) AS oldest WHERE recorded_at < $1)"},
};

static gssize kind_of(const char *what) {
    for (gsize at = 0; at < G_N_ELEMENTS(kinds); at++)
        if (strcmp(kinds[at].what, what) == 0)
            return (gssize)at;
    return -1;
}

gboolean retention_is_known(const char *what) {
    return kind_of(what) >= 0;
}

static void read_row(DbRows *rows, Instant now, Rule *rule) {
    *rule = (Rule){.id = db_rows_id(rows, 0),
                   .before = now - db_rows_int(rows, 2) * DAY_MS,
                   .channel_id = db_rows_id(rows, 3),
                   .cursor_at = db_rows_int(rows, 5),
                   .cursor_id = db_rows_int(rows, 6),
                   .run_count = db_rows_int(rows, 7)};
    const char *channel_kind = db_rows_text(rows, 4);
    g_strlcpy(rule->what, db_rows_text(rows, 1), sizeof rule->what);
    g_strlcpy(rule->channel_kind, channel_kind != NULL ? channel_kind : "",
              sizeof rule->channel_kind);
}

#define RULE_COLUMNS                                                                               \
    "SELECT id, what, days, channel_id, channel_kind, cursor_at, cursor_id, run_count FROM "       \
    "retention_rule "

// *found: whether there was one.
static gboolean read_rule(Db *db, const char *sql, gint64 value, Instant now, Rule *rule,
                          gboolean *found, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_INT(value)), error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &problem);
    if (*found)
        read_row(rows, now, rule);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean count_messages(Db *db, const Rule *rule, const char *condition,
                               RetentionForecast *forecast, GError **error) {
    gboolean found;
    g_autofree char *conversations =
        g_strconcat("SELECT count(*) " FINISHED " AND EXISTS (SELECT 1 FROM message WHERE"
                    " conversation_id = conversation.id AND ",
                    condition, ")", NULL);
    g_autofree char *rows = g_strconcat("SELECT count(*) FROM message WHERE ", condition,
                                        " AND conversation_id IN (SELECT id " FINISHED ")", NULL);
    const DbValue values[] = {DB_INT(rule->before), DB_INT(0), DB_INT(0), DB_INT(rule->channel_id),
                              DB_TEXT(rule->channel_kind)};
    return db_query_int(db, conversations, values, G_N_ELEMENTS(values), &forecast->conversations,
                        &found, error) &&
           db_query_int(db, rows, values, G_N_ELEMENTS(values), &forecast->rows, &found, error);
}

gboolean retention_forecast(Db *db, Id rule_id, Instant now, RetentionForecast *forecast,
                            GError **error) {
    Rule rule;
    gboolean found;
    *forecast = (RetentionForecast){0};
    if (!read_rule(db, RULE_COLUMNS "WHERE id = $1", rule_id, now, &rule, &found, error))
        return FALSE;
    if (!found) {
        error_set(error, ERROR_NOT_FOUND, "retention_unknown", "there is no such rule");
        return FALSE;
    }
    gssize kind = kind_of(rule.what);
    if (kinds[kind].messages != NULL)
        return count_messages(db, &rule, kinds[kind].messages, forecast, error);
    return db_query_int(db, kinds[kind].oldest, DB_VALUES(DB_INT(rule.before)), &forecast->rows,
                        &found, error);
}

// The next conversation after the cursor. *found tells.
static gboolean next_conversation(Db *db, const Rule *rule, Id *id, Instant *at, gboolean *found,
                                  GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT id, last_message_at " FINISHED " ORDER BY last_message_at, id LIMIT 1",
                 DB_VALUES(DB_INT(rule->before), DB_INT(rule->cursor_at), DB_INT(rule->cursor_id),
                           DB_INT(rule->channel_id), DB_TEXT(rule->channel_kind)),
                 error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &problem);
    *id = *found ? db_rows_id(rows, 0) : 0;
    *at = *found ? db_rows_int(rows, 1) : 0;
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static GArray *list_messages(Db *db, const char *condition, Id conversation_id, GError **error) {
    g_autofree char *sql = g_strconcat("SELECT id FROM message WHERE conversation_id = $1 AND ",
                                       condition, " LIMIT $2", NULL);
    return db_query_ids(db, sql, DB_VALUES(DB_ID(conversation_id), DB_INT(MESSAGES_AT_ONCE)),
                        error);
}

static gboolean close_conversation(Db *db, const Rule *rule, Id id, GError **error) {
    return strcmp(rule->what, "texts") != 0 ||
           (erase_conversation(db, id, clock_now(), error) &&
            record_happening(db, EVENT_ERASED, id, ACTOR_SYSTEM, 0, json_pack("{s:n}", "customer"),
                             error));
}

static gboolean note_progress(Db *db, const Rule *rule, Instant at, Id id, gint64 count,
                              GError **error) {
    return db_run(db,
                  "UPDATE retention_rule SET is_running = 1, cursor_at = $2, cursor_id = $3,"
                  " run_count = run_count + $4 WHERE id = $1",
                  DB_VALUES(DB_ID(rule->id), DB_INT(at), DB_INT(id), DB_INT(count)), error);
}

// One conversation, or some messages of it. *is_done: there is none any more.
static gboolean take_conversation(Db *db, const Rule *rule, gssize kind, gboolean *is_done,
                                  GError **error) {
    Id id;
    Instant at;
    gboolean found;
    if (!next_conversation(db, rule, &id, &at, &found, error))
        return FALSE;
    *is_done = !found;
    if (!found)
        return TRUE;
    g_autoptr(GArray) messages = list_messages(db, kinds[kind].messages, id, error);
    for (guint index = 0; messages != NULL && index < messages->len; index++)
        if (!kinds[kind].erase(db, g_array_index(messages, Id, index), error))
            return FALSE;
    if (messages == NULL)
        return FALSE;
    if (messages->len == MESSAGES_AT_ONCE) // more of it next time
        return note_progress(db, rule, rule->cursor_at, rule->cursor_id, messages->len, error);
    return (messages->len == 0 || close_conversation(db, rule, id, error)) &&
           note_progress(db, rule, at, id, messages->len, error);
}

static gboolean take_rows(Db *db, const Rule *rule, gssize kind, gboolean *is_done,
                          GError **error) {
    gint64 changed = 0;
    gboolean is_taken = kinds[kind].remove == NULL
                            ? erase_unread(db, rule->before, &changed, error)
                            : db_run_counted(db, kinds[kind].remove,
                                             DB_VALUES(DB_INT(rule->before), DB_INT(ROWS_AT_ONCE)),
                                             &changed, error);
    if (!is_taken)
        return FALSE;
    *is_done = changed == 0;
    return *is_done || note_progress(db, rule, 0, 0, changed, error);
}

// The run is over: an audit row, and what was emptied is purged from the disk.
static gboolean finish(Db *db, const Rule *rule, Instant now, GError **error) {
    json_t *data =
        json_pack("{s:s, s:I}", "what", rule->what, "count", (json_int_t)rule->run_count);
    return db_run(db,
                  "UPDATE retention_rule SET is_running = 0, cursor_at = 0, cursor_id = 0,"
                  " last_run_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(rule->id), DB_INSTANT(now)), error) &&
           audit_add(db, ACTOR_SYSTEM, 0, "retention_run", "retention_rule", rule->id, data,
                     error) &&
           (rule->run_count == 0 || erasure_begin_purge(db, rule->run_count, error));
}

static gboolean begin(Db *db, Rule *rule, GError **error) {
    if (rule->cursor_id != 0)
        return TRUE;
    return db_run(db,
                  "UPDATE retention_rule SET run_count = CASE WHEN is_running = 1 THEN run_count"
                  " ELSE 0 END, is_running = 1 WHERE id = $1",
                  DB_VALUES(DB_ID(rule->id)), error);
}

gboolean retention_step(Db *db, Instant now, gboolean *is_done, GError **error) {
    Rule rule;
    gboolean found;
    gboolean is_over = FALSE;
    if (!read_rule(db,
                   RULE_COLUMNS "WHERE is_active = 1 AND (is_running = 1 OR coalesce(last_run_at,"
                                " 0) <= $1) ORDER BY is_running DESC, id LIMIT 1",
                   now - DAY_MS, now, &rule, &found, error))
        return FALSE;
    *is_done = !found;
    if (!found)
        return TRUE;
    gssize kind = kind_of(rule.what);
    gboolean is_taken =
        begin(db, &rule, error) && db_set_secure(db, TRUE, error) &&
        (kinds[kind].messages != NULL ? take_conversation(db, &rule, kind, &is_over, error)
                                      : take_rows(db, &rule, kind, &is_over, error));
    return is_taken && (!is_over || finish(db, &rule, now, error));
}

gboolean retention_begin_all(Db *db, GError **error) {
    return db_run(db, "UPDATE retention_rule SET last_run_at = NULL WHERE is_active = 1",
                  DB_NO_VALUES, error);
}
