#include "model/rule.h"

#include <string.h>

#include "base/error.h"

#define NAME_CHARACTERS_MAX 200
#define MINUTES_MAX (366 * 24 * 60)

typedef struct {
    const char *name;
    EventType type;
} TriggerRow;

static const TriggerRow triggers[] = {
    {"conversation_begun", EVENT_CONVERSATION_BEGUN},
    {"message_received", EVENT_MESSAGE_RECEIVED},
    {"reply_sent", EVENT_MESSAGE_SENT},
    {"note_added", EVENT_NOTE_ADDED},
    {"status_changed", EVENT_STATUS_CHANGED},
    {"assigned", EVENT_ASSIGNED},
    {"tagged", EVENT_TAGGED},
    {"priority_changed", EVENT_PRIORITISED},
    {"field_changed", EVENT_FIELD_CHANGED},
    {"sla_warned", EVENT_SLA_WARNED},
    {"sla_breached", EVENT_SLA_BREACHED},
};

static const char *const times[RULE_TIMES] = {
    [RULE_TIME_NONE] = "",
    [RULE_TIME_WAITING] = "waiting",
    [RULE_TIME_UNANSWERED] = "unanswered",
    [RULE_TIME_PENDING] = "pending",
    [RULE_TIME_SNOOZED] = "snoozed",
    [RULE_TIME_IDLE] = "idle",
};

static gboolean refuse(GError **error, const char *what) {
    error_set(error, ERROR_INVALID, "rule_invalid", "%s", what);
    return FALSE;
}

static gboolean add_event(RuleTrigger *trigger, const json_t *json, GError **error) {
    const char *name = json_string_value(json);
    for (gsize at = 0; name != NULL && at < G_N_ELEMENTS(triggers); at++)
        if (strcmp(triggers[at].name, name) == 0) {
            trigger->events |= G_GUINT64_CONSTANT(1) << triggers[at].type;
            return TRUE;
        }
    return refuse(error, "when.event must name events of the manual, such as message_received");
}

static gboolean read_events(RuleTrigger *trigger, const json_t *events, GError **error) {
    size_t at;
    const json_t *event;
    if (json_is_string(events))
        return add_event(trigger, events, error);
    if (!json_is_array(events) || json_array_size(events) == 0)
        return refuse(error, "when.event must be the name of an event, or a list of them");
    json_array_foreach(events, at, event) {
        if (!add_event(trigger, event, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_time(RuleTrigger *trigger, const char *name, json_int_t minutes,
                          GError **error) {
    for (int at = RULE_TIME_WAITING; at < RULE_TIMES; at++)
        if (strcmp(times[at], name) == 0)
            trigger->time = (RuleTime)at;
    if (trigger->time == RULE_TIME_NONE)
        return refuse(error, "when.time must be waiting, unanswered, pending, snoozed or idle");
    trigger->minutes = minutes;
    return (minutes >= 1 && minutes <= MINUTES_MAX) ||
           refuse(error, "when.minutes must be 1 to 527040");
}

gboolean rule_trigger_decode(const json_t *json, RuleTrigger *trigger, GError **error) {
    json_t *events = NULL;
    const char *time = NULL;
    json_int_t minutes = 0;
    json_error_t problem;
    *trigger = (RuleTrigger){0};
    if (json_unpack_ex((json_t *)(guintptr)json, &problem, JSON_STRICT, "{s?o, s?s, s?I}", "event",
                       &events, "time", &time, "minutes", &minutes) != 0)
        return refuse(error, problem.text);
    if ((events == NULL) == (time == NULL))
        return refuse(error, "when needs event, or time and minutes");
    return events != NULL ? read_events(trigger, events, error)
                          : read_time(trigger, time, minutes, error);
}

void rule_free(Rule *rule) {
    if (rule == NULL)
        return;
    g_free(rule->name);
    rule_conditions_free(rule->conditions);
    action_list_free(rule->actions);
    g_free(rule);
}

static gboolean check_name(const char *name, GError **error) {
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at))
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            return refuse(error, "name must be one line");
    return (*name != '\0' && g_utf8_strlen(name, -1) <= NAME_CHARACTERS_MAX) ||
           refuse(error, "name must have 1 to 200 characters");
}

static gboolean compile(Rule *rule, const json_t *when, const json_t *conditions,
                        const json_t *actions, GError **error) {
    json_t *always = json_object();
    gboolean good = rule_trigger_decode(when, &rule->trigger, error);
    if (good)
        rule->conditions = rule_conditions_decode(conditions != NULL ? conditions : always, error);
    json_decref(always);
    if (rule->conditions != NULL)
        rule->actions = action_list_decode(actions, TRUE, error);
    return rule->actions != NULL;
}

Rule *rule_decode(json_t *json, GError **error) {
    g_autoptr(Rule) rule = g_new0(Rule, 1);
    const char *name;
    json_t *when, *conditions = NULL, *actions;
    int is_active = TRUE, stops = FALSE;
    json_error_t problem;
    if (json_unpack_ex(json, &problem, JSON_STRICT, "{s:s, s?b, s:o, s?o, s:o, s?b}", "name", &name,
                       "is_active", &is_active, "when", &when, "conditions", &conditions, "actions",
                       &actions, "stops", &stops) != 0) {
        refuse(error, problem.text);
        return NULL;
    }
    rule->name = g_strdup(name);
    rule->is_active = is_active;
    rule->stops = stops;
    rule->active_since = INSTANT_NONE;
    return check_name(name, error) && compile(rule, when, conditions, actions, error)
               ? g_steal_pointer(&rule)
               : NULL;
}

gboolean rule_is_set_off(const Rule *rule, const Event *event) {
    return rule->is_active && event->actor != ACTOR_RULE && event->conversation_id != 0 &&
           (rule->trigger.events & (G_GUINT64_CONSTANT(1) << event->type)) != 0 &&
           event->recorded_at >= rule->active_since;
}

static gboolean is_text(const RuleFacts *facts, FactName fact, const char *text) {
    return g_strcmp0(facts->facts[fact].text, text) == 0;
}

static gboolean is_number(const RuleFacts *facts, FactName fact, gint64 number) {
    return facts->facts[fact].is_known ? facts->facts[fact].number == number : number == 0;
}

gboolean rule_action_matters(const Action *action, const RuleFacts *facts) {
    switch (action->type) {
    case ACTION_ASSIGN_AGENT:
        return !is_number(facts, FACT_ASSIGNEE, action->id);
    case ACTION_ASSIGN_TEAM:
        return !is_number(facts, FACT_TEAM, action->id);
    case ACTION_UNASSIGN:
        return facts->facts[FACT_ASSIGNEE].is_known || facts->facts[FACT_TEAM].is_known;
    case ACTION_SET_STATUS:
        return !is_text(facts, FACT_STATUS, action->text);
    case ACTION_ADD_TAG:
        return !rule_facts_has(facts, FACT_TAGS, action->text);
    case ACTION_REMOVE_TAG:
        return rule_facts_has(facts, FACT_TAGS, action->text);
    case ACTION_SET_PRIORITY:
        return !is_number(facts, FACT_PRIORITY, action->number);
    case ACTION_ASSIGN_ME:
    case ACTION_SNOOZE:
    case ACTION_REPLY:
    case ACTION_NOTE:
    case ACTION_SET_FIELD:
    case ACTION_NO_REPLY_NEEDED:
    case ACTION_CALL_WEBHOOK:
    case ACTION_NOTIFY_AGENT:
    case ACTION_TYPES:
    default:
        return TRUE;
    }
}

void rule_action_foresee(const Action *action, RuleFacts *facts) {
    switch (action->type) {
    case ACTION_ASSIGN_AGENT:
        rule_facts_set_id(facts, FACT_ASSIGNEE, action->id);
        break;
    case ACTION_ASSIGN_TEAM:
        rule_facts_set_id(facts, FACT_TEAM, action->id);
        break;
    case ACTION_UNASSIGN:
        rule_facts_set_id(facts, FACT_ASSIGNEE, 0);
        rule_facts_set_id(facts, FACT_TEAM, 0);
        break;
    case ACTION_SET_STATUS:
        rule_facts_set_text(facts, FACT_STATUS, action->text);
        break;
    case ACTION_SNOOZE:
        rule_facts_set_text(facts, FACT_STATUS, "snoozed");
        break;
    case ACTION_ADD_TAG:
        rule_facts_add(facts, FACT_TAGS, action->text);
        break;
    case ACTION_REMOVE_TAG:
        rule_facts_remove(facts, FACT_TAGS, action->text);
        break;
    case ACTION_SET_PRIORITY:
        rule_facts_set_number(facts, FACT_PRIORITY, action->number);
        break;
    case ACTION_ASSIGN_ME:
    case ACTION_REPLY:
    case ACTION_NOTE:
    case ACTION_SET_FIELD:
    case ACTION_NO_REPLY_NEEDED:
    case ACTION_CALL_WEBHOOK:
    case ACTION_NOTIFY_AGENT:
    case ACTION_TYPES:
    default:
        break;
    }
}
