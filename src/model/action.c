#include "model/action.h"

#include <string.h>

#include "base/error.h"
#include "model/template.h"

#define TAG_BYTES_MAX 100
#define KEY_BYTES_MAX 64
#define SUBJECT_BYTES_MAX 500
#define MINUTES_MAX (366 * 24 * 60)
#define VALUE_BYTES_MAX 4000

static gboolean refuse(GError **error, const char *what) {
    error_set(error, ERROR_INVALID, "action_invalid", "%s", what);
    return FALSE;
}

// Takes members as json_unpack does, strictly.
static gboolean unpack(json_t *members, GError **error, const char *format, ...) {
    json_error_t problem;
    va_list arguments;
    va_start(arguments, format);
    int result = json_vunpack_ex(members, &problem, JSON_STRICT, format, arguments);
    va_end(arguments);
    return result == 0 || refuse(error, problem.text);
}

static gboolean decode_nothing(json_t *members, G_GNUC_UNUSED Action *action, GError **error) {
    return unpack(members, error, "{}");
}

static gboolean decode_id(json_t *members, const char *name, Action *action, GError **error) {
    const char *text;
    if (!unpack(members, error, "{s:s}", name, &text))
        return FALSE;
    action->id = id_parse(text, NULL);
    if (action->id == 0)
        error_set(error, ERROR_INVALID, "action_invalid", "%s must be an id", name);
    return action->id != 0;
}

static gboolean decode_agent(json_t *members, Action *action, GError **error) {
    return decode_id(members, "agent_id", action, error);
}

static gboolean decode_team(json_t *members, Action *action, GError **error) {
    return decode_id(members, "team_id", action, error);
}

static gboolean decode_webhook(json_t *members, Action *action, GError **error) {
    return decode_id(members, "webhook_id", action, error);
}

static gboolean decode_status(json_t *members, Action *action, GError **error) {
    static const char *const statuses[] = {"open", "pending", "resolved", NULL};
    const char *status;
    if (!unpack(members, error, "{s:s}", "status", &status))
        return FALSE;
    if (!g_strv_contains(statuses, status))
        return refuse(error, "status must be open, pending or resolved; to snooze is an action");
    action->text = g_strdup(status);
    return TRUE;
}

static gboolean decode_snooze(json_t *members, Action *action, GError **error) {
    const char *until = NULL;
    json_int_t minutes = 0;
    if (!unpack(members, error, "{s?s, s?I}", "until", &until, "for_minutes", &minutes))
        return FALSE;
    if ((until != NULL) == (minutes != 0) || minutes < 0 || minutes > MINUTES_MAX)
        return refuse(error, "snooze needs until, an instant, or for_minutes, 1 to 527040");
    action->number = minutes;
    action->until = until != NULL ? instant_parse(until, error) : INSTANT_NONE;
    return until == NULL || action->until != INSTANT_NONE;
}

static gboolean has_control(const char *text) {
    for (; *text != '\0'; text++)
        if ((guchar)*text < 32 || *text == 127)
            return TRUE;
    return FALSE;
}

static gboolean decode_tag(json_t *members, Action *action, GError **error) {
    const char *tag;
    if (!unpack(members, error, "{s:s}", "tag", &tag))
        return FALSE;
    if (*tag == '\0' || strlen(tag) > TAG_BYTES_MAX || has_control(tag))
        return refuse(error, "tag must be one line of 1 to 100 bytes");
    action->text = g_strdup(tag);
    return TRUE;
}

static gboolean decode_priority(json_t *members, Action *action, GError **error) {
    json_int_t priority;
    if (!unpack(members, error, "{s:I}", "priority", &priority))
        return FALSE;
    action->number = priority;
    return (priority >= -1 && priority <= 2) || refuse(error, "priority must be -1, 0, 1 or 2");
}

static gboolean check_reply(const Action *action, GError **error) {
    const char *subject = action->subject;
    if (subject != NULL && (strlen(subject) > SUBJECT_BYTES_MAX || has_control(subject)))
        return refuse(error, "subject must be one line of at most 500 bytes");
    return template_check("text", action->text, TEMPLATE_TEXT, error) &&
           (action->html == NULL || template_check("html", action->html, TEMPLATE_HTML, error)) &&
           (subject == NULL || template_check("subject", subject, TEMPLATE_SUBJECT, error));
}

static gboolean decode_reply(json_t *members, Action *action, GError **error) {
    const char *text, *html = NULL, *subject = NULL;
    if (json_object_get(members, "canned_id") != NULL)
        return decode_id(members, "canned_id", action, error);
    if (!unpack(members, error, "{s:s, s?s, s?s}", "text", &text, "html", &html, "subject",
                &subject))
        return FALSE;
    if (*text == '\0' && (html == NULL || *html == '\0'))
        return refuse(error, "a reply needs canned_id or text");
    action->text = g_strdup(text);
    action->html = g_strdup(html);
    action->subject = g_strdup(subject);
    return check_reply(action, error);
}

static gboolean decode_note(json_t *members, Action *action, GError **error) {
    const char *text;
    if (!unpack(members, error, "{s:s}", "text", &text))
        return FALSE;
    if (*text == '\0')
        return refuse(error, "a note needs text");
    action->text = g_strdup(text);
    return template_check("text", text, TEMPLATE_TEXT, error);
}

static gboolean decode_field(json_t *members, Action *action, GError **error) {
    const char *key;
    json_t *value;
    if (!unpack(members, error, "{s:s, s:o}", "field", &key, "value", &value))
        return FALSE;
    if (*key == '\0' || strlen(key) > KEY_BYTES_MAX || has_control(key))
        return refuse(error, "field must be the key of a field");
    if (json_is_object(value) || json_is_array(value) ||
        (json_is_string(value) && json_string_length(value) > VALUE_BYTES_MAX))
        return refuse(error, "value must be a text, a number, true, false or null");
    action->text = g_strdup(key);
    action->value = json_incref(value);
    return TRUE;
}

// Reads the members of one action but its name. FALSE with an error.
typedef gboolean (*ActionDecode)(json_t *members, Action *action, GError **error);

typedef struct {
    const char *name;
    ActionDecode decode;
    Permission permission;
    gboolean is_personal; // not in rules
} ActionRow;

static const ActionRow rows[ACTION_TYPES] = {
    [ACTION_ASSIGN_AGENT] = {"assign_agent", decode_agent, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_ASSIGN_TEAM] = {"assign_team", decode_team, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_ASSIGN_ME] = {"assign_me", decode_nothing, PERMISSION_CONVERSATION_CHANGE, TRUE},
    [ACTION_UNASSIGN] = {"unassign", decode_nothing, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_SET_STATUS] = {"set_status", decode_status, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_SNOOZE] = {"snooze", decode_snooze, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_ADD_TAG] = {"add_tag", decode_tag, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_REMOVE_TAG] = {"remove_tag", decode_tag, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_SET_PRIORITY] = {"set_priority", decode_priority, PERMISSION_CONVERSATION_CHANGE,
                             FALSE},
    [ACTION_REPLY] = {"reply", decode_reply, PERMISSION_MESSAGE_SEND, FALSE},
    [ACTION_NOTE] = {"note", decode_note, PERMISSION_NOTE_WRITE, FALSE},
    [ACTION_SET_FIELD] = {"set_field", decode_field, PERMISSION_CONVERSATION_CHANGE, FALSE},
    [ACTION_NO_REPLY_NEEDED] = {"no_reply_needed", decode_nothing, PERMISSION_CONVERSATION_CHANGE,
                                FALSE},
    [ACTION_CALL_WEBHOOK] = {"call_webhook", decode_webhook, PERMISSION_RULE_MANAGE, FALSE},
    [ACTION_NOTIFY_AGENT] = {"notify_agent", decode_agent, PERMISSION_CONVERSATION_CHANGE, FALSE},
};

const char *action_type_name(ActionType type) {
    return rows[type].name;
}

Permission action_type_permission(ActionType type) {
    return rows[type].permission;
}

static void action_free(gpointer data) {
    Action *action = data;
    g_free(action->text);
    g_free(action->html);
    g_free(action->subject);
    json_decref(action->value);
    g_free(action);
}

void action_list_free(ActionList *list) {
    if (list == NULL)
        return;
    g_ptr_array_unref(list->actions);
    g_free(list);
}

static const ActionRow *find_row(const char *name, ActionType *type) {
    for (int at = 0; name != NULL && at < ACTION_TYPES; at++)
        if (strcmp(rows[at].name, name) == 0) {
            *type = (ActionType)at;
            return &rows[at];
        }
    return NULL;
}

static gboolean decode_action(const json_t *json, gboolean is_rule, Action *action,
                              GError **error) {
    const ActionRow *row =
        find_row(json_string_value(json_object_get(json, "action")), &action->type);
    if (row == NULL)
        return refuse(error, "action must name one of the actions in the manual");
    if (is_rule && row->is_personal)
        return refuse(error, "only a person can do that: a rule has no \"me\"");
    json_t *members = json_copy((json_t *)(guintptr)json);
    json_object_del(members, "action");
    gboolean good = row->decode(members, action, error);
    json_decref(members);
    return good;
}

static gboolean add_action(ActionList *list, const json_t *json, gboolean is_rule, GError **error) {
    Action *action = g_new0(Action, 1);
    action->until = INSTANT_NONE;
    g_ptr_array_add(list->actions, action);
    if (!decode_action(json, is_rule, action, error))
        return FALSE;
    if (action->type == ACTION_REPLY && action_list_find(list, ACTION_REPLY) != action)
        return refuse(error, "one list replies at most once");
    return TRUE;
}

ActionList *action_list_decode(const json_t *json, gboolean is_rule, GError **error) {
    g_autoptr(ActionList) list = g_new0(ActionList, 1);
    list->actions = g_ptr_array_new_with_free_func(action_free);
    if (!json_is_array(json) || json_array_size(json) == 0 || json_array_size(json) > ACTIONS_MAX) {
        refuse(error, "actions must be a list of 1 to 20 actions");
        return NULL;
    }
    for (gsize at = 0; at < json_array_size(json); at++)
        if (!add_action(list, json_array_get(json, at), is_rule, error)) {
            g_prefix_error(error, "actions[%zu]: ", at);
            return NULL;
        }
    return g_steal_pointer(&list);
}

const Action *action_list_find(const ActionList *list, ActionType type) {
    for (guint at = 0; at < list->actions->len; at++) {
        const Action *action = list->actions->pdata[at];
        if (action->type == type)
            return action;
    }
    return NULL;
}
