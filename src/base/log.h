// The log: one line of fields (logfmt) per happening, to standard error, which journald keeps. Used
// by desk, reports, api and the main programs; base to channels return errors instead. Never
// message texts, addresses or tokens. Values are quoted and control characters escaped, so a
// stranger cannot forge a line.
#pragma once

#include <glib.h>

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR } LogLevel;

// Lines below this level are dropped. Set once at start.
void log_set_level(LogLevel level);

// event is a snake_case word; then pairs of field name and text value, ended by NULL. A NULL value
// drops its pair. Any thread.
void log_event(LogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

// As log_event at LOG_WARNING or LOG_ERROR by the error's kind, with code= and message= of the
// error first.
void log_error(const GError *error, const char *event, ...) G_GNUC_NULL_TERMINATED;

// The line without time and newline, for tests. Owned by the caller.
char *log_format(LogLevel level, const char *event,
                 const char *const *fields) G_GNUC_WARN_UNUSED_RESULT;
