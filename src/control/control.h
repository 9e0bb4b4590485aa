// What a verb of dialogctl works with: its command line, calls of the API, and printing. Calls go
// to the running server over DATA/control.sock, or, when none runs, through the same router in this
// process with the store opened; never both. Only control/ includes this.
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "model/channel_kind.h"

typedef struct Control Control;

// Exit codes, as in sysexits(3) where it has one.
enum {
    CONTROL_OK = 0,
    CONTROL_FAILED = 1,       // the server refused, or something is wrong there
    CONTROL_USAGE = 64,       // the command line
    CONTROL_NOT_FOUND = 66,   // what was named does not exist
    CONTROL_UNAVAILABLE = 69, // cannot now; try again
    CONTROL_CONFIG = 78,      // the configuration file
};

// --- the command line ---------------------------------------------------------------------------

// The nth argument after the verb and its action, from 0; NULL when absent. Those that the verb's
// row asks for are there.
const char *control_argument(const Control *control, guint at);

// --name VALUE; NULL when absent. The last one counts.
const char *control_option(const Control *control, const char *name);

// Every --name VALUE, in order; of borrowed texts, NULL-ended, never NULL.
const char *const *control_options(const Control *control, const char *name);

gboolean control_flag(const Control *control, const char *name);
gboolean control_is_json(const Control *control); // --json

// Of the configuration file.
const char *control_config_file(const Control *control);
const char *control_data_directory(Control *control, GError **error);

// --- calls --------------------------------------------------------------------------------------

// path such as "/api/v1/agents/123?x=y" (control_path escapes). Takes body (NULL: none). The
// answer's JSON, json_null() where it has no body; NULL with an error that carries the problem's
// kind, code and detail. POST bears a fresh Idempotency-Key.
json_t *control_call(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Any body, any answer; a problem is an error here too. Takes body.
HttpAnswer *control_call_bytes(Control *control, const char *method, const char *path,
                               const char *type, GBytes *body,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

// printf for paths: each %s is a text argument, percent-escaped.
char *control_path(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_WARN_UNUSED_RESULT;

// TRUE when a server runs on the data directory (and so the store is its).
gboolean control_has_server(Control *control);

// Makes the data directory where it is missing and opens it in this process: for init.
gboolean control_create(Control *control, GError **error);

// --- printing -----------------------------------------------------------------------------------

// One column of a table, or one line of a record.
typedef struct {
    const char *title;  // "Name"; a row with a NULL title ends the table
    const char *member; // "name", "assignee.name"
} ControlColumn;

// With --json the JSON itself, indented; else a table of its "items" (or of the array itself), with
// "(none)" for an empty one.
void control_print_list(Control *control, const json_t *json, const ControlColumn *columns);

// With --json the JSON itself; else one line a column: title and value.
void control_print_record(Control *control, const json_t *json, const ControlColumn *columns);

// A line for people; nothing with --json.
void control_say(Control *control, const char *format, ...) G_GNUC_PRINTF(2, 3);
