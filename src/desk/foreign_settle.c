#include "desk/foreign_settle.h"

#include <string.h>

#include "desk/conversation_change.h"
#include "desk/record.h"
#include "store/conversation.h"

static gboolean find_id(Db *db, const char *sql, const char *name, Id *id, GError **error) {
    gboolean found;
    *id = 0;
    return name == NULL || db_query_int(db, sql, DB_VALUES(DB_TEXT(name)), id, &found, error);
}

static void note_unknown(json_t *problems, const ForeignConversation *conversation,
                         const char *format, const char *name, Id id) {
    if (name == NULL || id != 0)
        return;
    g_autofree char *detail = g_strconcat(format, " ", name, " is not known here", NULL);
    foreign_problem_add(problems, conversation->id, NULL, detail);
}

static gboolean find_people(Db *db, const ForeignConversation *conversation,
                            ConversationChange *change, json_t *problems, GError **error) {
    g_autofree char *address =
        conversation->assignee != NULL ? party_address_normalize(conversation->assignee) : NULL;
    if (!find_id(db, "SELECT id FROM agent WHERE email = $1 AND disabled_at IS NULL", address,
                 &change->assignee_id, error) ||
        !find_id(db, "SELECT id FROM team WHERE name = $1", conversation->team, &change->team_id,
                 error))
        return FALSE;
    change->sets_assignee = change->assignee_id != 0;
    change->sets_team = change->team_id != 0;
    note_unknown(problems, conversation, "the agent", address, change->assignee_id);
    note_unknown(problems, conversation, "the team", conversation->team, change->team_id);
    return TRUE;
}

// A status counts from when it was taken there: resolutions of old conversations are old.
static gboolean settle_status(Db *db, const char *status, Instant at, Id conversation_id,
                              GError **error) {
    Conversation now;
    gboolean found;
    if (!conversation_find(db, conversation_id, &now, &found, error))
        return FALSE;
    if (!found || strcmp(now.status, status) == 0)
        return TRUE;
    g_autoptr(Event) event = event_new(EVENT_STATUS_CHANGED, now.id, ACTOR_SYSTEM, 0,
                                       json_pack("{s:s, s:s}", "from", now.status, "to", status));
    if (at != INSTANT_NONE)
        event->occurred_at =
            CLAMP(at, MIN(now.last_message_at, event->recorded_at), event->recorded_at);
    return conversation_set_status(db, now.id, status, error) && record_event(db, event, error);
}

gboolean foreign_settle_state(Db *db, const ForeignConversation *conversation, Id conversation_id,
                              json_t *problems, GError **error) {
    gboolean is_snoozed = conversation->snoozed_until > clock_now() &&
                          g_strcmp0(conversation->status, "snoozed") == 0;
    const char *status = conversation->status;
    ConversationChange change = {.sets_priority = conversation->has_priority,
                                 .priority = conversation->priority,
                                 .add_tags = (const char *const *)conversation->tags};
    if (is_snoozed) {
        change.status = "snoozed";
        change.snoozed_until = conversation->snoozed_until;
    } else if (g_strcmp0(status, "snoozed") == 0) {
        status = "open";
    }
    return find_people(db, conversation, &change, problems, error) &&
           conversation_change(db, conversation_id, &change, 0, error) &&
           (is_snoozed || status == NULL ||
            settle_status(db, status, conversation->at, conversation_id, error));
}
