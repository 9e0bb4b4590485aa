#include "desk/change_read.h"

#include "base/error.h"

void change_read_clear(ReadChange *read) {
    json_decref(read->json);
}

static gboolean refuse(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s %s", name, what);
    return FALSE;
}

static gboolean is_line(const char *text) {
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return FALSE;
    return TRUE;
}

static gboolean read_id(const char *name, const json_t *value, gboolean *is_set, Id *id,
                        GError **error) {
    *is_set = value != NULL;
    if (value == NULL || json_is_null(value))
        return TRUE;
    *id = json_is_string(value) ? id_parse(json_string_value(value), NULL) : 0;
    return *id != 0 || refuse(error, name, "must be an id: decimal digits in a string");
}

static gboolean read_tags(const char *name, const json_t *list, const char **tags,
                          const char *const **into, GError **error) {
    size_t at;
    const json_t *tag;
    if (list == NULL)
        return TRUE;
    if (!json_is_array(list) || json_array_size(list) > CHANGE_TAGS_MAX)
        return refuse(error, name, "must be a list of at most 50 names");
    json_array_foreach(list, at, tag) {
        if (!json_is_string(tag) || !is_line(json_string_value(tag)))
            return refuse(error, name, "must be a list of names");
        tags[at] = json_string_value(tag);
    }
    *into = tags;
    return TRUE;
}

static gboolean read_until(const json_t *until, Instant *instant, GError **error) {
    *instant = INSTANT_NONE;
    if (until == NULL || json_is_null(until))
        return TRUE;
    if (json_is_string(until))
        *instant = instant_parse(json_string_value(until), error);
    else
        refuse(error, "snoozed_until", "must be an instant");
    return *instant != INSTANT_NONE;
}

static gboolean read_priority(const json_t *priority, ConversationChange *change, GError **error) {
    change->sets_priority = priority != NULL;
    change->priority = json_integer_value(priority);
    return priority == NULL || json_is_integer(priority) ||
           refuse(error, "priority", "must be -1, 0, 1 or 2");
}

gboolean change_read(ReadChange *read, const json_t *json, GError **error) {
    json_t *until = NULL, *assignee = NULL, *team = NULL, *priority = NULL;
    json_t *add_tags = NULL, *remove_tags = NULL;
    json_error_t where;
    ConversationChange *change = &read->change;
    *read = (ReadChange){.json = json_deep_copy(json)};
    if (json_unpack_ex(read->json, &where, JSON_STRICT, "{s?s, s?o, s?o, s?o, s?o, s?s, s?o, s?o}",
                       "status", &change->status, "snoozed_until", &until, "assignee_id", &assignee,
                       "team_id", &team, "priority", &priority, "subject", &change->subject,
                       "add_tags", &add_tags, "remove_tags", &remove_tags) != 0)
        return refuse(error, "the change does not fit:", where.text);
    if (change->subject != NULL && !is_line(change->subject))
        return refuse(error, "subject", "must be one line");
    return read_until(until, &change->snoozed_until, error) &&
           read_id("assignee_id", assignee, &change->sets_assignee, &change->assignee_id, error) &&
           read_id("team_id", team, &change->sets_team, &change->team_id, error) &&
           read_priority(priority, change, error) &&
           read_tags("add_tags", add_tags, read->add_tags, &change->add_tags, error) &&
           read_tags("remove_tags", remove_tags, read->remove_tags, &change->remove_tags, error);
}
