// Rows of ../shared/data/expect for tests: one JSON object a line. Absent data is skipped with a
// sentence.
#pragma once

#include <glib.h>
#include <jansson.h>

// The text of a shared file, or NULL when it is absent. Owned by the caller.
static inline char *shared_file_read(const char *path, gsize *length) {
    const char *data = g_getenv("SHARED_DATA");
    g_autofree char *full = g_build_filename(data ? data : "../shared", "data", path, NULL);
    char *text = NULL;
    g_file_get_contents(full, &text, length, NULL);
    return text;
}

// An array of the rows of expect/NAME.jsonl; NULL when it is absent (and the test is skipped).
static inline json_t *shared_rows_read(const char *name) {
    g_autofree char *path = g_strconcat("expect/", name, ".jsonl", NULL);
    g_autofree char *text = shared_file_read(path, NULL);
    if (!text) {
        g_test_skip("the shared data is not here: set SHARED_DATA to its folder");
        return NULL;
    }
    json_t *rows = json_array();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        json_t *row = **line ? json_loads(*line, 0, NULL) : NULL;
        if (row) {
            json_array_append_new(rows, row);
        }
    }
    return rows;
}

static inline const char *row_text(const json_t *row, const char *member) {
    return json_string_value(json_object_get(row, member));
}
