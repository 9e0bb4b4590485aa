// Tables and records for people; JSON for programs.
#include <string.h>

#include "control/control_state.h"

#define CELL_MAX 60 // characters

static void print_json(const json_t *json) {
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENCODE_ANY);
    puts(text);
    free(text);
}

// "assignee.name" within json; NULL when any step is absent.
static const json_t *find_member(const json_t *json, const char *member) {
    g_auto(GStrv) steps = g_strsplit(member, ".", -1);
    for (guint at = 0; steps[at] != NULL; at++)
        json = json_object_get(json, steps[at]);
    return json;
}

static char *join_texts(const json_t *array) {
    GString *joined = g_string_new(NULL);
    size_t at;
    const json_t *item;
    json_array_foreach(array, at, item) if (json_is_string(item))
        g_string_append_printf(joined, "%s%s", at > 0 ? ", " : "", json_string_value(item));
    return g_string_free(joined, FALSE);
}

static char *cell_text(const json_t *json) {
    if (json == NULL || json_is_null(json))
        return g_strdup("-");
    if (json_is_string(json))
        return g_strdup(json_string_value(json));
    if (json_is_boolean(json))
        return g_strdup(json_is_true(json) ? "yes" : "no");
    if (json_is_array(json))
        return join_texts(json);
    char *dumped = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    char *text = g_strdup(dumped);
    free(dumped);
    return text;
}

// What strangers wrote must not move the cursor or colour the screen.
static void clean(char *text) {
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++)
        if (*at < ' ' || *at == 0x7f)
            *at = ' ';
}

static char *table_cell(const json_t *row, const char *member) {
    g_autofree char *text = cell_text(find_member(row, member));
    clean(text);
    if (g_utf8_strlen(text, -1) <= CELL_MAX)
        return g_steal_pointer(&text);
    g_autofree char *front = g_utf8_substring(text, 0, CELL_MAX - 1);
    return g_strconcat(front, "…", NULL);
}

static gsize column_width(const json_t *items, const ControlColumn *column) {
    gsize width = strlen(column->title);
    size_t at;
    const json_t *row;
    json_array_foreach(items, at, row) {
        g_autofree char *cell = table_cell(row, column->member);
        width = MAX(width, (gsize)g_utf8_strlen(cell, -1));
    }
    return width;
}

static void print_cell(const char *text, gsize width, gboolean is_last) {
    gsize length = (gsize)g_utf8_strlen(text, -1);
    gsize padding = is_last || length >= width ? 0 : width - length;
    printf("%s%*s%s", text, (int)padding, "", is_last ? "\n" : "  ");
}

static void print_table(const json_t *items, const ControlColumn *columns) {
    gsize widths[32];
    gsize count = 0;
    for (; columns[count].title != NULL && count < G_N_ELEMENTS(widths); count++)
        widths[count] = column_width(items, &columns[count]);
    for (gsize at = 0; at < count; at++)
        print_cell(columns[at].title, widths[at], at + 1 == count);
    size_t row_at;
    const json_t *row;
    json_array_foreach(items, row_at, row) for (gsize at = 0; at < count; at++) {
        g_autofree char *cell = table_cell(row, columns[at].member);
        print_cell(cell, widths[at], at + 1 == count);
    }
}

void control_print_list(Control *control, const json_t *json, const ControlColumn *columns) {
    const json_t *items = json_is_array(json) ? json : json_object_get(json, "items");
    if (control->is_json)
        print_json(json);
    else if (json_array_size(items) == 0)
        puts("(none)");
    else
        print_table(items, columns);
}

void control_print_record(Control *control, const json_t *json, const ControlColumn *columns) {
    if (control->is_json) {
        print_json(json);
        return;
    }
    gsize width = 0;
    for (const ControlColumn *at = columns; at->title != NULL; at++)
        width = MAX(width, strlen(at->title));
    for (const ControlColumn *at = columns; at->title != NULL; at++) {
        g_autofree char *text = cell_text(find_member(json, at->member));
        clean(text);
        printf("%-*s  %s\n", (int)width, at->title, text);
    }
}

void control_say(Control *control, const char *format, ...) {
    if (control->is_json)
        return;
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}
