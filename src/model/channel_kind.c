#include "model/channel_kind.h"

#include <string.h>

static void http_field_free(HttpField *field) {
    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

static GPtrArray *http_fields_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)http_field_free);
}

static void http_fields_add(GPtrArray *fields, const char *name, const char *value) {
    HttpField *field = g_new0(HttpField, 1);
    field->name = g_strdup(name);
    field->value = g_strdup(value);
    g_ptr_array_add(fields, field);
}

HttpRequest *http_request_new(const char *method, const char *url) {
    HttpRequest *request = g_new0(HttpRequest, 1);
    request->method = g_strdup(method);
    request->url = g_strdup(url);
    request->headers = http_fields_new();
    request->body = g_bytes_new_static("", 0);
    return request;
}

void http_request_free(HttpRequest *request) {
    if (request == NULL)
        return;
    g_free(request->method);
    g_free(request->url);
    g_ptr_array_unref(request->headers);
    g_bytes_unref(request->body);
    g_free(request);
}

void http_request_add_header(HttpRequest *request, const char *name, const char *value) {
    http_fields_add(request->headers, name, value);
}

void http_request_take_body(HttpRequest *request, const char *type, GBytes *body) {
    http_fields_add(request->headers, "Content-Type", type);
    g_bytes_unref(request->body);
    request->body = body;
}

HttpAnswer *http_answer_new(unsigned status) {
    HttpAnswer *answer = g_new0(HttpAnswer, 1);
    answer->status = status;
    answer->headers = http_fields_new();
    answer->body = g_bytes_new_static("", 0);
    return answer;
}

void http_answer_free(HttpAnswer *answer) {
    if (answer == NULL)
        return;
    g_ptr_array_unref(answer->headers);
    g_bytes_unref(answer->body);
    g_free(answer->failure);
    g_free(answer);
}

void http_answer_add_header(HttpAnswer *answer, const char *name, const char *value) {
    http_fields_add(answer->headers, name, value);
}

const char *http_header_find(const GPtrArray *headers, const char *name) {
    for (guint at = 0; at < headers->len; at++) {
        const HttpField *field = headers->pdata[at];
        if (g_ascii_strcasecmp(field->name, name) == 0)
            return field->value;
    }
    return NULL;
}

gint64 http_retry_after_ms(const GPtrArray *headers) {
    const char *text = http_header_find(headers, "Retry-After");
    gint64 seconds = 0;
    if (text == NULL || !g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &seconds, NULL))
        return -1;
    return MIN(seconds, 86400) * 1000;
}

static const char *const state_names[] = {
    [CHANNEL_ACTIVE] = "active",
    [CHANNEL_PAUSED] = "paused",
    [CHANNEL_NEEDS_SIGN_IN] = "needs_sign_in",
    [CHANNEL_FAILING] = "failing",
};

const char *channel_state_name(ChannelState state) {
    return state_names[state];
}

gboolean channel_state_parse(const char *name, ChannelState *state) {
    for (guint at = 0; at < G_N_ELEMENTS(state_names); at++)
        if (strcmp(state_names[at], name) == 0) {
            *state = (ChannelState)at;
            return TRUE;
        }
    return FALSE;
}

ChannelConfig *channel_config_new(const char *kind) {
    ChannelConfig *config = g_atomic_rc_box_new0(ChannelConfig);
    config->kind = g_strdup(kind);
    config->name = g_strdup("");
    config->address = g_strdup("");
    config->key = g_strdup("");
    config->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    config->version = 1;
    return config;
}

static void config_clear(gpointer data) {
    ChannelConfig *config = data;
    g_free(config->kind);
    g_free(config->name);
    g_free(config->address);
    g_free(config->key);
    g_free(config->state_reason);
    g_hash_table_unref(config->values);
}

ChannelConfig *channel_config_ref(ChannelConfig *config) {
    return g_atomic_rc_box_acquire(config);
}

void channel_config_unref(ChannelConfig *config) {
    if (config != NULL)
        g_atomic_rc_box_release_full(config, config_clear);
}

void channel_config_set(ChannelConfig *config, const char *name, const char *value) {
    if (value != NULL)
        g_hash_table_insert(config->values, g_strdup(name), g_strdup(value));
    else
        g_hash_table_remove(config->values, name);
}

static void replace(char **text, const char *with) {
    g_free(*text);
    *text = g_strdup(with);
}

ChannelConfig *channel_config_copy(const ChannelConfig *config) {
    ChannelConfig *copy = channel_config_new(config->kind);
    copy->id = config->id;
    replace(&copy->name, config->name);
    replace(&copy->address, config->address);
    replace(&copy->key, config->key);
    replace(&copy->state_reason, config->state_reason);
    copy->state = config->state;
    copy->calendar_id = config->calendar_id;
    copy->team_id = config->team_id;
    copy->waits_from = config->waits_from;
    copy->created_at = config->created_at;
    copy->version = config->version;
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, config->values);
    while (g_hash_table_iter_next(&iter, &name, &value))
        channel_config_set(copy, name, value);
    return copy;
}

const char *channel_config_get(const ChannelConfig *config, const char *name) {
    const char *value = g_hash_table_lookup(config->values, name);
    return value != NULL && *value != '\0' ? value : NULL;
}
