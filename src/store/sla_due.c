#include "store/sla_due.h"

// Those of waits, and those of episodes that did not go on in another one.
static const char subjects_sql[] =
    "SELECT w.id, CASE w.kind WHEN 'first' THEN 0 ELSE 1 END, w.channel_id, w.started_at,"
    " w.ended_at FROM wait w WHERE w.conversation_id = $1 AND (w.ended_at IS NULL"
    " OR w.ended_at >= $2 OR EXISTS (SELECT 1 FROM sla_due d WHERE d.subject_id = w.id"
    " AND d.target <> 'resolution' AND d.ended_at IS NULL))"
    " UNION ALL SELECT e.id, 2, e.channel_id, e.started_at,"
    " CASE WHEN e.open_since IS NULL THEN e.last_resolved_at END FROM episode e"
    " WHERE e.conversation_id = $1 AND e.merged_into IS NULL AND (e.open_since IS NOT NULL"
    " OR e.last_resolved_at >= $2 OR EXISTS (SELECT 1 FROM sla_due d WHERE d.subject_id = e.id"
    " AND d.target = 'resolution' AND d.ended_at IS NULL))";

GArray *sla_subject_list(Db *db, Id conversation_id, Instant since, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(SlaSubject));
    g_autoptr(DbRows) rows =
        db_query(db, subjects_sql, DB_VALUES(DB_ID(conversation_id), DB_INT(since)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        SlaSubject subject = {
            .id = db_rows_id(rows, 0),
            .target = (SlaTarget)db_rows_int(rows, 1),
            .conversation_id = conversation_id,
            .channel_id = db_rows_id(rows, 2),
            .started_at = db_rows_int(rows, 3),
            .ended_at = db_rows_instant(rows, 4),
        };
        g_array_append_val(list, subject);
    }
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

gboolean sla_due_save(Db *db, const SlaSubject *subject, const SlaVerdict *verdict,
                      SlaNotices notices, GError **error) {
    return db_run(
        db,
        "INSERT INTO sla_due (subject_id, target, conversation_id, channel_id, policy_id,"
        " version_id, started_at, ended_at, due_at, warn_at, breach_at, team_id, assignee_id,"
        " warned_event_id, breached_event_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        " ON CONFLICT (subject_id, target) DO UPDATE SET conversation_id = $3, channel_id = $4,"
        " policy_id = $5, version_id = $6, started_at = $7, ended_at = $8, due_at = $9,"
        " warn_at = $10, breach_at = $11, team_id = $12, assignee_id = $13,"
        " warned_event_id = $14, breached_event_id = $15",
        DB_VALUES(DB_ID(subject->id), DB_TEXT(sla_target_name(subject->target)),
                  DB_ID(subject->conversation_id), DB_ID(subject->channel_id),
                  DB_ID(verdict->policy_id), DB_ID(verdict->version_id),
                  DB_INT(subject->started_at), DB_INSTANT(subject->ended_at),
                  DB_INSTANT(verdict->due_at), DB_INSTANT(verdict->warn_at),
                  DB_INSTANT(verdict->breach_at), DB_ID(verdict->team_id),
                  DB_ID(verdict->assignee_id), DB_ID(notices.warned), DB_ID(notices.breached)),
        error);
}

gboolean sla_due_remove(Db *db, const SlaSubject *subject, GError **error) {
    return db_run(db, "DELETE FROM sla_due WHERE subject_id = $1 AND target = $2",
                  DB_VALUES(DB_ID(subject->id), DB_TEXT(sla_target_name(subject->target))), error);
}

gboolean sla_due_remove_conversation(Db *db, Id conversation_id, GError **error) {
    return db_run(db, "DELETE FROM sla_due WHERE conversation_id = $1",
                  DB_VALUES(DB_ID(conversation_id)), error);
}

gboolean sla_due_show(Db *db, Id conversation_id, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autofree char *target = NULL;
    Instant due_at = INSTANT_NONE;
    Instant warn_at = INSTANT_NONE;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT target, due_at, warn_at FROM sla_due WHERE conversation_id = $1"
                 " AND ended_at IS NULL AND due_at IS NOT NULL ORDER BY due_at, target LIMIT 1",
                 DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &failure)) {
        target = g_strdup(db_rows_text(rows, 0));
        due_at = db_rows_instant(rows, 1);
        warn_at = db_rows_instant(rows, 2);
    }
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return db_run(
        db,
        "UPDATE conversation SET sla_target = $2, sla_due_at = $3, sla_warn_at = $4"
        " WHERE id = $1 AND (sla_target IS DISTINCT FROM $2"
        " OR sla_due_at IS DISTINCT FROM $3 OR sla_warn_at IS DISTINCT FROM $4)",
        DB_VALUES(DB_ID(conversation_id), DB_TEXT(target), DB_INSTANT(due_at), DB_INSTANT(warn_at)),
        error);
}

#define NEWS_COLUMNS "subject_id, target, conversation_id, policy_id, due_at, team_id, assignee_id"

static const char warnings_sql[] =
    "SELECT " NEWS_COLUMNS ", warn_at FROM sla_due WHERE warned_event_id IS NULL"
    " AND ended_at IS NULL AND warn_at <= $1 ORDER BY warn_at LIMIT $2";

// Also what ended since: it was missed all the same.
static const char breaches_sql[] =
    "SELECT " NEWS_COLUMNS ", breach_at FROM sla_due WHERE breached_event_id IS NULL"
    " AND breach_at <= $1 ORDER BY breach_at LIMIT $2";

GArray *sla_news_list(Db *db, EventType type, Instant now, guint limit, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(SlaNews));
    g_autoptr(DbRows) rows = db_query(db, type == EVENT_SLA_WARNED ? warnings_sql : breaches_sql,
                                      DB_VALUES(DB_INSTANT(now), DB_INT(limit)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        SlaNews news = {
            .subject_id = db_rows_id(rows, 0),
            .conversation_id = db_rows_id(rows, 2),
            .policy_id = db_rows_id(rows, 3),
            .due_at = db_rows_instant(rows, 4),
            .team_id = db_rows_id(rows, 5),
            .assignee_id = db_rows_id(rows, 6),
            .at = db_rows_instant(rows, 7),
        };
        if (sla_target_parse(db_rows_text(rows, 1), &news.target))
            g_array_append_val(list, news);
    }
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}
