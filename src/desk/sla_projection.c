#include "desk/sla_projection.h"

#include "model/sla_clock.h"
#include "store/event.h"
#include "store/sla_due.h"
#include "store/sla_policy.h"
#include "store/wait.h"

gboolean sla_folder_init(SlaFolder *folder, Db *db, CalendarShelf *calendars, Instant since,
                         GError **error) {
    gboolean has_any;
    *folder = (SlaFolder){.db = db, .calendars = calendars};
    if (!sla_policy_has_any(db, &has_any, error))
        return FALSE;
    if (has_any)
        folder->versions = sla_version_list(db, since, error);
    return !has_any || folder->versions != NULL;
}

void sla_folder_clear(SlaFolder *folder) {
    g_clear_pointer(&folder->versions, g_ptr_array_unref);
}

static gboolean judge(SlaFolder *folder, const SlaSubject *subject,
                      const ConversationHistory *history, GError **error) {
    const Calendar *calendar;
    SlaVerdict verdict;
    if (!calendar_shelf_find(folder->calendars, subject->channel_id, &calendar, error))
        return FALSE;
    if (!sla_clock_judge(subject, history, folder->versions, calendar, &verdict))
        return sla_due_remove(folder->db, subject, error);
    SlaNotices notices = {
        .warned = conversation_history_find_notice(history, EVENT_SLA_WARNED, subject->id,
                                                   subject->target),
        .breached = conversation_history_find_notice(history, EVENT_SLA_BREACHED, subject->id,
                                                     subject->target),
    };
    return sla_due_save(folder->db, subject, &verdict, notices, error);
}

static gboolean judge_all(SlaFolder *folder, Id conversation_id, const GArray *subjects,
                          const ConversationHistory *history, GError **error) {
    for (guint at = 0; at < subjects->len; at++)
        if (!judge(folder, &g_array_index(subjects, SlaSubject, at), history, error))
            return FALSE;
    return sla_due_show(folder->db, conversation_id, error);
}

static gboolean judge_conversation(SlaFolder *folder, Id conversation_id,
                                   const ConversationHistory *history, GError **error) {
    g_autoptr(GArray) subjects = sla_subject_list(folder->db, conversation_id, INSTANT_NONE, error);
    return subjects != NULL && judge_all(folder, conversation_id, subjects, history, error);
}

gboolean sla_folder_fold(SlaFolder *folder, const GArray *family, const GPtrArray *events,
                         GError **error) {
    if (folder->versions == NULL)
        return TRUE;
    g_autoptr(ConversationHistory) history = conversation_history_new(events);
    for (guint at = 0; at < family->len; at++) {
        Id id = g_array_index(family, Id, at);
        if (!sla_due_remove_conversation(folder->db, id, error) ||
            !judge_conversation(folder, id, history, error))
            return FALSE;
    }
    return TRUE;
}

static ConversationHistory *read_history(Db *db, Id conversation_id, GError **error) {
    g_autoptr(GArray) family = wait_link_family(db, conversation_id, error);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    if (family == NULL)
        return NULL;
    for (guint at = 0; at < family->len; at++) {
        GPtrArray *events = event_list_of_standing(db, g_array_index(family, Id, at), error);
        if (events == NULL)
            return NULL;
        g_ptr_array_extend_and_steal(all, events);
    }
    return conversation_history_new(all);
}

static gboolean refresh(SlaFolder *folder, Id conversation_id, const GArray *subjects,
                        GError **error) {
    g_autoptr(ConversationHistory) history = read_history(folder->db, conversation_id, error);
    return history != NULL && judge_all(folder, conversation_id, subjects, history, error);
}

static Instant first_start(const GArray *subjects) {
    Instant first = G_MAXINT64;
    for (guint at = 0; at < subjects->len; at++)
        first = MIN(first, g_array_index(subjects, SlaSubject, at).started_at);
    return first;
}

// Judges what goes on, or ended at the event or later.
static gboolean step(Db *db, const Event *event, GError **error) {
    SlaFolder folder;
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    g_autoptr(GArray) subjects =
        sla_subject_list(db, event->conversation_id, event->occurred_at, error);
    gboolean is_done =
        subjects != NULL && sla_folder_init(&folder, db, calendars, first_start(subjects), error);
    if (!is_done)
        return FALSE;
    is_done = subjects->len == 0 || refresh(&folder, event->conversation_id, subjects, error);
    sla_folder_clear(&folder);
    return is_done;
}

gboolean sla_projection_step(Db *db, const Event *event, GError **error) {
    gboolean has_any;
    return sla_policy_has_any(db, &has_any, error) && (!has_any || step(db, event, error));
}

static gboolean refresh_since(SlaFolder *folder, Id conversation_id, Instant since,
                              GError **error) {
    g_autoptr(GArray) subjects = sla_subject_list(folder->db, conversation_id, since, error);
    return subjects != NULL && refresh(folder, conversation_id, subjects, error);
}

static gboolean refresh_all(Db *db, GArray *conversations, Instant since, GError **error) {
    SlaFolder folder;
    g_autoptr(GArray) ids = conversations;
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    if (ids == NULL || !sla_folder_init(&folder, db, calendars, INSTANT_NONE, error))
        return FALSE;
    gboolean is_done = TRUE;
    for (guint at = 0; folder.versions != NULL && is_done && at < ids->len; at++)
        is_done = refresh_since(&folder, g_array_index(ids, Id, at), since, error);
    sla_folder_clear(&folder);
    return is_done;
}

gboolean sla_projection_follow_calendar(Db *db, Id calendar_id, Instant valid_from,
                                        GError **error) {
    return refresh_all(
        db,
        wait_id_list(db_query(db,
                              "SELECT DISTINCT conversation_id FROM sla_due WHERE channel_id IN"
                              " (SELECT id FROM channel WHERE calendar_id = $1)"
                              " AND (ended_at IS NULL OR ended_at > $2)",
                              DB_VALUES(DB_ID(calendar_id), DB_INT(valid_from)), error),
                     error),
        valid_from, error);
}

#define JUDGED_AT_ONCE 200
#define ONLY_WHAT_GOES_ON G_MAXINT64 // what ends meanwhile is judged as it ends

static gboolean forget_pending(Db *db, const GArray *ids, GError **error) {
    for (guint at = 0; at < ids->len; at++)
        if (!db_run(db, "DELETE FROM sla_pending WHERE conversation_id = $1",
                    DB_VALUES(DB_ID(g_array_index(ids, Id, at))), error))
            return FALSE;
    return TRUE;
}

static gboolean judge_pending(Db *db, DbRows *rows, GError **error) {
    GArray *ids = wait_id_list(rows, error);
    if (ids == NULL)
        return FALSE;
    if (forget_pending(db, ids, error))
        return refresh_all(db, ids, ONLY_WHAT_GOES_ON, error);
    g_array_unref(ids);
    return FALSE;
}

gboolean sla_projection_go_on(Db *db, guint limit, GError **error) {
    return judge_pending(
        db,
        db_query(db, "SELECT conversation_id FROM sla_pending ORDER BY conversation_id LIMIT $1",
                 DB_VALUES(DB_INT(limit)), error),
        error);
}

gboolean sla_projection_catch_up(Db *db, Id conversation_id, GError **error) {
    return judge_pending(
        db,
        db_query(db, "SELECT conversation_id FROM sla_pending WHERE conversation_id = $1",
                 DB_VALUES(DB_ID(conversation_id)), error),
        error);
}

gboolean sla_projection_follow_policy(Db *db, GError **error) {
    return db_run(db,
                  "INSERT INTO sla_pending (conversation_id)"
                  " SELECT conversation_id FROM wait WHERE state = 'open'"
                  " UNION SELECT conversation_id FROM episode WHERE open_since IS NOT NULL"
                  " ON CONFLICT (conversation_id) DO NOTHING",
                  DB_NO_VALUES, error) &&
           sla_projection_go_on(db, JUDGED_AT_ONCE, error);
}
