// What a macro or a rule does to a conversation, as a list of plain actions. Decoded from JSON
// here, strictly: every error names the action by its place in the list. Pure; desk/action_run
// applies them. A new action is a row of the table in action.c and a case where it is applied.
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/id.h"
#include "model/permission.h"

#define ACTIONS_MAX 20

typedef enum {
    ACTION_ASSIGN_AGENT, // {agent_id}
    ACTION_ASSIGN_TEAM,  // {team_id}
    ACTION_ASSIGN_ME,    // whoever runs the macro; not in rules
    ACTION_UNASSIGN,     // nobody, and no team
    ACTION_SET_STATUS,   // {status}: open, pending, resolved
    ACTION_SNOOZE,       // {until}, or {for_minutes}
    ACTION_ADD_TAG,      // {tag}
    ACTION_REMOVE_TAG,   // {tag}
    ACTION_SET_PRIORITY, // {priority}: -1 to 2
    ACTION_REPLY,     // {canned_id}, or {text, html?, subject?}: templates; at most one in a list
    ACTION_NOTE,      // {text}: a template
    ACTION_SET_FIELD, // {field, value}
    ACTION_NO_REPLY_NEEDED,
    ACTION_CALL_WEBHOOK, // {webhook_id}
    ACTION_NOTIFY_AGENT, // {agent_id}
    ACTION_TYPES,
} ActionType;

typedef struct {
    ActionType type;
    Id id;         // of the agent, team, canned reply or web hook
    char *text;    // status, tag, text of a reply or note, key of a field; or NULL
    char *html;    // of a reply, or NULL
    char *subject; // of a reply, or NULL
    gint64 number; // priority, minutes
    Instant until; // of a snooze, or INSTANT_NONE
    json_t *value; // of a field; owned
} Action;

typedef struct {
    GPtrArray *actions; // of Action
} ActionList;

// A JSON array of 1 to ACTIONS_MAX actions: {"action": "add_tag", "tag": "vip"}. is_rule: refuses
// what only a person can do. NULL with an error (invalid).
ActionList *action_list_decode(const json_t *json, gboolean is_rule,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void action_list_free(ActionList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ActionList, action_list_free)

// The first action of the type, or NULL.
const Action *action_list_find(const ActionList *list, ActionType type);

// "add_tag".
const char *action_type_name(ActionType type);

// What whoever runs it must be allowed to do.
Permission action_type_permission(ActionType type);
