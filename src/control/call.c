// Calls of the API: over the control socket, or in process.
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/secret.h"
#include "control/control_state.h"
#include "net/http_client.h"

static char *socket_path(Control *control) {
    const char *directory = control_data_directory(control, NULL);
    return directory != NULL ? g_build_filename(directory, "control.sock", NULL) : NULL;
}

gboolean control_has_server(Control *control) {
    g_autofree char *path = socket_path(control);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof address.sun_path)
        return FALSE;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return FALSE;
    gboolean listens = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return listens;
}

gboolean control_create(Control *control, GError **error) {
    const char *directory = control_data_directory(control, error);
    if (directory == NULL)
        return FALSE;
    if (control_has_server(control)) {
        error_set(error, ERROR_CONFLICT, "server_running", "dialogd runs already on %s", directory);
        return FALSE;
    }
    control->local = control_local_new(directory, TRUE, error);
    return control->local != NULL;
}

static HttpAnswer *call_server(Control *control, HttpRequest *request, GError **error) {
    g_autofree char *path = socket_path(control);
    g_autoptr(HttpAnswer) answer = http_client_call_local(path, request);
    if (answer->status != 0)
        return g_steal_pointer(&answer);
    error_set(error, ERROR_UNAVAILABLE, "server_silent", "dialogd did not answer: %s",
              answer->failure != NULL ? answer->failure : "the connection was lost");
    return NULL;
}

static HttpAnswer *call_somebody(Control *control, HttpRequest *request, GError **error) {
    if (control_data_directory(control, error) == NULL) {
        http_request_free(request);
        return NULL;
    }
    if (control->local == NULL && control_has_server(control))
        return call_server(control, request, error);
    if (control->local == NULL)
        control->local = control_local_new(control->data_directory, FALSE, error);
    if (control->local != NULL)
        return control_local_call(control->local, request);
    http_request_free(request);
    return NULL;
}

static ErrorKind kind_of_status(unsigned status) {
    for (guint kind = ERROR_INVALID; kind < ERROR_INTERNAL; kind++)
        if (error_http_status(kind) == status)
            return kind;
    return status < 500 ? ERROR_INVALID : ERROR_INTERNAL;
}

static json_t *parse(const HttpAnswer *answer) {
    gsize length;
    const char *data = g_bytes_get_data(answer->body, &length);
    return length > 0 ? json_loadb(data, length, JSON_DECODE_ANY, NULL) : json_null();
}

static void set_problem(const HttpAnswer *answer, GError **error) {
    json_t *problem = parse(answer);
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    const char *code = json_string_value(json_object_get(problem, "code"));
    error_set(error, kind_of_status(answer->status),
              g_intern_string(code != NULL ? code : "failed"), "%s",
              detail != NULL ? detail : "dialogd refused without a reason");
    json_decref(problem);
}

HttpAnswer *control_call_bytes(Control *control, const char *method, const char *path,
                               const char *type, GBytes *body, GError **error) {
    gboolean is_local = control->local != NULL || !control_has_server(control);
    g_autofree char *url = is_local ? g_strdup(path) : g_strconcat("http://dialogd", path, NULL);
    HttpRequest *request = http_request_new(method, url);
    if (body != NULL)
        http_request_take_body(request, type, body);
    if (strcmp(method, "POST") == 0) {
        g_autofree char *key = secret_token("", 128);
        http_request_add_header(request, "Idempotency-Key", key);
    }
    g_autoptr(HttpAnswer) answer = call_somebody(control, request, error);
    if (answer == NULL)
        return NULL;
    if (answer->status < 400)
        return g_steal_pointer(&answer);
    set_problem(answer, error);
    return NULL;
}

json_t *control_call(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    GBytes *bytes = NULL;
    if (body != NULL) {
        char *text = json_dumps(body, JSON_COMPACT);
        bytes = g_bytes_new_with_free_func(text, strlen(text), free, text);
        json_decref(body);
    }
    g_autoptr(HttpAnswer) answer =
        control_call_bytes(control, method, path, "application/json", bytes, error);
    if (answer == NULL)
        return NULL;
    json_t *json = parse(answer);
    if (json == NULL)
        error_set(error, ERROR_INTERNAL, "answer_broken", "dialogd's answer was no JSON");
    return json;
}

char *control_path(const char *format, ...) {
    GString *path = g_string_new(NULL);
    va_list arguments;
    va_start(arguments, format);
    for (const char *at = format; *at != '\0'; at++) {
        if (at[0] == '%' && at[1] == 's') {
            g_string_append_uri_escaped(path, va_arg(arguments, const char *), NULL, FALSE);
            at++;
        } else {
            g_string_append_c(path, *at);
        }
    }
    va_end(arguments);
    return g_string_free(path, FALSE);
}

char *control_query_path(const Control *control, const char *path, const ControlOption *options) {
    GString *target = g_string_new(path);
    char before = '?';
    for (const ControlOption *at = options; at->name != NULL; at++) {
        const char *value = control_option(control, at->name);
        if (value == NULL)
            continue;
        g_string_append_printf(target, "%c%s=", before, at->name);
        g_string_append_uri_escaped(target, value, NULL, FALSE);
        before = '&';
    }
    return g_string_free(target, FALSE);
}
