#include "model/event.h"

#include <string.h>

static const char *const type_names[EVENT_TYPES] = {
    [EVENT_CONVERSATION_BEGUN] = "conversation_begun",
    [EVENT_MESSAGE_RECEIVED] = "message_received",
    [EVENT_ALSO_DELIVERED] = "also_delivered",
    [EVENT_REPLY_WRITTEN] = "reply_written",
    [EVENT_MESSAGE_SENT] = "message_sent",
    [EVENT_REPLY_FAILED] = "reply_failed",
    [EVENT_REPLY_UNKNOWN] = "reply_unknown",
    [EVENT_NOTE_ADDED] = "note_added",
    [EVENT_STATUS_CHANGED] = "status_changed",
    [EVENT_ASSIGNED] = "assigned",
    [EVENT_SNOOZED] = "snoozed",
    [EVENT_UNSNOOZED] = "unsnoozed",
    [EVENT_NO_REPLY_NEEDED] = "no_reply_needed",
    [EVENT_MERGED] = "merged",
    [EVENT_UNMERGED] = "unmerged",
    [EVENT_JOINED] = "joined",
    [EVENT_SPLIT] = "split",
    [EVENT_UNSPLIT] = "unsplit",
    [EVENT_MOVED] = "moved",
    [EVENT_CUSTOMER_MERGED] = "customer_merged",
    [EVENT_CUSTOMER_UNMERGED] = "customer_unmerged",
    [EVENT_TAGGED] = "tagged",
    [EVENT_PRIORITISED] = "prioritised",
    [EVENT_EDITED] = "edited",
    [EVENT_REMOVED] = "removed",
    [EVENT_REACTED] = "reacted",
    [EVENT_CALL_LOGGED] = "call_logged",
    [EVENT_CALL_CHANGED] = "call_changed",
    [EVENT_CALL_REVOKED] = "call_revoked",
    [EVENT_CUSTOMER_CHANGED] = "customer_changed",
    [EVENT_COMPANY_CHANGED] = "company_changed",
    [EVENT_ERASED] = "erased",
    [EVENT_DELIVERY_CHANGED] = "delivery_changed",
    [EVENT_FIELD_CHANGED] = "field_changed",
    [EVENT_DRAFT_CHANGED] = "draft_changed",
    [EVENT_MENTIONED] = "mentioned",
    [EVENT_FOLLOWED] = "followed",
    [EVENT_PARTICIPANT_CHANGED] = "participant_changed",
    [EVENT_LINKED] = "linked",
    [EVENT_SCHEDULED] = "scheduled",
    [EVENT_TAG_CHANGED] = "tag_changed",
    [EVENT_CALENDAR_CHANGED] = "calendar_changed",
    [EVENT_CHANNEL_CHANGED] = "channel_changed",
    [EVENT_VIEW_CHANGED] = "view_changed",
    [EVENT_WEBHOOK_CHANGED] = "webhook_changed",
    [EVENT_AVAILABILITY_CHANGED] = "availability_changed",
    [EVENT_SLA_POLICY_CHANGED] = "sla_policy_changed",
    [EVENT_SLA_WARNED] = "sla_warned",
    [EVENT_SLA_BREACHED] = "sla_breached",
};

static const char *const actor_names[ACTORS] = {
    [ACTOR_CUSTOMER] = "customer", [ACTOR_AGENT] = "agent",       [ACTOR_BOT] = "bot",
    [ACTOR_RULE] = "rule",         [ACTOR_CAMPAIGN] = "campaign", [ACTOR_SURVEY] = "survey",
    [ACTOR_SYSTEM] = "system",
};

static gboolean name_find(const char *const *names, guint count, const char *name, guint *index) {
    for (guint at = 0; at < count; at++)
        if (strcmp(names[at], name) == 0) {
            *index = at;
            return TRUE;
        }
    return FALSE;
}

const char *event_type_name(EventType type) {
    return type_names[type];
}

gboolean event_type_parse(const char *name, EventType *type) {
    guint index;
    if (!name_find(type_names, EVENT_TYPES, name, &index))
        return FALSE;
    *type = (EventType)index;
    return TRUE;
}

const char *actor_name(Actor actor) {
    return actor_names[actor];
}

gboolean actor_parse(const char *name, Actor *actor) {
    guint index;
    if (!name_find(actor_names, ACTORS, name, &index))
        return FALSE;
    *actor = (Actor)index;
    return TRUE;
}

void event_free(Event *event) {
    if (event == NULL)
        return;
    json_decref(event->data);
    g_free(event);
}
