// dialogctl deliver: one mail on standard input, from a mail server's pipe. Exit codes are those of
// sysexits(3): 75 makes the mail server come again.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "control/verbs.h"

#define MAIL_BYTES_MAX (64u << 20)

static const ControlOption options[] = {
    {"recipient", "ADDRESS", "the address that the mail was sent to; its channel takes it"},
    {"channel", "ID", "the channel that takes it, in place of --recipient"},
    {"sender", "ADDRESS", "the envelope sender; empty for the null path"},
    {0},
};

static GBytes *read_input(GError **error) {
    g_autoptr(GByteArray) mail = g_byte_array_new();
    guint8 buffer[65536];
    ssize_t length;
    while ((length = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
        if (mail->len + (gsize)length > MAIL_BYTES_MAX) {
            error_set(error, ERROR_TOO_LARGE, "mail_too_large", "the mail is too large");
            return NULL;
        }
        g_byte_array_append(mail, buffer, (guint)length);
    }
    if (length < 0)
        error_set(error, ERROR_UNAVAILABLE, "input_unreadable", "standard input cannot be read: %s",
                  g_strerror(errno));
    else if (mail->len == 0)
        error_set(error, ERROR_INVALID, "mail_empty", "there is no mail on standard input");
    else
        return g_byte_array_free_to_bytes(g_steal_pointer(&mail));
    return NULL;
}

static char *route(Control *control) {
    static const char *const names[] = {"channel", "recipient", "sender"};
    g_autoptr(GString) path = g_string_new("/api/v1/mails");
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        const char *value = control_option(control, names[at]);
        g_autofree char *escaped = value == NULL ? NULL : g_uri_escape_string(value, NULL, FALSE);
        if (value != NULL)
            g_string_append_printf(path, "%c%s=%s", strchr(path->str, '?') == NULL ? '?' : '&',
                                   names[at], escaped);
    }
    return g_strdup(path->str);
}

static gboolean run(Control *control, GError **error) {
    if ((control_option(control, "channel") == NULL) ==
        (control_option(control, "recipient") == NULL)) {
        error_set(error, ERROR_INVALID, "deliver_to", "name --recipient or --channel");
        return FALSE;
    }
    GBytes *mail = read_input(error);
    if (mail == NULL)
        return FALSE;
    g_autofree char *path = route(control);
    g_autoptr(HttpAnswer) answer =
        control_call_bytes(control, "POST", path, "message/rfc822", mail, error);
    return answer != NULL;
}

// What a mail server must be told: come again, bounce as unknown, or bounce as unusable.
static int exit_code(const GError *error) {
    if (strcmp(error_code(error), "deliver_to") == 0)
        return 64; // EX_USAGE
    switch (error_kind(error)) {
    case ERROR_NOT_FOUND:
        return strcmp(error_code(error), "channel_unknown") == 0 ? 67 : 75; // EX_NOUSER
    case ERROR_INVALID:
        return strcmp(error_code(error), "mail_empty") == 0 ? 65 : 75; // configuration: come again
    case ERROR_TOO_LARGE:
        return 65; // EX_DATAERR
    case ERROR_UNAUTHENTICATED:
    case ERROR_DENIED:
        return 77; // EX_NOPERM
    case ERROR_CONFLICT:
    case ERROR_PRECONDITION:
    case ERROR_LIMIT:
    case ERROR_UPSTREAM:
    case ERROR_UNAVAILABLE:
    case ERROR_INTERNAL:
    default:
        return 75; // EX_TEMPFAIL
    }
}

const ControlVerb control_deliver_verbs[] = {
    {.verb = "deliver",
     .arguments = "",
     .summary = "Take in one mail from standard input, for a mail server's pipe",
     .options = options,
     .run = run,
     .exit_code = exit_code},
    {0},
};
