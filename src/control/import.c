// dialogctl import: mbox files, Maildirs, .eml files and directories of them into an email channel.
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "control/exchange.h"
#include "control/import_foreign.h"
#include "control/verbs.h"
#include "desk/import_batch.h"
#include "mime/mbox.h"

#define BATCH_BYTES (8u << 20)
#define MAIL_BYTES_MAX (64u << 20)

static const ControlOption options[] = {
    {"all", "FILE", "everything that export --all wrote, into an empty data directory"},
    {"format", "FORMAT", "mboxrd (the default for files that are no .eml), mboxo or eml"},
    {"from", "PRODUCT", "files saved from zammad, chatwoot, freescout or zendesk"},
    {"channel", "CHANNEL", "with --from: id or name of the channel that takes them"},
    {"as", "NAME", "with --from: a name for that installation, where there are several"},
    {"dry-run", NULL, "with --from: say what there is and change nothing"},
    {"outbound", NULL, "these mails were written by us: a Sent folder"},
    {0},
};

static const char *const states[] = {"stored", "duplicate", "quarantined", "refused"};

typedef struct {
    Control *control;
    char *path; // of the route
    GByteArray *batch;
    gint64 counts[G_N_ELEMENTS(states)];
} Import;

static gboolean send_batch(Import *import, GError **error) {
    if (import->batch->len == 0)
        return TRUE;
    GBytes *body = g_byte_array_free_to_bytes(import->batch);
    import->batch = g_byte_array_new();
    g_autoptr(HttpAnswer) answer = control_call_bytes(import->control, "POST", import->path,
                                                      "application/octet-stream", body, error);
    if (answer == NULL)
        return FALSE;
    gsize length = 0;
    const char *data = g_bytes_get_data(answer->body, &length);
    json_t *json = json_loadb(data, length, 0, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(states); at++)
        import->counts[at] += json_integer_value(json_object_get(json, states[at]));
    json_decref(json);
    return TRUE;
}

static gboolean add_mail(GBytes *bytes, gsize size, Instant arrived_at, gpointer data,
                         GError **error) {
    Import *import = data;
    if (size == 0)
        return TRUE;
    if (size > MAIL_BYTES_MAX) {
        control_say(import->control, "a mail of %" G_GSIZE_FORMAT " bytes is left out: too large",
                    size);
        import->counts[3]++;
        return TRUE;
    }
    if (import->batch->len + size > BATCH_BYTES && !send_batch(import, error))
        return FALSE;
    import_batch_add(import->batch, bytes, arrived_at);
    return TRUE;
}

static gboolean unreadable(const char *path, GError **error) {
    error_set(error, ERROR_INVALID, "import_unreadable", "%s cannot be read: %s", path,
              g_strerror(errno));
    return FALSE;
}

static gboolean read_mbox(Import *import, const char *path, int handle, GError **error) {
    const char *format = control_option(import->control, "format");
    MboxQuoting quoting = g_strcmp0(format, "mboxo") == 0 ? MBOX_O : MBOX_RD;
    g_autoptr(MboxReader) reader = mbox_reader_new(quoting, MAIL_BYTES_MAX + 1, add_mail, import);
    char buffer[65536];
    ssize_t length;
    while ((length = read(handle, buffer, sizeof buffer)) > 0)
        if (!mbox_reader_feed(reader, buffer, (gsize)length, error))
            return FALSE;
    return length == 0 ? mbox_reader_finish(reader, error) : unreadable(path, error);
}

static gboolean read_one(Import *import, const char *path, Instant arrived_at, GError **error) {
    struct stat facts;
    if (stat(path, &facts) != 0)
        return unreadable(path, error);
    if (facts.st_size > MAIL_BYTES_MAX)
        return add_mail(NULL, (gsize)facts.st_size, arrived_at, import, error);
    g_autofree char *text = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &text, &length, NULL))
        return unreadable(path, error);
    if (arrived_at == INSTANT_NONE)
        arrived_at = (Instant)facts.st_mtime * 1000;
    g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&text), length);
    return add_mail(bytes, length, arrived_at, import, error);
}

// A Maildir file is named after the second of its delivery: 1500000000.M1P2.host:2,S
static Instant instant_of_name(const char *name) {
    gint64 seconds = g_ascii_strtoll(name, NULL, 10);
    return seconds > 100000000 && seconds < 100000000000 ? seconds * 1000 : INSTANT_NONE;
}

static gint compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// All files of a directory, by name; of a plain directory only *.eml.
static gboolean read_directory(Import *import, const char *path, gboolean is_maildir,
                               GError **error) {
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (directory == NULL)
        return unreadable(path, error);
    for (const char *name; (name = g_dir_read_name(directory)) != NULL;)
        if (name[0] != '.' && (is_maildir || g_str_has_suffix(name, ".eml")))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    for (guint at = 0; at < names->len; at++) {
        const char *name = names->pdata[at];
        g_autofree char *file = g_build_filename(path, name, NULL);
        Instant arrived_at = is_maildir ? instant_of_name(name) : INSTANT_NONE;
        if (g_file_test(file, G_FILE_TEST_IS_REGULAR) && !read_one(import, file, arrived_at, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_file(Import *import, const char *path, GError **error) {
    const char *format = control_option(import->control, "format");
    gboolean is_eml = format != NULL ? g_str_equal(format, "eml") : g_str_has_suffix(path, ".eml");
    if (is_eml)
        return read_one(import, path, INSTANT_NONE, error);
    int handle = g_str_equal(path, "-") ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return unreadable(path, error);
    gboolean is_good = read_mbox(import, path, handle, error);
    close(handle);
    return is_good;
}

static gboolean read_path(Import *import, const char *path, GError **error) {
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return read_file(import, path, error);
    g_autofree char *cur = g_build_filename(path, "cur", NULL);
    g_autofree char *new = g_build_filename(path, "new", NULL);
    if (!g_file_test(cur, G_FILE_TEST_IS_DIR))
        return read_directory(import, path, FALSE, error);
    return read_directory(import, cur, TRUE, error) &&
           (!g_file_test(new, G_FILE_TEST_IS_DIR) || read_directory(import, new, TRUE, error));
}

static void print_counts(const Import *import) {
    static const ControlColumn columns[] = {{"Stored", "stored"},
                                            {"Known already", "duplicate"},
                                            {"Quarantined", "quarantined"},
                                            {"Refused", "refused"},
                                            {0}};
    json_t *json = json_object();
    for (gsize at = 0; at < G_N_ELEMENTS(states); at++)
        json_object_set_new(json, states[at], json_integer(import->counts[at]));
    control_print_record(import->control, json, columns);
    json_decref(json);
}

static gboolean import_mails(Control *control, GError **error) {
    const char *format = control_option(control, "format");
    if (format != NULL && !g_str_equal(format, "mboxrd") && !g_str_equal(format, "mboxo") &&
        !g_str_equal(format, "eml")) {
        error_set(error, ERROR_INVALID, "import_format", "the format is mboxrd, mboxo or eml");
        return FALSE;
    }
    g_autofree char *path =
        control_path("/api/v1/channels/%s/import", control_argument(control, 0));
    Import import = {.control = control, .batch = g_byte_array_new()};
    import.path = g_strconcat(path, control_flag(control, "outbound") ? "?outbound=yes" : "", NULL);
    gboolean is_good = TRUE;
    for (guint at = 1; is_good && control_argument(control, at) != NULL; at++)
        is_good = read_path(&import, control_argument(control, at), error);
    is_good = is_good && send_batch(&import, error);
    print_counts(&import);
    g_byte_array_unref(import.batch);
    g_free(import.path);
    return is_good;
}

static gboolean run(Control *control, GError **error) {
    if (control_option(control, "all") != NULL)
        return control_import_all(control, control_option(control, "all"), error);
    if (control_option(control, "from") != NULL)
        return control_import_foreign(control, control_option(control, "from"), error);
    if (control_argument(control, 1) != NULL)
        return import_mails(control, error);
    error_set(error, ERROR_INVALID, "arguments_wrong", "type: dialogctl import CHANNEL-ID PATH...");
    return FALSE;
}

const ControlVerb control_import_verbs[] = {
    {.verb = "import",
     .arguments = "[CHANNEL-ID] [PATH...]",
     .summary = "Take in mbox files, Maildirs, .eml files, or a full export",
     .options = options,
     .run = run},
    {0},
};
