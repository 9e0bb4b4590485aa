// Events: what happened, in ids and values, never texts or addresses. The append-only truth from
// which waits, episodes and counters are folded (metrics.md "The event log is the source of
// truth"). Written by desk/ through store/event.h, read by model/wait_fold and the live streams.
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/id.h"

// The members of data that each type bears stand beside it; instants in milliseconds, ids as JSON
// integers. What the waits are folded from says exactly what it must mean (model/wait_fold.h).
typedef enum {
    EVENT_CONVERSATION_BEGUN, // {}
    EVENT_MESSAGE_RECEIVED, // {received_at, automatic: bool, answered: bool?}; occurred_at: when it
                            // reached the channel; channel_id: the conversation's home; actor:
                            // customer; answered: a call that a person took, nothing is owed
    EVENT_ALSO_DELIVERED, // {} message_id, which has its message_received, reached channel_id, too
    EVENT_REPLY_WRITTEN,  // {} a reply is held or queued; occurred_at: when it was written; author
                          // in actor
    EVENT_MESSAGE_SENT,   // {written_at, phone: bool?, forward: bool?} channel_id accepted it at
                        // occurred_at; author in actor; written_at absent: occurred_at (found in a
                        // Sent folder, a phone call); forward: to a third party
    EVENT_REPLY_FAILED,    // {} refused for good, or cancelled by undo
    EVENT_REPLY_UNKNOWN,   // {} its outcome is not known
    EVENT_NOTE_ADDED,      // {}
    EVENT_STATUS_CHANGED,  // {from, to}: open, pending, snoozed, resolved
    EVENT_ASSIGNED,        // {from, to, team_from, team_to, why?}: ids or null; why: by itself, and
                           // how it was chosen {mode, cause, ...}
    EVENT_SNOOZED,         // {until}
    EVENT_UNSNOOZED,       // {}
    EVENT_NO_REPLY_NEEDED, // {}
    EVENT_MERGED,          // {from}: that conversation was merged into this one, by hand
    EVENT_UNMERGED,        // {from, messages: [ids]?}: messages: those that came since and leave
                           // with from
    EVENT_JOINED,          // {from}: threading joined that conversation into this one by itself
    EVENT_SPLIT,           // {to, messages: [ids]}: to is a new conversation
    EVENT_UNSPLIT,         // {to}: all of to comes back
    EVENT_MOVED,           // {channel_from, channel_to}
    EVENT_CUSTOMER_MERGED, // {from, to}
    EVENT_CUSTOMER_UNMERGED, // {from, to}
    EVENT_TAGGED,            // {tag, added: bool}
    EVENT_PRIORITISED,       // {from, to}
    EVENT_EDITED,            // {} a message's text changed
    EVENT_REMOVED,           // {} a message was withdrawn by its writer
    EVENT_REACTED,           // {}
    EVENT_CALL_LOGGED,  // {kind, direction, outcome, duration_ms}: message_id; what it counts as is
                        // a message_sent or message_received beside it
    EVENT_CALL_CHANGED, // the same, as it is now
    EVENT_CALL_REVOKED, // {event}: that event of message_id counts no longer
    EVENT_CUSTOMER_CHANGED, // {customer, what, id?}: what: a word of desk/customer_change.h; id:
                            // the identity, note or consent
    EVENT_COMPANY_CHANGED,  // {company, what}: added, changed, removed
    EVENT_ERASED, // {customer: id or null} message_id, or all of a customer's: texts are gone
    EVENT_DELIVERY_CHANGED, // {state}: delivered, read of a message that we sent; also attachment
                            // fetched
    EVENT_FIELD_CHANGED,    // {field, set: bool} a custom field of the conversation
    EVENT_DRAFT_CHANGED,    // {draft, owner: id or 0, rev, removed: bool}; owner 0: the shared one
    EVENT_MENTIONED,        // {agents: [ids], teams: [ids]} in note message_id
    EVENT_FOLLOWED,         // {agent, following: bool}
    EVENT_PARTICIPANT_CHANGED,  // {removed: bool}
    EVENT_LINKED,               // {link, other: id or null, removed: bool}
    EVENT_SCHEDULED,            // {send_at} reply message_id leaves then, or no sooner than before
    EVENT_TAG_CHANGED,          // {tag, into: id or null, removed: bool} the tag itself
    EVENT_CALENDAR_CHANGED,     // {calendar, version}
    EVENT_CHANNEL_CHANGED,      // {channel, waits: bool?}; channel_id too; waits: its calendar or
                                // waits_from changed
    EVENT_WEBHOOK_CHANGED,      // {webhook}
    EVENT_AVAILABILITY_CHANGED, // {agent, from, to, until}: by hand; until null: until set anew
    EVENT_SLA_POLICY_CHANGED,   // {policy, version}
    EVENT_SLA_WARNED,   // {subject, target, policy, due_at}: a wait or episode is at risk from
                        // occurred_at on; once for each target
    EVENT_SLA_BREACHED, // {subject, target, policy, due_at, assignee, team}: it was missed at
                        // occurred_at; once for each target
    EVENT_VIEW_CHANGED, // {view, removed: bool} a shared one
    EVENT_TYPES,        // how many there are
} EventType;

const char *event_type_name(EventType type); // "message_received"
gboolean event_type_parse(const char *name, EventType *type);

// Who did it.
typedef enum {
    ACTOR_CUSTOMER,
    ACTOR_AGENT, // a person who works here; the only one whose messages answer a wait
    ACTOR_BOT,
    ACTOR_RULE,
    ACTOR_CAMPAIGN,
    ACTOR_SURVEY,
    ACTOR_SYSTEM,
    ACTORS,
} Actor;

const char *actor_name(Actor actor);
gboolean actor_parse(const char *name, Actor *actor);

typedef struct {
    Id id;
    gint64 seq;         // dense; 0 until stored
    Id conversation_id; // 0: about none
    Id channel_id;      // 0: about none
    EventType type;
    Actor actor;
    Id actor_id;   // agent or identity; 0: none
    Id message_id; // 0: none
    Instant occurred_at;
    Instant recorded_at;
    json_t *data; // object; owned; NULL means {}
} Event;

void event_free(Event *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Event, event_free)
