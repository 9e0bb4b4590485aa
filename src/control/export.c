#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "control/exchange.h"
#include "control/verbs.h"

static const ControlOption options[] = {
    {"all", "FILE", "write everything that is stored there, to be imported elsewhere"},
    {"output", "FILE", "write there instead of to standard output"},
    {0},
};

static FILE *open_output(Control *control, GError **error) {
    const char *path = control_option(control, "output");
    FILE *file = path != NULL ? fopen(path, "we") : stdout;
    if (file == NULL)
        error_set(error, ERROR_INVALID, "output_unwritable", "%s cannot be written: %s", path,
                  g_strerror(errno));
    return file;
}

// The id of the last line of a page: where the next one goes on. NULL for an empty page.
static char *last_id(const char *page, gsize length) {
    if (length == 0)
        return NULL;
    const char *end = page + length - 1; // the last line end
    const char *line = end;
    while (line > page && line[-1] != '\n')
        line--;
    json_t *message = json_loadb(line, (size_t)(end - line), 0, NULL);
    char *id = g_strdup(json_string_value(json_object_get(message, "id")));
    json_decref(message);
    return id;
}

static gboolean write_all(FILE *file, const char *data, gsize length, GError **error) {
    if (fwrite(data, 1, length, file) == length)
        return TRUE;
    error_set(error, ERROR_UNAVAILABLE, "output_full", "the output cannot be written: %s",
              g_strerror(errno));
    return FALSE;
}

static gboolean export_pages(Control *control, FILE *file, GError **error) {
    g_autofree char *after = g_strdup("");
    while (after != NULL) {
        g_autofree char *path = control_path(*after != '\0' ? "/api/v1/export/messages?after=%s"
                                                            : "/api/v1/export/messages%s",
                                             after);
        g_autoptr(HttpAnswer) answer = control_call_bytes(control, "GET", path, NULL, NULL, error);
        if (answer == NULL)
            return FALSE;
        gsize length;
        const char *page = g_bytes_get_data(answer->body, &length);
        if (!write_all(file, page, length, error))
            return FALSE;
        g_free(after);
        after = last_id(page, length);
    }
    return TRUE;
}

static gboolean run(Control *control, GError **error) {
    if (control_option(control, "all") != NULL)
        return control_export_all(control, control_option(control, "all"), error);
    FILE *file = open_output(control, error);
    if (file == NULL)
        return FALSE;
    gboolean written = export_pages(control, file, error);
    if (fflush(file) != 0 || (file != stdout && (fsync(fileno(file)) != 0 || fclose(file) != 0))) {
        if (written)
            error_set(error, ERROR_UNAVAILABLE, "output_full", "the output cannot be written: %s",
                      g_strerror(errno));
        written = FALSE;
    }
    return written;
}

const ControlVerb control_export_verbs[] = {
    {.verb = "export",
     .arguments = "",
     .summary = "Write every message, or everything, as lines of JSON",
     .options = options,
     .run = run},
    {0},
};
