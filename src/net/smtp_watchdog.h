// Calls a function when a session lasts too long, from a thread of its own. For libraries whose own
// time-outs begin anew with every byte. Internal to net/smtp*.c.
#pragma once

#include <glib.h>

typedef struct SmtpWatchdog SmtpWatchdog;

// bite is called once after limit_ms, on another thread, unless the watchdog is freed before.
SmtpWatchdog *smtp_watchdog_new(gint64 limit_ms, void (*bite)(gpointer data),
                                gpointer data) G_GNUC_WARN_UNUSED_RESULT;

// After this bite is not running and will not run.
void smtp_watchdog_free(SmtpWatchdog *watchdog);
