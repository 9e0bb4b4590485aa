#include "desk/reply_quote.h"

#include <string.h>

#define QUOTE_LIMIT ((gsize)100 << 10)

static const struct {
    const char *language;
    const char *format; // date, time, name
} attributions[] = {
    {"fi", "%s klo %s UTC %s kirjoitti:"},
    {"sv", "Den %s kl. %s UTC skrev %s:"},
    {"en", "On %s at %s UTC, %s wrote:"},
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" // the formats are those above
char *reply_attribution_line(const QuotedMail *quoted) {
    g_autofree char *instant = instant_format(quoted->written_at);
    g_autofree char *date = g_strndup(instant, 10);
    g_autofree char *time = g_strndup(instant + 11, 5);
    const char *name = quoted->from->name != NULL ? quoted->from->name : quoted->from->address;
    const char *format = attributions[G_N_ELEMENTS(attributions) - 1].format;
    for (gsize at = 0; at < G_N_ELEMENTS(attributions); at++)
        if (quoted->language != NULL &&
            strncmp(quoted->language, attributions[at].language, 2) == 0)
            format = attributions[at].format;
    return g_strdup_printf(format, date, time, name);
}
#pragma GCC diagnostic pop

static void add_quoted_lines(GString *out, const char *text) {
    const char *end = text + MIN(strlen(text), QUOTE_LIMIT);
    while (text < end) {
        const char *line = memchr(text, '\n', (gsize)(end - text));
        gsize length = (gsize)((line != NULL ? line : end) - text);
        gsize shown = length > 0 && text[length - 1] == '\r' ? length - 1 : length;
        g_string_append(out, *text == '>' ? ">" : shown > 0 ? "> " : ">");
        g_string_append_len(out, text, (gssize)shown);
        g_string_append_c(out, '\n');
        text += length + 1;
    }
}

static gboolean has_text(const char *text) {
    return text != NULL && *text != '\0';
}

char *reply_compose_text(const char *text, const char *signature, const QuotedMail *quoted) {
    GString *out = g_string_new(text);
    while (out->len > 0 && g_ascii_isspace(out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
    if (has_text(signature))
        g_string_append_printf(out, "\n-- \n%s\n", signature);
    if (quoted != NULL) {
        g_autofree char *line = reply_attribution_line(quoted);
        g_string_append_printf(out, "\n%s\n", line);
        add_quoted_lines(out, quoted->text);
    }
    return g_string_free(out, FALSE);
}

static void add_escaped(GString *out, const char *text) {
    g_autofree char *part = g_strndup(text, MIN(strlen(text), QUOTE_LIMIT));
    g_autofree char *valid = g_utf8_make_valid(part, -1);
    g_autofree char *escaped = g_markup_escape_text(valid, -1);
    g_auto(GStrv) lines = g_strsplit(escaped, "\n", -1);
    g_autofree char *joined = g_strjoinv("<br>\n", lines);
    g_string_append(out, joined);
}

char *reply_compose_html(const char *html, const char *signature, const QuotedMail *quoted) {
    GString *out = g_string_new(html);
    if (has_text(signature)) {
        g_string_append(out, "<p>-- <br>\n");
        add_escaped(out, signature);
        g_string_append(out, "</p>");
    }
    if (quoted == NULL)
        return g_string_free(out, FALSE);
    g_autofree char *line = reply_attribution_line(quoted);
    g_string_append(out, "<p>");
    add_escaped(out, line);
    g_string_append(out, "</p><blockquote type=\"cite\">");
    if (quoted->html != NULL && strlen(quoted->html) <= QUOTE_LIMIT)
        g_string_append(out, quoted->html);
    else
        add_escaped(out, quoted->text);
    g_string_append(out, "</blockquote>");
    return g_string_free(out, FALSE);
}
