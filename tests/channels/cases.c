#include "cases.h"

#include <stdlib.h>
#include <string.h>

#include "channels/registry.h"

ChannelConfig *case_config_new(const char *kind_name, const json_t *values) {
    const ChannelKind *kind = registry_find(kind_name);
    g_assert_nonnull(kind);
    ChannelConfig *config = channel_config_new(kind_name);
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++) {
        const char *value = json_string_value(json_object_get(values, setting->name));
        if (value == NULL && setting->type != SETTING_SECRET)
            value = setting->initial;
        channel_config_set(config, setting->name, value);
    }
    return config;
}

char *case_path(const char *name) {
    return g_test_build_filename(G_TEST_DIST, name, NULL);
}

char *case_shared_path(const char *name) {
    const char *shared = g_getenv("SHARED_DATA");
    g_autofree char *path = g_build_filename(shared != NULL ? shared : "", "data", name, NULL);
    if (shared != NULL && g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&path);
    g_test_skip("there is no shared data here: set SHARED_DATA");
    return NULL;
}

json_t *case_load(const char *path) {
    json_error_t failure;
    json_t *json = json_load_file(path, 0, &failure);
    if (json == NULL)
        g_error("%s:%d: %s", path, failure.line, failure.text);
    return json;
}

static gint compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *case_names(const char *directory) {
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        gboolean is_case = g_str_has_suffix(name, ".json") &&
                           !g_str_has_suffix(name, ".expect.json") &&
                           !g_str_has_suffix(name, "config.json");
        if (is_case)
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".json")));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

GBytes *case_bytes(const json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

HttpRequest *case_request_new(const json_t *headers, GBytes *body) {
    HttpRequest *request = http_request_new("POST", "https://inbox.example/hooks/x/y");
    http_request_take_body(request, "application/json", g_bytes_ref(body));
    json_t *copy = json_deep_copy(headers);
    const char *name;
    json_t *value;
    json_object_foreach(copy, name, value) {
        http_request_add_header(request, name, json_string_value(value));
    }
    json_decref(copy);
    return request;
}

HttpAnswer *case_answer_new(const json_t *response) {
    json_t *status = json_object_get(response, "status");
    HttpAnswer *answer = http_answer_new((unsigned)json_integer_value(status));
    g_bytes_unref(answer->body);
    answer->body = case_bytes(json_object_get(response, "body"));
    return answer;
}
