#include "base/log.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"

static const char *const level_names[] = {"debug", "info", "warning", "error"};
static LogLevel lowest = LOG_INFO;

void log_set_level(LogLevel level) {
    lowest = level;
}

static gboolean is_plain(const char *value) {
    for (const char *at = value; *at != '\0'; at++)
        if (*at <= ' ' || *at == '"' || *at == '=' || *at == '\\' || *at == 0x7f)
            return FALSE;
    return *value != '\0';
}

static void append_escaped(GString *line, const char *value) {
    g_string_append_c(line, '"');
    for (const unsigned char *at = (const unsigned char *)value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_printf(line, "\\%c", *at);
        else if (*at < ' ' || *at == 0x7f)
            g_string_append_printf(line, "\\x%02x", *at);
        else
            g_string_append_c(line, (char)*at);
    }
    g_string_append_c(line, '"');
}

static void append_field(GString *line, const char *name, const char *value) {
    g_string_append_printf(line, " %s=", name);
    if (is_plain(value))
        g_string_append(line, value);
    else
        append_escaped(line, value);
}

char *log_format(LogLevel level, const char *event, const char *const *fields) {
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "level=%s event=%s", level_names[level], event);
    for (; fields[0] != NULL; fields += 2)
        if (fields[1] != NULL)
            append_field(line, fields[0], fields[1]);
    return g_string_free(line, FALSE);
}

#define FIELDS_MAX 16

typedef struct {
    const char *items[2 * FIELDS_MAX + 1]; // name, value, name, value ... NULL
    gsize length;
} Fields;

static void fields_add(Fields *fields, const char *name, const char *value) {
    if (value == NULL || fields->length >= 2 * FIELDS_MAX)
        return;
    fields->items[fields->length++] = name;
    fields->items[fields->length++] = value;
}

static void fields_collect(Fields *fields, va_list arguments) {
    for (const char *name; (name = va_arg(arguments, const char *)) != NULL;) {
        const char *value = va_arg(arguments, const char *);
        fields_add(fields, name, value);
    }
}

static void write_line(LogLevel level, const char *event, const Fields *fields) {
    g_autofree char *line = log_format(level, event, fields->items);
    g_autofree char *time = instant_format(clock_now());
    fprintf(stderr, "time=%s %s\n", time, line);
}

void log_event(LogLevel level, const char *event, ...) {
    if (level < lowest)
        return;
    Fields fields = {0};
    va_list arguments;
    va_start(arguments, event);
    fields_collect(&fields, arguments);
    va_end(arguments);
    write_line(level, event, &fields);
}

void log_error(const GError *error, const char *event, ...) {
    LogLevel level = error_kind(error) == ERROR_INTERNAL ? LOG_ERROR : LOG_WARNING;
    if (level < lowest)
        return;
    Fields fields = {0};
    fields_add(&fields, "code", error_code(error));
    fields_add(&fields, "message", error->message);
    va_list arguments;
    va_start(arguments, event);
    fields_collect(&fields, arguments);
    va_end(arguments);
    write_line(level, event, &fields);
}
