// The JSON values of the files of an import: of each path, or of the .json, .jsonl and .ndjson
// files below a directory, by name. Used by import_foreign.c.
#pragma once

#include "control/control.h"

// One value; number: the last number in the file's name, or NULL.
typedef gboolean (*ImportValue)(gpointer data, const json_t *value, const char *number,
                                GError **error);

// What is wrong with a file, with its place.
typedef void (*ImportProblem)(gpointer data, const char *problem);

typedef struct {
    ImportValue value;
    ImportProblem problem;
    gpointer data;
} ImportReader;

// FALSE with an error (not found, or what value said). Broken JSON is a problem, not an error.
gboolean import_files_read(const char *path, const ImportReader *reader, GError **error);
