#include <string.h>

#include "api/call_state.h"
#include "api/work.h"
#include "base/error.h"
#include "desk/sign_in.h"

const ApiParts *api_call_parts(const ApiCall *call) {
    return call->parts;
}

const Principal *api_call_principal(const ApiCall *call) {
    return &call->principal;
}

const HttpRequest *api_call_request(const ApiCall *call) {
    return call->request;
}

const char *api_call_header(const ApiCall *call, const char *name) {
    return http_header_find(call->request->headers, name);
}

const char *api_call_peer(const ApiCall *call) {
    return call->peer;
}

const char *api_call_path(const ApiCall *call, const char *name) {
    const char *value = g_hash_table_lookup(call->path, name);
    g_assert(value != NULL);
    return value;
}

Id api_call_path_id(const ApiCall *call, const char *name, GError **error) {
    const char *text = api_call_path(call, name);
    Id id = id_parse(text, NULL);
    if (id == 0)
        error_set(error, ERROR_NOT_FOUND, "not_found",
                  "\"%.40s\" is no id of a %s: ids are decimal numbers as lists show them", text,
                  name);
    return id;
}

const char *api_call_query(const ApiCall *call, const char *name) {
    return g_hash_table_lookup(call->query, name);
}

gboolean api_call_query_id(const ApiCall *call, const char *name, Id *value, GError **error) {
    const char *text = api_call_query(call, name);
    if (text == NULL)
        return TRUE;
    Id id = id_parse(text, error);
    if (id == 0)
        return FALSE;
    *value = id;
    return TRUE;
}

gboolean api_call_query_int(const ApiCall *call, const char *name, gint64 low, gint64 high,
                            gint64 *value, GError **error) {
    const char *text = api_call_query(call, name);
    if (text == NULL)
        return TRUE;
    if (g_ascii_string_to_signed(text, 10, low, high, value, NULL))
        return TRUE;
    error_set(error, ERROR_INVALID, "query_invalid",
              "%s must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, name, low,
              high);
    return FALSE;
}

gboolean api_call_query_instant(const ApiCall *call, const char *name, Instant *value,
                                GError **error) {
    const char *text = api_call_query(call, name);
    if (text == NULL)
        return TRUE;
    Instant instant = instant_parse(text, error);
    if (instant == INSTANT_NONE)
        return FALSE;
    *value = instant;
    return TRUE;
}

json_t *api_call_json(ApiCall *call, GError **error) {
    if (call->json != NULL)
        return call->json;
    gsize length;
    const char *data = g_bytes_get_data(call->request->body, &length);
    json_error_t where = {.text = "a NUL byte", .line = 1};
    // jansson 2.14 passes over a NUL that follows a number
    gboolean has_nul = data != NULL && memchr(data, '\0', length) != NULL;
    json_t *json =
        has_nul ? NULL
                : json_loadb(data != NULL ? data : "", length, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL) {
        error_set(error, ERROR_INVALID, "json_invalid", "the body is no JSON: %s, line %d",
                  where.text, where.line);
        return NULL;
    }
    if (!json_is_object(json)) {
        json_decref(json);
        error_set(error, ERROR_INVALID, "json_invalid", "the body must be a JSON object");
        return NULL;
    }
    return call->json = json;
}

gboolean api_call_unpack(ApiCall *call, GError **error, const char *format, ...) {
    json_t *json = api_call_json(call, error);
    if (json == NULL)
        return FALSE;
    json_error_t where;
    va_list arguments;
    va_start(arguments, format);
    int result = json_vunpack_ex(json, &where, JSON_STRICT, format, arguments);
    va_end(arguments);
    if (result == 0)
        return TRUE;
    error_set(error, ERROR_INVALID, "body_invalid", "the body does not fit: %s", where.text);
    return FALSE;
}

Db *api_call_reader(ApiCall *call, GError **error) {
    if (call->reader == NULL)
        call->reader = store_reader_take(call->parts->store, error);
    return call->reader;
}

void call_release_reader(ApiCall *call) {
    if (call->reader != NULL)
        store_reader_give(call->parts->store, call->reader);
    call->reader = NULL;
}

gboolean api_call_match_version(const ApiCall *call, gint64 version, GError **error) {
    const char *wanted = api_call_header(call, "If-Match");
    if (wanted == NULL || strcmp(wanted, "*") == 0)
        return TRUE;
    g_autofree char *etag = g_strdup_printf("\"v%" G_GINT64_FORMAT "\"", version);
    if (strcmp(wanted, etag) == 0)
        return TRUE;
    error_set(error, ERROR_PRECONDITION, "version_conflict",
              "it has changed since you read it (now %s): read it again", etag);
    return FALSE;
}

Actor api_call_actor(const ApiCall *call, Id *actor_id) {
    *actor_id = call->principal.agent_id;
    return principal_actor(&call->principal);
}

static void work_task(gpointer data) {
    ApiCall *call = data;
    call->work(call);
}

void api_call_work(ApiCall *call, ApiHandler run) {
    GError *error = NULL;
    call->work = run;
    if (!work_pool_submit(call->parts->work, work_task, call, &error))
        api_call_fail(call, error);
}

// In process, where nobody is a stranger, the work pool will do.
void api_call_hash(ApiCall *call, ApiHandler run) {
    GError *error = NULL;
    if (call->parts->sign_in == NULL) {
        api_call_work(call, run);
        return;
    }
    call->work = run;
    if (!password_gate_submit(sign_in_gate(call->parts->sign_in), work_task, call, &error))
        api_call_fail(call, error);
}

void api_call_work_long(ApiCall *call, ApiHandler run) {
    GError *error = NULL;
    call->work = run;
    if (!work_pool_submit_long(call->parts->work, work_task, call, &error))
        api_call_fail(call, error);
}

Id api_call_viewer(const ApiCall *call) {
    return principal_viewer(&call->principal);
}

gboolean api_call_see(ApiCall *call, VisibilityObject object, Id id, GError **error) {
    Id viewer = api_call_viewer(call);
    if (viewer == 0)
        return TRUE;
    Db *db = api_call_reader(call, error);
    return db != NULL && visibility_check(db, viewer, object, id, error);
}

gboolean api_call_see_all(const ApiCall *call, const char *what, GError **error) {
    if (api_call_viewer(call) == 0)
        return TRUE;
    error_set(error, ERROR_DENIED, "see_everything_missing",
              "%s reaches every conversation: that needs the permission see_everything, too", what);
    return FALSE;
}

void api_call_free(ApiCall *call) {
    if (call == NULL)
        return;
    call_release_reader(call);
    http_request_free(call->request);
    g_free(call->target);
    g_free(call->peer);
    g_hash_table_unref(call->path);
    g_hash_table_unref(call->query);
    json_decref(call->json);
    json_decref(call->problem);
    http_answer_free(call->answer);
    api_stream_unref(call->stream);
    g_free(call);
}
