#include "model/channel_kind.h"

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

void channel_config_free(ChannelConfig *config) {
    if (config == NULL)
        return;
    g_free(config->kind);
    g_free(config->name);
    g_free(config->address);
    g_free(config->key);
    g_hash_table_unref(config->values);
    g_free(config);
}

const char *channel_config_get(const ChannelConfig *config, const char *name) {
    const char *value = g_hash_table_lookup(config->values, name);
    return value != NULL && *value != '\0' ? value : NULL;
}
