#include "api/router.h"

#include <string.h>

#include "api/authentication.h"
#include "api/call_state.h"
#include "api/target.h"
#include "base/error.h"

#define JSON_BODY_MAX (1024 * 1024)

typedef struct {
    const ApiRoute *row;
    char **segments;
    guint length;
    gboolean takes_rest; // the last segment is {name...}
} CompiledRoute;

struct Router {
    ApiParts parts;
    GArray *routes; // of CompiledRoute
};

static void compiled_route_clear(gpointer item) {
    g_strfreev(((CompiledRoute *)item)->segments);
}

// "/" has one empty segment, as in target_split_path.
static char **split_pattern(const char *pattern) {
    static const char *const root[] = {"", NULL};
    return pattern[1] == '\0' ? g_strdupv((char **)(guintptr)root)
                              : g_strsplit(pattern + 1, "/", -1);
}

static void add_table(Router *router, const ApiRoute *row) {
    for (; row->method != NULL; row++) {
        CompiledRoute route = {.row = row, .segments = split_pattern(row->pattern)};
        route.length = g_strv_length(route.segments);
        route.takes_rest = g_str_has_suffix(row->pattern, "...}");
        g_array_append_val(router->routes, route);
    }
}

Router *router_new(const ApiRoute *const *tables, const ApiParts *parts) {
    Router *router = g_new0(Router, 1);
    router->parts = *parts;
    router->routes = g_array_new(FALSE, FALSE, sizeof(CompiledRoute));
    g_array_set_clear_func(router->routes, compiled_route_clear);
    for (; *tables != NULL; tables++)
        add_table(router, *tables);
    return router;
}

void router_free(Router *router) {
    if (router == NULL)
        return;
    g_array_unref(router->routes);
    g_free(router);
}

static gboolean matches(const CompiledRoute *route, char **segments, guint length) {
    if (route->takes_rest ? length < route->length : length != route->length)
        return FALSE;
    for (guint at = 0; at < route->length; at++)
        if (route->segments[at][0] != '{' && strcmp(route->segments[at], segments[at]) != 0)
            return FALSE;
    return TRUE;
}

static gboolean serves(const ApiRoute *row, const char *method) {
    return strcmp(row->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(row->method, "GET") == 0);
}

// "{name}" or "{name...}" -> name
static char *parameter_name(const char *segment) {
    return g_strndup(segment + 1, strcspn(segment + 1, ".}"));
}

static void take_path(ApiCall *call, const CompiledRoute *route, char **segments) {
    for (guint at = 0; at < route->length; at++) {
        if (route->segments[at][0] != '{')
            continue;
        gboolean is_rest = route->takes_rest && at + 1 == route->length;
        g_hash_table_insert(call->path, parameter_name(route->segments[at]),
                            is_rest ? g_strjoinv("/", segments + at) : g_strdup(segments[at]));
    }
}

static void allow_method(GString *allow, const char *method) {
    if (strstr(allow->str, method) != NULL)
        return;
    g_string_append_printf(allow, "%s%s", allow->len > 0 ? ", " : "", method);
    if (strcmp(method, "GET") == 0)
        g_string_append(allow, ", HEAD");
}

// Sets the call's route; else answers 404, or 405 with what is allowed.
static gboolean find_route(const Router *router, ApiCall *call, char **segments) {
    g_autoptr(GString) allow = g_string_new(NULL);
    guint length = g_strv_length(segments);
    for (guint at = 0; at < router->routes->len; at++) {
        const CompiledRoute *route = &g_array_index(router->routes, CompiledRoute, at);
        if (!matches(route, segments, length))
            continue;
        if (serves(route->row, call->request->method)) {
            call->route = route->row;
            take_path(call, route, segments);
            return TRUE;
        }
        allow_method(allow, route->row->method);
    }
    if (allow->len == 0) {
        call_fail_status(call, 404, "route_unknown", "there is nothing at this path");
        return FALSE;
    }
    api_call_add_header(call, "Allow", allow->str);
    call_fail_status(call, 405, "method_not_allowed", "this path does not take that method");
    return FALSE;
}

static gboolean check_permission(ApiCall *call, GError **error) {
    Permission permission = call->route->permission;
    if (permission == PERMISSION_ANYONE)
        return TRUE;
    if (!authentication_check(call, &call->principal, error))
        return FALSE;
    if (!call->principal.is_known) {
        error_set(error, ERROR_UNAUTHENTICATED, "token_missing",
                  "sign in, or send an Authorization: Bearer header with a token");
        return FALSE;
    }
    if (permission == PERMISSION_SIGNED_IN || call->principal.is_local)
        return TRUE;
    if (permission == PERMISSION_LOCAL) {
        error_set(error, ERROR_DENIED, "local_only", "this is for dialogctl on the server alone");
        return FALSE;
    }
    if (principal_may(&call->principal, permission))
        return TRUE;
    error_set(error, ERROR_DENIED, "permission_missing", "this needs the permission %s",
              permission_name(permission));
    return FALSE;
}

// Path parameters by the kind of row that they name.
static const struct {
    const char *parameter;
    VisibilityObject object;
} scopes[] = {
    {"conversation", VISIBILITY_CONVERSATION},
    {"message", VISIBILITY_MESSAGE},
    {"attachment", VISIBILITY_ATTACHMENT},
    {"wait", VISIBILITY_WAIT},
    {"customer", VISIBILITY_CUSTOMER},
    {"channel", VISIBILITY_CHANNEL},
    {"team", VISIBILITY_TEAM},
    {"intake", VISIBILITY_INTAKE},
};

// What is hidden from the caller is not there. What is no id is the handler's to refuse.
static gboolean check_visibility(ApiCall *call, GError **error) {
    for (gsize at = 0; at < G_N_ELEMENTS(scopes); at++) {
        const char *text = g_hash_table_lookup(call->path, scopes[at].parameter);
        gint64 id = 0;
        if (text == NULL || !g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, &id, NULL))
            continue;
        if (!api_call_see(call, scopes[at].object, id, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_json_type(const char *type) {
    gsize length = strcspn(type, "; \t");
    return length == strlen("application/json") &&
           g_ascii_strncasecmp(type, "application/json", length) == 0;
}

// What the headers say of the body.
static gboolean check_body_headers(ApiCall *call) {
    const char *encoding = api_call_header(call, "Content-Encoding");
    const char *type = api_call_header(call, "Content-Type");
    if (encoding != NULL && g_ascii_strcasecmp(encoding, "identity") != 0) {
        call_fail_status(call, 415, "content_encoding_refused", "send the body without encoding");
        return FALSE;
    }
    if (type != NULL && !call->route->any_body && !is_json_type(type)) {
        call_fail_status(call, 415, "content_type_refused", "send the body as application/json");
        return FALSE;
    }
    return TRUE;
}

static void make_url_public(ApiCall *call) {
    char *url = g_strconcat(call->parts->public_url != NULL ? call->parts->public_url : "",
                            call->target, NULL);
    g_free(call->request->url);
    call->request->url = url;
}

static void begin(const Router *router, ApiCall *call) {
    GError *error = NULL;
    g_auto(GStrv) segments = target_split_path(call->target, &error);
    if (segments == NULL) {
        api_call_fail(call, error);
        return;
    }
    if (!find_route(router, call, segments))
        return;
    GHashTable *query = target_parse_query(call->target, call->route->query, &error);
    if (query != NULL) {
        g_hash_table_unref(call->query);
        call->query = query;
    }
    if (query == NULL || !check_permission(call, &error) || !check_visibility(call, &error)) {
        api_call_fail(call, error);
        return;
    }
    check_body_headers(call);
}

ApiCall *router_begin(const Router *router, HttpRequest *request, const char *peer,
                      const Principal *principal) {
    ApiCall *call = g_new0(ApiCall, 1);
    call->parts = &router->parts;
    call->principal = *principal;
    call->request = request;
    call->target = g_strdup(request->url);
    call->peer = g_strdup(peer);
    call->path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    call->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    call->answer = http_answer_new(0);
    make_url_public(call);
    begin(router, call);
    return call;
}

void router_run(ApiCall *call, GBytes *body, ApiAnswered answered, gpointer data) {
    g_assert(!api_call_is_answered(call));
    g_bytes_unref(call->request->body);
    call->request->body = body;
    call->answered = answered;
    call->answered_data = data;
    if (g_bytes_get_size(body) > api_call_body_max(call)) {
        call_fail_status(call, 413, "body_too_large", "the body is larger than this path takes");
        return;
    }
    call->route->handler(call);
}

gboolean api_call_is_answered(const ApiCall *call) {
    return call->answer->status != 0 && !call->is_held;
}

gsize api_call_body_max(const ApiCall *call) {
    return call->route->body_max != 0 ? call->route->body_max : JSON_BODY_MAX;
}

HttpAnswer *api_call_take_answer(ApiCall *call) {
    return g_steal_pointer(&call->answer);
}

ApiStream *api_call_take_stream(ApiCall *call) {
    return g_steal_pointer(&call->stream);
}
