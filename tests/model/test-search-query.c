#include <string.h>

#include "base/error.h"
#include "model/search_query.h"

static const char *const place_names[] = {
    [SEARCH_IN_ALL] = "all",
    [SEARCH_IN_SENDER] = "sender",
    [SEARCH_IN_RECIPIENT] = "recipient",
    [SEARCH_IN_SUBJECT] = "subject",
    [SEARCH_HAS_FILE] = "file",
};
static const char *const filter_names[] = {
    [SEARCH_STATUS] = "status", [SEARCH_UNASSIGNED] = "unassigned", [SEARCH_CHANNEL] = "channel",
    [SEARCH_TAG] = "tag",       [SEARCH_AGENT] = "agent",           [SEARCH_BEFORE] = "before",
    [SEARCH_AFTER] = "after",
};

static void term_print(GString *out, const SearchTerm *term) {
    g_string_append_printf(out, "%s%s(%s%s)", term->is_excluded ? "-" : "",
                           place_names[term->place], term->is_phrase ? "=" : "", term->text);
}

static void filter_print(GString *out, const SearchFilter *filter) {
    g_autofree char *date =
        filter->instant != INSTANT_NONE ? instant_format(filter->instant) : NULL;
    g_string_append_printf(out, "%s%s[%s]", filter->is_excluded ? "-" : "",
                           filter_names[filter->kind], date != NULL ? date : filter->value);
}

static char *printed(const char *line) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SearchQuery) query = search_query_parse(line, &error);
    g_assert_no_error(error);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < query->terms->len; i++)
        term_print(out, query->terms->pdata[i]);
    for (guint i = 0; i < query->filters->len; i++)
        filter_print(out, query->filters->pdata[i]);
    return g_string_free(out, FALSE);
}

static void lines_are_parsed(void) {
    static const struct {
        const char *line;
        const char *parsed;
    } cases[] = {
        {"", ""},
        {"  invoice  late ", "all(invoice)all(late)"},
        {"\"not received\" -refund", "all(=not received)-all(refund)"},
        {"from:anna@example.org to:\"Help Desk\"", "sender(anna@example.org)recipient(=Help Desk)"},
        {"Subject:hello -from:bob", "subject(hello)-sender(bob)"},
        {"has:attachment -has:ATTACHMENT", "file()-file()"},
        {"is:open is:Unassigned", "status[open]unassigned[]"},
        {"channel:Support tag:\"VIP customer\" agent:me",
         "channel[support]tag[vip customer]agent[me]"},
        {"-tag:spam", "-tag[spam]"},
        {"before:2026-11-23 after:2025",
         "before[2026-11-23T00:00:00.000Z]after[2025-01-01T00:00:00.000Z]"},
        {"after:2026-02", "after[2026-02-01T00:00:00.000Z]"},
        {"http://example.org note:x", "all(http://example.org)all(note:x)"},
        {"\"never closed", "all(=never closed)"},
        {"- -- \"\"", "all(-)-all(-)"},
        {"a\" OR \"b*", "all(a\")all(OR)all(=b*)"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *parsed = printed(cases[i].line);
        g_assert_cmpstr(parsed, ==, cases[i].parsed);
    }
}

static void wrong_values_are_refused_with_what_is_right(void) {
    static const struct {
        const char *line;
        const char *said;
    } cases[] = {
        {"is:closed", "is: takes open, pending, snoozed, resolved or unassigned"},
        {"has:cheese", "has: takes attachment"},
        {"before:yesterday", "write a day as 2026-11-23"},
        {"after:2026-13", "write a day"},
        {"from: anna", "a value must follow without a space"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(search_query_parse(cases[i].line, &error));
        g_assert_cmpint(error_kind(error), ==, ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, cases[i].said));
    }
}

static void everything_is_bounded(void) {
    g_autofree char *endless = g_strnfill(SEARCH_LINE_MAX + 1, 'x');
    g_assert_null(search_query_parse(endless, NULL));
    GString *many = g_string_new(NULL);
    for (int i = 0; i <= SEARCH_TERMS_MAX; i++)
        g_string_append(many, "x ");
    g_assert_null(search_query_parse(many->str, NULL));
    g_string_free(many, TRUE);
    g_assert_null(search_query_parse("a\xff", NULL));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/search-query/lines_are_parsed", lines_are_parsed);
    g_test_add_func("/search-query/wrong_values_are_refused_with_what_is_right",
                    wrong_values_are_refused_with_what_is_right);
    g_test_add_func("/search-query/everything_is_bounded", everything_is_bounded);
    return g_test_run();
}
