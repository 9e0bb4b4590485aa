// The inside of a Control, for the files that make it work. Verbs never include this.
#pragma once

#include "api/router.h"
#include "control/verb.h"

struct Control {
    const ControlVerb *verb;
    char *config_file;
    char *data_directory;   // NULL until asked for
    GPtrArray *arguments;   // of char *, borrowed from argv
    GPtrArray *option_rows; // pairs: const char *name, const char *value ("" for flags); borrowed
    GPtrArray *lists;       // what control_options gave out
    gboolean is_json;
    struct ControlLocal *local; // the store opened in this process, or NULL
};

// Reads argv into control: verb, action, options, arguments. FALSE with an error (invalid) that
// says what to type.
gboolean control_read(Control *control, int argc, char **argv, GError **error);

// --help: of everything (row NULL), or of one verb's row and its sisters.
void control_print_help(const ControlVerb *row);

typedef struct ControlLocal ControlLocal;

// Opens the store and a router over it. NULL with an error (unavailable, not found) that says what
// to do.
ControlLocal *control_local_new(const char *data_directory, gboolean create,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void control_local_free(ControlLocal *local);
HttpAnswer *control_local_call(ControlLocal *local,
                               HttpRequest *request) G_GNUC_WARN_UNUSED_RESULT; // takes request
