#include "mime/bounce_text.h"

#include <string.h>

#include "mime/address_list.h"
#include "mime/bounce_phrases.h"
#include "mime/mail_report.h"
#include "mime/message_ids.h"

#define TEXT_MAXIMUM 65536 // bytes that are looked at
#define LINE_MAXIMUM 1000  // bytes of a line
#define SECTION_LINES 8    // lines behind a section's heading in which an address counts

static const char *phrase_find(const char *lower, const char *const *phrases) {
    for (; *phrases != NULL; phrases++) {
        const char *found = strstr(lower, *phrases);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static gboolean has_phrase(const char *lower, const char *const *phrases) {
    return phrase_find(lower, phrases) != NULL;
}

static char *lower_bounded(const char *text) {
    g_autofree char *bounded = g_utf8_make_valid(text, (gssize)MIN(strlen(text), TEXT_MAXIMUM));
    return g_utf8_strdown(bounded, -1);
}

gboolean bounce_text_in_subject(const char *subject) {
    g_autofree char *lower = lower_bounded(subject);
    return has_phrase(lower, bounce_subjects);
}

static gboolean is_header_line(const char *line) {
    static const char *const names[] = {
        "received:", "return-path:", "message-id:", "mime-version:", NULL};
    line += strspn(line, "> \t|");
    for (gsize at = 0; names[at] != NULL; at++)
        if (g_str_has_prefix(line, names[at]))
            return TRUE;
    return FALSE;
}

// Where the returned original begins, in text of lower case; its end when there is none.
static const char *original_find(const char *lower) {
    for (const char *line = lower; *line != '\0';) {
        gsize length = strcspn(line, "\n");
        g_autofree char *copy = g_strndup(line, length);
        const char *phrase = is_header_line(copy) ? copy : phrase_find(copy, bounce_originals);
        if (phrase != NULL)
            return line + (phrase - copy);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return lower + strlen(lower);
}

// Lines are broken anywhere, so the text before the original is searched as one.
static gboolean body_has(const char *text, const char *const *phrases) {
    g_autofree char *lower = lower_bounded(text);
    lower[original_find(lower) - lower] = '\0';
    for (char *at = lower; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    return has_phrase(lower, phrases);
}

gboolean bounce_text_in_body(const char *text) {
    return body_has(text, bounce_texts);
}

gboolean bounce_text_has_proof(const char *text) {
    return body_has(text, bounce_proofs);
}

// The local part in lower case, without quotes and backslashes ("System Administrator"@...).
static char *local_part(const char *address) {
    const char *at = strrchr(address, '@');
    GString *local = g_string_new(NULL);
    for (; *address != '\0' && address != at; address++)
        if (*address != '"' && *address != '\\')
            g_string_append_c(local, g_ascii_tolower(*address));
    g_string_truncate(local, strcspn(local->str, "@"));
    return g_string_free(local, FALSE);
}

static gboolean is_named(const Party *from, const char *const *names) {
    g_autofree char *local = local_part(from->address);
    g_autofree char *name = from->name != NULL ? g_utf8_strdown(from->name, -1) : g_strdup("");
    for (; *names != NULL; names++)
        if (strcmp(local, *names) == 0 || g_str_has_prefix(name, *names))
            return TRUE;
    return FALSE;
}

gboolean bounce_text_is_daemon(const Party *from) {
    return is_named(from, bounce_daemons);
}

gboolean bounce_text_is_postmaster(const Party *from) {
    return is_named(from, bounce_masters);
}

gboolean bounce_text_is_delay(const char *subject, const char *text) {
    g_autofree char *title = lower_bounded(subject);
    return has_phrase(title, bounce_delays) || body_has(text, bounce_delays);
}

// How sure it is that an address on a line has failed.
typedef enum { RANK_NONE, RANK_HEADER, RANK_SEEN, RANK_REASON, RANK_LISTED } Rank;

typedef struct {
    Incoming *incoming;
    GPtrArray *addresses; // of char *
    GArray *ranks;        // of Rank, beside them
    guint section;        // lines for which the last heading still counts
} Scan;

static gboolean is_own(const Scan *scan, const char *address) {
    static const char *const systems[] = {"postmaster@", "mailer-daemon@", "abuse@", "hostmaster@",
                                          "mailerdaemon@"};
    for (gsize at = 0; at < G_N_ELEMENTS(systems); at++)
        if (g_ascii_strncasecmp(address, systems[at], strlen(systems[at])) == 0)
            return TRUE;
    return g_ascii_strcasecmp(address, scan->incoming->from->address) == 0;
}

static void candidate_add(Scan *scan, const char *address, Rank rank) {
    if (is_own(scan, address))
        return;
    for (guint at = 0; at < scan->addresses->len; at++)
        if (g_ascii_strcasecmp(scan->addresses->pdata[at], address) == 0) {
            Rank *known = &g_array_index(scan->ranks, Rank, at);
            *known = MAX(*known, rank);
            return;
        }
    if (scan->addresses->len >= REPORTS_MAXIMUM)
        return;
    g_ptr_array_add(scan->addresses, g_strdup(address));
    g_array_append_val(scan->ranks, rank);
}

// "To: x", "Subject: y" repeat the original's headers.
static gboolean is_quoted_header(const char *lower) {
    static const char *const names[] = {
        "to:", "cc:", "from:", "subject:", "sent:", "reply-to:", "sender:", "date:", "x-"};
    lower += strspn(lower, " \t>|");
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        if (g_str_has_prefix(lower, names[at]))
            return TRUE;
    return FALSE;
}

// The line begins with the address: alone, or with a colon or a blank behind it.
static gboolean is_leading(const char *line, const char *address) {
    line += strspn(line, " \t<\"'*-[(");
    if (g_ascii_strncasecmp(line, "smtp:", 5) == 0)
        line += 5;
    if (g_ascii_strncasecmp(line, address, strlen(address)) != 0)
        return FALSE;
    line += strlen(address);
    line += strspn(line, ">\"')]");
    return *line == ':' || line[strspn(line, " \t.;")] == '\0';
}

static Rank line_rank(const Scan *scan, const char *line, const char *lower, const char *address) {
    if (is_quoted_header(lower))
        return g_str_has_prefix(lower + strspn(lower, " \t>|"), "to:") ? RANK_HEADER : RANK_NONE;
    if (is_leading(line, address) || scan->section > 0 || has_phrase(lower, bounce_sections))
        return RANK_LISTED;
    return has_phrase(lower, bounce_reasons) ? RANK_REASON : RANK_SEEN;
}

static void line_scan(Scan *scan, const char *line) {
    g_autofree char *lower = g_utf8_strdown(line, -1);
    gboolean is_first = TRUE;
    if (g_str_has_prefix(lower + strspn(lower, " \t"), "---"))
        scan->section = 0;
    for (const char *at = line; (at = strchr(at, '@')) != NULL; at++) {
        const char *start = at;
        while (start > line && strchr(" \t<>()[]\",;:'=", start[-1]) == NULL)
            start--;
        g_autofree char *address = address_find(start);
        Rank rank = address != NULL ? line_rank(scan, line, lower, address) : RANK_NONE;
        if (rank == RANK_LISTED && !is_first)
            rank = RANK_SEEN;
        if (rank != RANK_NONE) {
            candidate_add(scan, address, rank);
            is_first = FALSE;
        }
    }
    if (has_phrase(lower, bounce_sections))
        scan->section = SECTION_LINES;
    else if (scan->section > 0)
        scan->section--;
}

static void lines_scan(Scan *scan, const char *text, gsize length) {
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (gsize)(end - text));
        const char *stop = newline != NULL ? newline : end;
        g_autofree char *line = g_strndup(text, MIN((gsize)(stop - text), LINE_MAXIMUM));
        line_scan(scan, line);
        text = stop + 1;
    }
}

// The status code in the text, such as 5.1.1, of the report's own kind.
static char *status_find(const char *text, char class) {
    for (const char *at = text; (at = strchr(at, class)) != NULL; at++) {
        gsize first = at[1] == '.' ? strspn(at + 2, "0123456789") : 0;
        gsize second = first > 0 && at[2 + first] == '.' ? strspn(at + 3 + first, "0123456789") : 0;
        gboolean is_start = at == text || strchr(" (-#\t\n", at[-1]) != NULL;
        if (is_start && second > 0 && first <= 3 && second <= 3 && at[3 + first + second] != '.')
            return g_strndup(at, 3 + first + second);
    }
    return NULL;
}

static void candidates_report(const Scan *scan, const char *text) {
    Mail *mail = scan->incoming->mail;
    gboolean is_delay = bounce_text_is_delay(mail->subject, text);
    g_autofree char *status = status_find(text, is_delay ? '4' : '5');
    Rank best = RANK_NONE;
    for (guint at = 0; at < scan->ranks->len; at++)
        best = MAX(best, g_array_index(scan->ranks, Rank, at));
    for (guint at = 0; at < scan->ranks->len; at++)
        if (g_array_index(scan->ranks, Rank, at) == best)
            mail_report_add(mail, scan->addresses->pdata[at], is_delay ? "delayed" : "failed",
                            status, NULL);
}

// Where the line begins with this header name, behind quote marks; NULL when none does.
static const char *header_line_find(const char *lower, const char *name) {
    for (const char *at = lower; (at = strstr(at, name)) != NULL; at++) {
        const char *before = at;
        while (before > lower && strchr("> \t|", before[-1]) != NULL)
            before--;
        if (before == lower || before[-1] == '\n')
            return at;
    }
    return NULL;
}

// "Message-ID: <...>" of the returned original in the text; lower is text in lower ASCII.
static void about_read(Mail *mail, const char *text, const char *lower) {
    static const char name[] = "message-id:";
    const char *mark = header_line_find(lower, name);
    if (mark == NULL || mail->report_about != NULL)
        return;
    const char *value = text + (mark - lower) + strlen(name);
    g_autofree char *line = g_strndup(value, strcspn(value, "\n"));
    if (strchr(line, '<') != NULL)
        mail->report_about = message_id_parse(line);
}

void bounce_text_read(Incoming *incoming) {
    g_autofree char *lower = g_ascii_strdown(incoming->text, TEXT_MAXIMUM);
    gsize length = (gsize)(original_find(lower) - lower);
    about_read(incoming->mail, incoming->text, lower);
    if (incoming->mail->reports->len > 0)
        return;
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) ranks = g_array_new(FALSE, FALSE, sizeof(Rank));
    Scan scan = {incoming, addresses, ranks, 0};
    lines_scan(&scan, incoming->text, length);
    g_autofree char *told = g_strndup(incoming->text, length);
    candidates_report(&scan, told);
}
