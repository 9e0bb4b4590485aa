#include "model/reply_text.h"

#include <string.h>

#include "model/reply_attribution.h"
#include "model/reply_headers.h"
#include "model/reply_signature.h"

#define SIGNATURES_MAX 3 // one's own, a phone's, a mailing list's

enum { LINE_NEW, LINE_QUOTED, LINE_SIGNATURE };

typedef struct {
    GArray *lines;
    guint8 *kinds;     // of each line
    guint at;          // next line to look at
    guint open;        // first line since the last quote: where an announcement may begin
    guint first_new;   // the first line that is new and not blank; G_MAXUINT: none yet
    gboolean no_fence; // no ``` ends below
    gboolean has_announcement;
} Splitter;

static const ReplyLine *line_at(const Splitter *splitter, guint at) {
    return &g_array_index(splitter->lines, ReplyLine, at);
}

static void mark(Splitter *splitter, guint start, guint end, guint8 kind) {
    memset(splitter->kinds + start, kind, end - start);
}

static guint skip_blank(const Splitter *splitter, guint at) {
    while (at < splitter->lines->len && reply_line_is_blank(line_at(splitter, at))) {
        at++;
    }
    return at;
}

static gboolean is_quoted_at(const Splitter *splitter, guint at) {
    return at < splitter->lines->len && reply_line_is_quoted(line_at(splitter, at));
}

static void go_on_behind(Splitter *splitter, guint end) {
    splitter->at = end;
    splitter->open = end;
}

// Takes the lines with ">" from start on, with the blank ones between them.
static void take_marked_quote(Splitter *splitter, guint start, guint quote) {
    guint end = quote;
    while (is_quoted_at(splitter, quote)) {
        end = quote + 1;
        quote = skip_blank(splitter, end);
    }
    mark(splitter, start, end, LINE_QUOTED);
    if (splitter->first_new >= start) {
        splitter->first_new = G_MAXUINT; // was part of the announcement
    }
    go_on_behind(splitter, end);
}

// An announcement in lines start to end. What follows is marked with ">", or else, if something new
// stands above it and it is sure, goes to the end. FALSE: it announces nothing that we know.
static gboolean take_announced(Splitter *splitter, guint start, guint end, gboolean sure) {
    guint next = skip_blank(splitter, end);
    if (is_quoted_at(splitter, next)) {
        splitter->has_announcement = TRUE;
        take_marked_quote(splitter, start, next);
        return TRUE;
    }
    if (!sure || splitter->first_new >= start) {
        return FALSE;
    }
    splitter->has_announcement = TRUE;
    mark(splitter, start, splitter->lines->len, LINE_QUOTED);
    go_on_behind(splitter, splitter->lines->len);
    return TRUE;
}

// A forward without a word of its own: only the lines above what it forwards are hidden.
static void take_forward_headers(Splitter *splitter, guint start, guint end) {
    mark(splitter, start, end, LINE_QUOTED);
    go_on_behind(splitter, splitter->lines->len);
}

static gboolean take_delimited(Splitter *splitter) {
    guint start = splitter->at;
    const ReplyLine *line = line_at(splitter, start);
    DelimiterKind kind = reply_delimiter_match(line);
    guint end = start + 1;
    if (kind == DELIMITER_REPLY_LINE) {
        return take_announced(splitter, start, end, TRUE);
    }
    gboolean rule = kind == DELIMITER_NONE && reply_line_is_rule(line, 5);
    if (kind == DELIMITER_NONE && !rule) {
        return FALSE;
    }
    guint next = skip_blank(splitter, end);
    if (next >= splitter->lines->len) {
        return FALSE;
    }
    gboolean headers = reply_headers_match(splitter->lines, next, TRUE, &end);
    if (rule && !headers) {
        return FALSE;
    }
    end = headers ? end : start + 1;
    if (take_announced(splitter, start, end, TRUE)) {
        return TRUE;
    }
    if (kind == DELIMITER_FORWARDED) {
        take_forward_headers(splitter, start, end);
        return TRUE;
    }
    return FALSE;
}

static gboolean take_headers(Splitter *splitter) {
    guint end;
    return reply_headers_match(splitter->lines, splitter->at, FALSE, &end) &&
           take_announced(splitter, splitter->at, end, TRUE);
}

static gboolean take_attributed(Splitter *splitter) {
    guint start;
    AttributionStrength strength =
        reply_attribution_match(splitter->lines, splitter->open, splitter->at, &start);
    if (strength == ATTRIBUTION_NONE) {
        return FALSE;
    }
    return take_announced(splitter, start, splitter->at + 1, strength == ATTRIBUTION_STRONG);
}

static gboolean take_quote(Splitter *splitter) {
    if (!is_quoted_at(splitter, splitter->at)) {
        return FALSE;
    }
    guint start;
    splitter->has_announcement |=
        reply_attribution_match(splitter->lines, splitter->at, splitter->at, &start) ==
        ATTRIBUTION_STRONG;
    take_marked_quote(splitter, splitter->at, splitter->at);
    return TRUE;
}

// Lines of code between ``` are the writer's, whatever they look like.
static gboolean take_code(Splitter *splitter) {
    const ReplyLine *line = line_at(splitter, splitter->at);
    if (splitter->no_fence || line->length < 3 || strncmp(line->start, "```", 3) != 0) {
        return FALSE;
    }
    for (guint end = splitter->at + 1; end < splitter->lines->len; end++) {
        const ReplyLine *last = line_at(splitter, end);
        if (last->length == 3 && strncmp(last->start, "```", 3) == 0) {
            splitter->first_new = MIN(splitter->first_new, splitter->at);
            go_on_behind(splitter, end + 1);
            return TRUE;
        }
    }
    splitter->no_fence = TRUE;
    return FALSE;
}

static void classify(Splitter *splitter) {
    static gboolean (*const takers[])(Splitter *) = {take_code, take_delimited, take_headers,
                                                     take_attributed, take_quote};
    while (splitter->at < splitter->lines->len) {
        gboolean taken = FALSE;
        for (gsize which = 0; which < G_N_ELEMENTS(takers) && !taken; which++) {
            taken = takers[which](splitter);
        }
        if (!taken) {
            if (!reply_line_is_blank(line_at(splitter, splitter->at))) {
                splitter->first_new = MIN(splitter->first_new, splitter->at);
            }
            splitter->at++;
        }
    }
}

// The end of the last new line, with the first line of its run in *start; 0 when nothing is new.
static guint last_new_run(const Splitter *splitter, guint *start) {
    guint end = splitter->lines->len;
    while (end > 0 && (splitter->kinds[end - 1] != LINE_NEW ||
                       reply_line_is_blank(line_at(splitter, end - 1)))) {
        end--;
    }
    *start = end;
    while (*start > 0 && splitter->kinds[*start - 1] == LINE_NEW) {
        (*start)--;
    }
    return end;
}

static guint first_line(const Splitter *splitter, guint8 kind) {
    for (guint at = 0; at < splitter->lines->len; at++) {
        if (splitter->kinds[at] == kind && !reply_line_is_blank(line_at(splitter, at))) {
            return at;
        }
    }
    return splitter->lines->len;
}

// The signature stands at the end of the new text, or behind the quote. A mail that is nothing else
// keeps it.
static void mark_signatures(Splitter *splitter) {
    guint start;
    guint end;
    for (int run = 0; run < SIGNATURES_MAX && (end = last_new_run(splitter, &start)) > 0; run++) {
        guint signature = reply_signature_find(splitter->lines, start, end);
        gboolean all = skip_blank(splitter, start) >= signature;
        if (signature >= end || (all && first_line(splitter, LINE_NEW) >= start)) {
            return;
        }
        mark(splitter, signature, end, LINE_SIGNATURE);
        if (!all) {
            return;
        }
    }
}

// Where the new text begins. A quote above one answer is hidden; where answers stand between
// quotes, the first quote is the question to the first answer.
static guint new_text_start(const Splitter *splitter, guint end) {
    guint first = first_line(splitter, LINE_NEW);
    guint quote = first;
    while (quote < end && splitter->kinds[quote] != LINE_QUOTED) {
        quote++;
    }
    if (quote >= end) {
        return first;
    }
    return MIN(first, first_line(splitter, LINE_QUOTED));
}

static char *join_lines(const Splitter *splitter, guint start, guint end, int only) {
    GString *out = g_string_new(NULL);
    for (guint at = start; at < end; at++) {
        const ReplyLine *line = line_at(splitter, at);
        if (only < 0 || splitter->kinds[at] == only) {
            g_string_append_len(out, line->start, (gssize)line->length);
            g_string_append_c(out, '\n');
        }
    }
    while (out->len > 0 && out->str[out->len - 1] == '\n') {
        g_string_truncate(out, out->len - 1);
    }
    g_string_erase(out, 0, (gssize)strspn(out->str, "\n"));
    return g_string_free(out, FALSE);
}

static char *null_if_empty(char *text) {
    if (text && !*text) {
        g_clear_pointer(&text, g_free);
    }
    return text;
}

static ReplyText *assemble(Splitter *splitter) {
    ReplyText *reply = g_new0(ReplyText, 1);
    guint count = splitter->lines->len;
    guint run;
    guint end = last_new_run(splitter, &run);
    if (end == 0 && !splitter->has_announcement) {
        reply->new_text = join_lines(splitter, 0, count, -1);
        return reply;
    }
    guint start = end > 0 ? new_text_start(splitter, end) : 0;
    reply->new_text = join_lines(splitter, start, end, -1);
    mark(splitter, start, end, LINE_NEW);
    reply->quoted = null_if_empty(join_lines(splitter, 0, count, LINE_QUOTED));
    reply->signature = null_if_empty(join_lines(splitter, 0, count, LINE_SIGNATURE));
    return reply;
}

ReplyText *reply_text_split(const char *text) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    Splitter splitter = {.lines = reply_lines_split(valid), .first_new = G_MAXUINT};
    splitter.kinds = g_malloc0(splitter.lines->len + 1);
    classify(&splitter);
    mark_signatures(&splitter);
    ReplyText *reply = assemble(&splitter);
    g_free(splitter.kinds);
    g_array_unref(splitter.lines);
    return reply;
}

void reply_text_free(ReplyText *reply) {
    if (reply) {
        g_free(reply->new_text);
        g_free(reply->quoted);
        g_free(reply->signature);
        g_free(reply);
    }
}
