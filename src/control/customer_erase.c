// dialogctl customer export, erase; message erase: what is held on a person, and forgetting it.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Erasure", "id"},         {"State", "state"},      {"Messages", "message_count"},
    {"Asked", "requested_at"}, {"Done", "finished_at"}, {0},
};

// For its owner alone; never over a file that is there.
static gboolean write_file(const char *path, GBytes *bytes, GError **error) {
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    gboolean is_written = fd >= 0;
    while (is_written && length > 0) {
        ssize_t written = write(fd, data, length);
        is_written = written > 0;
        data += written;
        length -= (gsize)MAX(written, 0);
    }
    is_written = is_written && fsync(fd) == 0;
    if (!is_written)
        error_set(error, ERROR_UNAVAILABLE, "file_unwritable", "cannot write %s: %s", path,
                  g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return is_written;
}

static gboolean export_customer(Control *control, GError **error) {
    const char *file = control_argument(control, 1);
    g_autofree char *path =
        control_path("/api/v1/customers/%s/personal-data", control_argument(control, 0));
    g_autoptr(HttpAnswer) answer = control_call_bytes(control, "GET", path, NULL, NULL, error);
    if (answer == NULL || !write_file(file, answer->body, error))
        return FALSE;
    control_say(control, "All that is held on this person stands in %s", file);
    return TRUE;
}

// Begins it, sees it through, and shows what became of it.
static gboolean erase(Control *control, const char *path, GError **error) {
    json_t *begun = control_call(control, "POST", path, json_object(), error);
    if (begun == NULL)
        return FALSE;
    g_autofree char *one =
        control_path("/api/v1/erasures/%s", json_string_value(json_object_get(begun, "id")));
    json_decref(begun);
    json_t *nothing = control_call(control, "POST", "/api/v1/erasures/run", json_object(), error);
    json_t *json = nothing != NULL ? control_call(control, "GET", one, NULL, error) : NULL;
    if (json != NULL)
        control_print_record(control, json, columns);
    gboolean is_done = json != NULL;
    json_decref(nothing);
    json_decref(json);
    return is_done;
}

static gboolean erase_customer(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/erase", control_argument(control, 0));
    return erase(control, path, error);
}

static gboolean erase_message(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/messages/%s/erase", control_argument(control, 0));
    return erase(control, path, error);
}

static gboolean list_erasures(Control *control, GError **error) {
    json_t *json = control_call(control, "GET", "/api/v1/erasures", NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_customer_erase_verbs[] = {
    {.verb = "customer",
     .action = "export",
     .arguments = "ID FILE",
     .summary = "Write all that is held on a person into a tar archive",
     .run = export_customer},
    {.verb = "customer",
     .action = "erase",
     .arguments = "ID",
     .summary = "Forget a person: texts, names, addresses, files and mails go for good",
     .run = erase_customer},
    {.verb = "customer",
     .action = "erasures",
     .arguments = "",
     .summary = "Show what was forgotten, and how far it has come",
     .run = list_erasures},
    {.verb = "message",
     .action = "erase",
     .arguments = "ID",
     .summary = "Forget one message for good",
     .run = erase_message},
    {0},
};
