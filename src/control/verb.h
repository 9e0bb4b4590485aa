// The verbs of dialogctl: rows that are at once the dispatch and the help. A verb is a file in
// control/ with a table of its actions; verbs.c lists the tables. A verb sends one request to the
// API and prints the answer; what it needs is a route first.
#pragma once

#include "control/control.h"

typedef struct {
    const char *name;  // "role" for --role; a row with a NULL name ends the table
    const char *value; // "ROLE" for --role ROLE; NULL: a flag
    const char *help;  // one line
} ControlOption;

typedef struct {
    const char *verb;      // "agent"; a row with a NULL verb ends the table
    const char *action;    // "add"; NULL: the verb stands alone
    const char *arguments; // "EMAIL NAME", "ID [FILE...]": words in [] may be absent, ... repeats
    const char *summary;   // one sentence without a full stop
    const ControlOption *options; // NULL: none but --json and --help
    gboolean (*run)(Control *control, GError **error);
    int (*exit_code)(const GError *error); // NULL: the usual ones
} ControlVerb;

// All tables, ended by NULL; in the order in which the help shows them. src/control/verbs.c.
extern const ControlVerb *const control_verbs[];

// path with the options of this table that were given as its query: --view all -> ?view=all.
char *control_query_path(const Control *control, const char *path,
                         const ControlOption *options) G_GNUC_WARN_UNUSED_RESULT;

// The whole of dialogctl: reads the command line, runs the verb, prints errors. Gives the exit code
// (CONTROL_OK ...).
int control_main(int argc, char **argv);
