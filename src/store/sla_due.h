// Rows of due times: what is judged, and what came of it. Written by desk/sla_projection alone,
// within writer jobs.
#pragma once

#include "model/sla_clock.h"
#include "store/db.h"

// The waits and episodes (of SlaSubject) of the conversation that go on or ended at since or later,
// and those that have a row as if they went on; INSTANT_NONE: all.
GArray *sla_subject_list(Db *db, Id conversation_id, Instant since,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The events that said so; 0: none yet.
typedef struct {
    Id warned;
    Id breached;
} SlaNotices;

// Adds the row or writes it anew.
gboolean sla_due_save(Db *db, const SlaSubject *subject, const SlaVerdict *verdict,
                      SlaNotices notices, GError **error);
gboolean sla_due_remove(Db *db, const SlaSubject *subject, GError **error);
gboolean sla_due_remove_conversation(Db *db, Id conversation_id, GError **error);

// Brings what lists show of the conversation (sla_due_at ...) in step with its rows.
gboolean sla_due_show(Db *db, Id conversation_id, GError **error);

// Something that has become at risk, or was missed, and of which no event says so yet.
typedef struct {
    Id subject_id;
    SlaTarget target;
    Id conversation_id;
    Id policy_id;
    Instant at; // since when
    Instant due_at;
    Id team_id, assignee_id;
} SlaNews;

// Of SlaNews, the oldest first.
GArray *sla_news_list(Db *db, EventType type, Instant now, guint limit,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
