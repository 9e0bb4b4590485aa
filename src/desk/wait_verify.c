#include "desk/wait_verify.h"

#include <string.h>

#include "desk/wait_folder.h"

#define VERIFY_AT_ONCE 100

// What of a conversation is a projection; each query takes its id, and has so many columns.
typedef struct {
    const char *query;
    int columns;
} Projected;

static const Projected projected[] = {
    {"SELECT waiting_since, sla_target, sla_due_at, sla_warn_at FROM conversation WHERE id = $1",
     4},
    {"SELECT id, conversation_id, episode_id, channel_id, kind, is_first_ever, state, started_at,"
     " ended_at, elapsed_ms, business_ms, calendar_version_id, snoozed_ms, bot_ms, rule_ms,"
     " campaign_ms, survey_ms, delivery_lag_ms, fetch_lag_ms, message_count, last_received_at,"
     " last_event_id, ended_event_id, resolved_event_id, resolved_at, opening_message_id,"
     " answering_message_id, answered_by, answering_channel_id, assignee_at_start,"
     " assignee_at_end, team_at_start, team_at_end, priority_at_start, rule_version"
     " FROM wait WHERE conversation_id = $1 ORDER BY id",
     35},
    {"SELECT x.wait_id, x.channel_id FROM wait_channel x JOIN wait w ON w.id = x.wait_id"
     " WHERE w.conversation_id = $1 ORDER BY x.wait_id, x.channel_id",
     2},
    {"SELECT id, conversation_id, channel_id, number, began_by, started_at, first_wait_id,"
     " first_response_ms, first_resolved_at, last_resolved_at, first_resolved_event_id,"
     " last_resolved_event_id, resolved_by, assignee_at_resolution, team_at_resolution, reopens,"
     " open_since, open_spans, open_ms, first_resolution_business_ms,"
     " last_resolution_business_ms, open_business_ms, merged_into"
     " FROM episode WHERE conversation_id = $1 ORDER BY id",
     23},
    {"SELECT last_occurred_at, last_event_id, begun_by, episodes, episode_id, wait_id, is_complex,"
     " assignee_id, team_id, priority, snoozed_ms, snoozed_since, replies"
     " FROM wait_lane WHERE conversation_id = $1",
     13},
    {"SELECT subject_id, target, channel_id, policy_id, version_id, started_at, ended_at, due_at,"
     " warn_at, breach_at, team_id, assignee_id, warned_event_id, breached_event_id"
     " FROM sla_due WHERE conversation_id = $1 ORDER BY subject_id, target",
     14},
};

static gboolean append_rows(Db *db, const Projected *part, Id conversation_id, GString *text,
                            GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(db, part->query, DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure)) {
        for (int at = 0; at < part->columns; at++)
            g_string_append_printf(text, "%s|",
                                   db_rows_is_null(rows, at) ? "" : db_rows_text(rows, at));
        g_string_append_c(text, '\n');
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

// All projected rows of a few conversations as one text. NULL with an error.
static char *rows_text(Db *db, const GArray *family, GError **error) {
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint at = 0; at < family->len; at++)
        for (gsize part = 0; part < G_N_ELEMENTS(projected); part++)
            if (!append_rows(db, &projected[part], g_array_index(family, Id, at), text, error))
                return NULL;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

// One job's conversations and what came of it.
typedef struct {
    Id after, last;
    gint64 wrong;
    Id example;
} VerifyPart;

static gboolean verify_family(WaitFolder *folder, const GArray *family, VerifyPart *part,
                              GError **error) {
    for (guint at = 0; at < family->len; at++)
        if (!sla_projection_catch_up(folder->db, g_array_index(family, Id, at), error))
            return FALSE;
    g_autofree char *kept = rows_text(folder->db, family, error);
    if (kept == NULL || !wait_folder_fold(folder, g_array_index(family, Id, 0), error))
        return FALSE;
    g_autofree char *folded = rows_text(folder->db, family, error);
    if (folded == NULL)
        return FALSE;
    if (strcmp(kept, folded) != 0) {
        part->wrong++;
        part->example = g_array_index(family, Id, 0);
    }
    return TRUE;
}

static gboolean verify_conversations(WaitFolder *folder, const GArray *ids, VerifyPart *part,
                                     GError **error) {
    for (guint at = 0; at < ids->len; at++) {
        Id id = g_array_index(ids, Id, at);
        g_autoptr(GArray) family = wait_link_family(folder->db, id, error);
        if (family == NULL)
            return FALSE;
        if (g_array_index(family, Id, 0) == id && !verify_family(folder, family, part, error))
            return FALSE;
        part->last = id;
    }
    return TRUE;
}

static gboolean verify_and_undo(Db *db, const GArray *ids, VerifyPart *part, GError **error) {
    WaitFolder folder;
    if (!db_savepoint(db, error))
        return FALSE;
    gboolean is_done =
        wait_folder_init(&folder, db, error) && verify_conversations(&folder, ids, part, error);
    wait_folder_clear(&folder);
    db_savepoint_undo(db);
    return is_done;
}

static gboolean run_part(Db *db, gpointer data, GError **error) {
    VerifyPart *part = data;
    *part = (VerifyPart){.after = part->after};
    g_autoptr(GArray) ids =
        wait_id_list(db_query(db, "SELECT id FROM conversation WHERE id > $1 ORDER BY id LIMIT $2",
                              DB_VALUES(DB_INT(part->after), DB_INT(VERIFY_AT_ONCE)), error),
                     error);
    return ids != NULL && verify_and_undo(db, ids, part, error);
}

gboolean wait_verify(Store *store, VerifyReport *report, GError **error) {
    VerifyPart part = {0};
    gint64 wrong = 0;
    Id example = 0;
    do {
        part.after = part.last;
        if (!writer_run(store_writer(store), run_part, &part, error))
            return FALSE;
        wrong += part.wrong;
        example = part.example != 0 ? part.example : example;
    } while (part.last != 0);
    char text[ID_TEXT_SIZE];
    report->checks++;
    if (wrong > 0)
        verify_report_add(report, "waits_differ_from_events",
                          "conversations whose waits are not what their events give: run "
                          "\"dialogctl reports rebuild\"",
                          wrong, id_format(example, text));
    return TRUE;
}
