// The reply suites of others (shared data): no customer text may be lost, and most quotes are
// hidden. HTML rows go through html_text first, as in the decoder.
#include <gmime/gmime.h>
#include <string.h>

#include "mime/html_text.h"
#include "model/reply_text.h"
#include "tests/shared_rows.h"

typedef struct {
    guint rows;
    guint lost;
    guint quotes;
    guint hidden;
} Tally;

// Letters and digits only: wrapping, blanks and marks do not count.
static char *squeeze(const char *text) {
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (g_unichar_isalnum(character)) {
            g_string_append_unichar(out, character);
        }
    }
    return g_string_free(out, FALSE);
}

static gboolean holds(const char *text, const char *part) {
    g_autofree char *whole = squeeze(text);
    g_autofree char *piece = squeeze(part);
    return strstr(whole, piece) != NULL;
}

// The first text part, plain before HTML as mails have it.
static void find_text(GMimeObject *parent G_GNUC_UNUSED, GMimeObject *part, gpointer data) {
    char **found = data;
    if (!*found && GMIME_IS_TEXT_PART(part)) {
        *found = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    }
}

static char *mail_text(const char *raw, gsize length) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    char *text = NULL;
    g_mime_message_foreach(message, find_text, &text);
    g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    return text ? text : g_strdup("");
}

static char *row_input(const json_t *row) {
    const char *payload = row_text(row, "payload");
    const char *format = row_text(row, "format");
    gsize length = payload ? strlen(payload) : 0;
    g_autofree char *file = NULL;
    if (!payload) {
        g_autofree char *path = g_strconcat("corpora/", row_text(row, "file"), NULL);
        payload = file = shared_file_read(path, &length);
    }
    if (!payload) {
        return NULL;
    }
    if (g_str_equal(format, "eml") && file) {
        return mail_text(payload, length);
    }
    gboolean html = g_str_equal(format, "html") || *payload == '<';
    return html ? html_text(payload, length) : g_strdup(payload);
}

static const char *row_expectation(const json_t *row) {
    static const char *const members[] = {"reply_equals", "reply_equals_ignoring_space"};
    for (gsize at = 0; at < G_N_ELEMENTS(members); at++) {
        if (row_text(row, members[at])) {
            return row_text(row, members[at]);
        }
    }
    return NULL;
}

static void judge_row(const json_t *row, Tally *tally) {
    g_autofree char *input = row_input(row);
    const char *expected = row_expectation(row);
    if (!input || !expected) {
        return;
    }
    g_autoptr(ReplyText) reply = reply_text_split(input);
    g_autofree char *with_signature =
        g_strconcat(reply->new_text, "\n", reply->signature ? reply->signature : "", NULL);
    tally->rows++;
    if (!holds(with_signature, expected)) {
        tally->lost++;
        g_test_message("lost: %s\nexpected: %s\ngot: %s", row_text(row, "file"), expected,
                       reply->new_text);
    }
    g_autofree char *all = squeeze(input);
    g_autofree char *wanted = squeeze(expected);
    g_autofree char *got = squeeze(reply->new_text);
    if (strlen(all) > strlen(wanted)) {
        tally->quotes++;
        tally->hidden += strlen(got) <= strlen(wanted);
        if (strlen(got) > strlen(wanted)) {
            g_test_message("shown: %s\nexpected: %s\ngot: %s", row_text(row, "file"), expected,
                           reply->new_text);
        }
    }
}

static void test_nothing_is_lost_and_quotes_are_hidden(void) {
    static const char *const names[] = {"replies", "talon", "crisp-erp"};
    Tally tally = {0};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        json_t *rows = shared_rows_read(names[at]);
        if (!rows) {
            return;
        }
        for (gsize index = 0; index < json_array_size(rows); index++) {
            judge_row(json_array_get(rows, index), &tally);
        }
        json_decref(rows);
    }
    g_test_message("%u rows: %u lost, %u of %u quotes hidden", tally.rows, tally.lost, tally.hidden,
                   tally.quotes);
    g_assert_cmpuint(tally.rows, >, 50);
    g_assert_cmpuint(tally.lost, ==, 0);
    g_assert_cmpuint(tally.hidden * 100, >=, tally.quotes * 85);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_mime_init();
    g_test_add_func("/reply-suites/nothing-is-lost-and-quotes-are-hidden",
                    test_nothing_is_lost_and_quotes_are_hidden);
    return g_test_run();
}
