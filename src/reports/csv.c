#include "reports/csv.h"

#include <string.h>

#include "model/wait.h"

// Between cells of one line, not before the first.
static void begin_cell(GString *csv) {
    if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
        g_string_append_c(csv, ',');
}

static void append_quoted(GString *csv, const char *text) {
    g_string_append_c(csv, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(csv, '"');
        g_string_append_c(csv, *text);
    }
    g_string_append_c(csv, '"');
}

void csv_add_text(GString *csv, const char *text) {
    begin_cell(csv);
    // An empty first cell is quoted, so that its comma follows.
    if (text == NULL || *text == '\0') {
        g_string_append(csv, "\"\"");
        return;
    }
    gboolean is_formula = strchr("=+-@\t\r", *text) != NULL;
    g_autofree char *safe = is_formula ? g_strconcat("'", text, NULL) : g_strdup(text);
    if (strpbrk(safe, ",\"\r\n") != NULL || g_ascii_isspace(*safe))
        append_quoted(csv, safe);
    else
        g_string_append(csv, safe);
}

static void add_plain(GString *csv, const char *text) {
    begin_cell(csv);
    g_string_append(csv, *text == '\0' ? "\"\"" : text);
}

void csv_add_int(GString *csv, gint64 value) {
    char text[32];
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
    add_plain(csv, text);
}

void csv_add_id(GString *csv, Id id) {
    char text[ID_TEXT_SIZE];
    add_plain(csv, id == 0 ? "" : id_format(id, text));
}

char *csv_duration_text(gint64 milliseconds) {
    guint64 size = milliseconds < 0 ? (guint64) - (milliseconds + 1) + 1 : (guint64)milliseconds;
    return g_strdup_printf("%s%" G_GUINT64_FORMAT ".%03" G_GUINT64_FORMAT,
                           milliseconds < 0 ? "-" : "", size / 1000, size % 1000);
}

void csv_add_duration(GString *csv, gint64 milliseconds) {
    g_autofree char *text =
        milliseconds == DURATION_NONE ? g_strdup("") : csv_duration_text(milliseconds);
    add_plain(csv, text);
}

void csv_add_instant(GString *csv, Instant instant) {
    g_autofree char *text = instant == INSTANT_NONE ? g_strdup("") : instant_format(instant);
    add_plain(csv, text);
}

void csv_end_line(GString *csv) {
    g_string_append(csv, "\r\n");
}
