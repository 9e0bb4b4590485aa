#include <string.h>

#include "api/call_state.h"
#include "base/error.h"
#include "base/log.h"
#include "desk/sign_in.h"

static void set_body(ApiCall *call, unsigned status, const char *type, GBytes *bytes) {
    g_assert(call->answer->status == 0);
    call->answer->status = status;
    if (type != NULL)
        http_answer_add_header(call->answer, "Content-Type", type);
    g_bytes_unref(call->answer->body);
    call->answer->body = bytes;
}

void call_finish(ApiCall *call) {
    if (call->is_held)
        return;
    call_release_reader(call);
    if (call->answered != NULL)
        call->answered(call, call->answered_data);
}

void call_reset_answer(ApiCall *call) {
    http_answer_free(call->answer);
    call->answer = http_answer_new(0);
}

void api_call_add_header(ApiCall *call, const char *name, const char *value) {
    for (const char *at = value; *at != '\0'; at++)
        g_assert((unsigned char)*at >= ' ');
    http_answer_add_header(call->answer, name, value);
}

void api_call_add_problem(ApiCall *call, const char *member, json_t *value) {
    if (call->problem == NULL)
        call->problem = json_object();
    json_object_set_new(call->problem, member, value);
}

void api_call_add_version(ApiCall *call, gint64 version) {
    g_autofree char *etag = g_strdup_printf("\"v%" G_GINT64_FORMAT "\"", version);
    api_call_add_header(call, "ETag", etag);
}

static GBytes *json_bytes(json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    g_assert(text != NULL);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

void api_call_answer_json(ApiCall *call, unsigned status, json_t *json) {
    set_body(call, status, "application/json", json_bytes(json));
    call_finish(call);
}

void api_call_answer_bytes(ApiCall *call, unsigned status, const char *type, GBytes *bytes) {
    set_body(call, status, type, bytes);
    call_finish(call);
}

void api_call_answer_empty(ApiCall *call, unsigned status) {
    set_body(call, status, NULL, g_bytes_new_static("", 0));
    call_finish(call);
}

void api_call_answer_with_stream(ApiCall *call, unsigned status, const char *type,
                                 ApiStream *stream) {
    g_assert(!call->is_held);
    set_body(call, status, type, g_bytes_new_static("", 0));
    call->stream = stream;
    call_finish(call);
}

ApiStream *api_call_answer_stream(ApiCall *call, unsigned status, const char *type) {
    ApiStream *stream = api_stream_new();
    api_call_answer_with_stream(call, status, type, api_stream_ref(stream));
    return stream;
}

static const struct {
    unsigned status;
    const char *title;
} titles[] = {
    {400, "Bad Request"},         {401, "Unauthorized"},        {403, "Forbidden"},
    {404, "Not Found"},           {405, "Method Not Allowed"},  {409, "Conflict"},
    {412, "Precondition Failed"}, {413, "Content Too Large"},   {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},  {429, "Too Many Requests"},   {500, "Internal Server Error"},
    {502, "Bad Gateway"},         {503, "Service Unavailable"},
};

static const char *title_of(unsigned status) {
    for (gsize at = 0; at < G_N_ELEMENTS(titles); at++)
        if (titles[at].status == status)
            return titles[at].title;
    return "Error";
}

static json_t *problem(unsigned status, const char *code, const char *detail) {
    return json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title", title_of(status),
                     "status", (int)status, "code", code, "detail", detail);
}

static void add_status_headers(ApiCall *call, unsigned status) {
    if (status == 401)
        http_answer_add_header(call->answer, "WWW-Authenticate", "Bearer realm=\"dialogd\"");
    gboolean is_told = http_header_find(call->answer->headers, "Retry-After") != NULL;
    if ((status == 503 || status == 429) && !is_told)
        http_answer_add_header(call->answer, "Retry-After", "1");
}

void call_fail_status(ApiCall *call, unsigned status, const char *code, const char *detail) {
    call->is_held = FALSE;
    add_status_headers(call, status);
    g_autofree char *valid = g_utf8_make_valid(detail, -1);
    json_t *json = problem(status, code, valid);
    if (call->problem != NULL)
        json_object_update_missing(json, call->problem);
    set_body(call, status, "application/problem+json", json_bytes(json));
    call_finish(call);
}

// What went wrong inside is for the log; the caller gets a number to ask the administrator with.
static void fail_internal(ApiCall *call, const GError *error) {
    char incident[ID_TEXT_SIZE];
    id_format(id_next(), incident);
    log_error(error, "request_failed", "incident", incident, "route",
              call->route != NULL ? call->route->pattern : NULL, NULL);
    g_autofree char *detail = g_strdup_printf(
        "something went wrong in dialogd: its log tells about incident %s", incident);
    call_fail_status(call, 500, "internal", detail);
}

// Somebody known who is refused is noted (reliability.md K06).
static void note_refusal(const ApiCall *call, const GError *error) {
    SignIn *sign_in = call->parts->sign_in;
    if (sign_in != NULL && call->route != NULL && call->principal.agent_id != 0)
        sign_in_note_refusal(sign_in, call->principal.agent_id, call->principal.token_id,
                             call->route->pattern, error_code(error));
}

void api_call_fail(ApiCall *call, GError *error) {
    unsigned status = error_http_status(error_kind(error));
    if (status == 500) {
        fail_internal(call, error);
    } else {
        if (status >= 502 || status == 403)
            log_error(error, "request_refused", "route",
                      call->route != NULL ? call->route->pattern : NULL, NULL);
        if (status == 403)
            note_refusal(call, error);
        call_fail_status(call, status, error_code(error), error->message);
    }
    g_error_free(error);
}
