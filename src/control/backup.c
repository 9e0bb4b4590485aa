// backup, restore, verify, migrate: the data directory as a whole.
#include "store/backup.h"
#include "base/error.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Archive", "path"},
    {"Taken", "taken_at"},
    {"Schema", "schema"},
    {"Database bytes", "database_bytes"},
    {"Files", "blobs"},
    {"File bytes", "blob_bytes"},
    {0},
};

static const ControlColumn finding_columns[] = {
    {"Check", "check"}, {"Rows", "count"}, {"Example", "example"}, {"Meaning", "meaning"}, {0},
};

static gboolean backup(Control *control, GError **error) {
    g_autofree char *path = g_canonicalize_filename(control_argument(control, 0), NULL);
    json_t *facts =
        control_call(control, "POST", "/api/v1/backup", json_pack("{s:s}", "path", path), error);
    if (facts == NULL)
        return FALSE;
    control_print_record(control, facts, columns);
    control_say(control, "The key file is not in it: keep a copy of it elsewhere.");
    json_decref(facts);
    return TRUE;
}

static gboolean restore(Control *control, GError **error) {
    BackupFacts facts;
    const char *path = control_argument(control, 0);
    const char *directory = control_data_directory(control, error);
    if (directory == NULL || !backup_restore(path, directory, &facts, error))
        return FALSE;
    g_autofree char *taken_at = instant_format(facts.taken_at);
    json_t *json =
        json_pack("{s:s, s:I, s:I, s:I, s:i, s:s}", "path", path, "database_bytes",
                  (json_int_t)facts.database_bytes, "blobs", (json_int_t)facts.blobs, "blob_bytes",
                  (json_int_t)facts.blob_bytes, "schema", facts.schema, "taken_at", taken_at);
    control_print_record(control, json, columns);
    control_say(control, "Put the key file back as %s/key before dialogd starts.", directory);
    json_decref(json);
    return TRUE;
}

static gboolean verify(Control *control, GError **error) {
    json_t *report = control_call(control, "GET", "/api/v1/verify", NULL, error);
    if (report == NULL)
        return FALSE;
    gboolean is_sound = json_is_true(json_object_get(report, "is_sound"));
    if (is_sound && !control_is_json(control))
        control_say(control, "All is sound: %" JSON_INTEGER_FORMAT " checks.",
                    json_integer_value(json_object_get(report, "checks")));
    else
        control_print_list(control, report, finding_columns);
    json_decref(report);
    if (!is_sound)
        error_set(error, ERROR_INTERNAL, "store_unsound",
                  "the store is not sound: restore a backup, or ask for help with this list");
    return is_sound;
}

// Opening the store migrates it.
static gboolean migrate(Control *control, GError **error) {
    if (control_has_server(control)) {
        error_set(error, ERROR_CONFLICT, "server_running",
                  "dialogd runs, so the schema is this program's already");
        return FALSE;
    }
    json_t *version = control_call(control, "GET", "/api/v1/version", NULL, error);
    if (version != NULL)
        control_say(control, "The schema is that of this program.");
    json_decref(version);
    return version != NULL;
}

const ControlVerb control_backup_verbs[] = {
    {.verb = "backup",
     .arguments = "FILE",
     .summary = "Write one archive of all that is stored, also while dialogd runs",
     .run = backup},
    {.verb = "restore",
     .arguments = "FILE",
     .summary = "Make the data directory from an archive",
     .run = restore},
    {.verb = "verify",
     .arguments = "",
     .summary = "Check that what is stored is sound",
     .run = verify},
    {.verb = "migrate",
     .arguments = "",
     .summary = "Bring the schema up to this program; a copy is made first",
     .run = migrate},
    {0},
};
