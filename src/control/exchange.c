#include "control/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "desk/exchange_import.h"

static const ControlColumn columns[] = {
    {"File", "path"}, {"Lines", "lines"}, {"Bytes", "bytes"}, {0}};

gboolean control_export_all(Control *control, const char *path, GError **error) {
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    json_t *facts = control_call(control, "POST", "/api/v1/export",
                                 json_pack("{s:s}", "path", absolute), error);
    if (facts == NULL)
        return FALSE;
    control_print_record(control, facts, columns);
    control_say(control, "Secrets are not in it: of channels, passwords and tokens.");
    json_decref(facts);
    return TRUE;
}

static int open_export(const char *path, GError **error) {
    int fd = g_str_equal(path, "-") ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        error_set(error, ERROR_NOT_FOUND, "import_unreadable", "%s cannot be read: %s", path,
                  g_strerror(errno));
    return fd;
}

static void print_facts(Control *control, const char *path, const ExchangeFacts *facts) {
    json_t *json = json_pack("{s:s, s:I, s:I}", "path", path, "lines", (json_int_t)facts->lines,
                             "bytes", (json_int_t)facts->bytes);
    control_print_record(control, json, columns);
    control_say(control, "Every channel is paused: enter its secrets, see that no other server"
                         " works on it, then resume it.");
    json_decref(json);
}

gboolean control_import_all(Control *control, const char *path, GError **error) {
    const char *directory = control_data_directory(control, error);
    if (directory == NULL)
        return FALSE;
    if (control_has_server(control)) {
        error_set(error, ERROR_CONFLICT, "server_running", "dialogd runs on %s: stop it first",
                  directory);
        return FALSE;
    }
    ExchangeFacts facts;
    int fd = open_export(path, error);
    gboolean imported = fd >= 0 && exchange_import(directory, fd, &facts, error);
    if (fd >= 0)
        close(fd);
    if (imported)
        print_facts(control, path, &facts);
    return imported;
}
