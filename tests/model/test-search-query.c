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
static const char *const filter_names[SEARCH_FILTER_KINDS] = {
    [SEARCH_STATUS] = "status",
    [SEARCH_UNASSIGNED] = "unassigned",
    [SEARCH_UNREAD] = "unread",
    [SEARCH_WAITING] = "waiting",
    [SEARCH_CHANNEL] = "channel",
    [SEARCH_TAG] = "tag",
    [SEARCH_AGENT] = "agent",
    [SEARCH_TEAM] = "team",
    [SEARCH_CUSTOMER] = "customer",
    [SEARCH_LANGUAGE] = "language",
    [SEARCH_PRIORITY] = "priority",
    [SEARCH_NUMBER] = "number",
    [SEARCH_NOTE] = "note",
    [SEARCH_CREATED] = "created",
    [SEARCH_UPDATED] = "updated",
    [SEARCH_WAITED] = "waited",
    [SEARCH_DRAFT] = "draft",
    [SEARCH_MENTIONS] = "mentions",
    [SEARCH_FOLLOWER] = "follower",
    [SEARCH_WRITER] = "writer",
    [SEARCH_PARTICIPANT] = "participant",
    [SEARCH_FIELD] = "field",
    [SEARCH_BEFORE] = "before",
    [SEARCH_AFTER] = "after",
    [SEARCH_SLA] = "sla",
};
static const char *const who_names[] = {"", "me", "nobody"};

static void term_print(GString *out, const SearchTerm *term) {
    g_string_append_printf(out, "%s%s(%s%s)", term->is_excluded ? "-" : "",
                           place_names[term->place], term->is_phrase ? "=" : "", term->text);
}

static gboolean is_timed(const SearchFilter *filter) {
    return filter->kind >= SEARCH_CREATED;
}

static char *bound_print(const SearchFilter *filter, gint64 bound) {
    if (bound == G_MININT64 || bound == G_MAXINT64)
        return g_strdup("*");
    return filter->is_age ? g_strdup_printf("%" G_GINT64_FORMAT "s", bound / 1000)
                          : instant_format(bound);
}

static char *value_print(const SearchFilter *filter) {
    if (filter->kind == SEARCH_PRIORITY || filter->kind == SEARCH_NUMBER ||
        filter->kind == SEARCH_SLA)
        return g_strdup_printf("%" G_GINT64_FORMAT, filter->low);
    if (!is_timed(filter))
        return g_strconcat(filter->value, who_names[filter->who], NULL);
    g_autofree char *low = bound_print(filter, filter->low);
    g_autofree char *high = bound_print(filter, filter->high);
    gboolean is_day = filter->kind == SEARCH_BEFORE || filter->kind == SEARCH_AFTER;
    return is_day ? g_strdup(low) : g_strdup_printf("%s..%s", low, high);
}

// Members of one group that has several bear its number.
static void group_print(GString *out, const SearchFilter *filter, const SearchQuery *query) {
    guint same = 0;
    for (guint i = 0; i < query->filters->len; i++)
        same += ((const SearchFilter *)query->filters->pdata[i])->group == filter->group;
    if (same > 1)
        g_string_append_printf(out, "%u:", filter->group);
}

static void filter_print(GString *out, const SearchFilter *filter) {
    g_autofree char *value = value_print(filter);
    g_string_append_printf(out, "%s%s[%s]", filter->is_excluded ? "-" : "",
                           filter_names[filter->kind], value);
}

static char *printed(const char *line) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SearchQuery) query = search_query_parse(line, &error);
    g_assert_no_error(error);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < query->terms->len; i++)
        term_print(out, query->terms->pdata[i]);
    for (guint i = 0; i < query->filters->len; i++) {
        group_print(out, query->filters->pdata[i], query);
        filter_print(out, query->filters->pdata[i]);
    }
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
        {"agent:\"me\" agent:none -agent:anna", "1:agent[me]1:agent[nobody]-agent[anna]"},
        {"team:mine inbox:email is:mine", "team[me]channel[email]agent[me]"},
        {"is:closed is:unread is:waiting", "status[resolved]unread[]waiting[]"},
        {"is:open is:pending tag:a tag:b", "1:status[open]1:status[pending]tag[a]tag[b]"},
        {"tag:a OR tag:b is:open", "1:tag[a]1:tag[b]status[open]"},
        {"is:open OR tag:x is:pending", "1:status[open]1:tag[x]status[pending]"},
        {"-tag:a OR is:open", "1:-tag[a]1:status[open]"},
        {"OR a", "all(OR)all(a)"},
        {"a OR", "all(a)"},
        {"priority:high -priority:low", "priority[1]-priority[-1]"},
        {"sla:breached -sla:risk", "sla[0]-sla[1]"},
        {"number:#10231 number:7", "1:number[10231]1:number[7]"},
        {"created:2026-02", "created[2026-02-01T00:00:00.000Z..2026-03-01T00:00:00.000Z]"},
        {"updated:2026-10-01..2026-10",
         "updated[2026-10-01T00:00:00.000Z..2026-11-01T00:00:00.000Z]"},
        {"created:>2025", "created[2026-01-01T00:00:00.000Z..*]"},
        {"created:<=2025-12-31", "created[*..2026-01-01T00:00:00.000Z]"},
        {"created:>7d waiting:<2h", "created[604800s..*]waited[*..7200s]"},
        {"updated:>=2026-11-23T06:03:30Z", "updated[2026-11-23T06:03:30.000Z..*]"},
        {"tila:avoin KÄSITTELIJÄ:minä kanava:tuki", "status[open]agent[me]channel[tuki]"},
        {"är:oläst handläggare:ingen prioritet:hög", "unread[]agent[nobody]priority[1]"},
        {"odottanut:>2t luotu:<3pv", "waited[7200s..*]created[*..259200s]"},
        {"sisältää:liite lähettäjä:aino", "file()sender(aino)"},
        {"mentions:me follower:anna participant:me participant:x@y.example",
         "mentions[me]follower[anna]writer[me]participant[x@y.example]"},
        {"field:Order=A=b field:Key has:draft", "field[A=b]field[Key]draft[]"},
        {"language:fi customer:aino@example.org", "language[fi]customer[aino@example.org]"},
        {"-tag:spam", "-tag[spam]"},
        {"before:2026-11-23 after:2025",
         "before[2026-11-23T00:00:00.000Z]after[2025-01-01T00:00:00.000Z]"},
        {"after:2026-02", "after[2026-02-01T00:00:00.000Z]"},
        {"http://example.org note:x", "all(http://example.org)all(note:x)"},
        {"\"never closed", "all(=never closed)"},
        {"- -- \"\"", "all(-)-all(-)"},
        {"a\" OR \"b*", "all(a\")all(=b*)"},
        {"a \"OR\" b", "all(a)all(=OR)all(b)"},
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
        {"is:cheese", "is: takes open, pending, snoozed, resolved, unassigned"},
        {"has:cheese", "has: takes attachment"},
        {"priority:huge", "priority: takes low"},
        {"number:many", "write a number"},
        {"number:99999999999999999999", "write a number"},
        {"created:7d", "write 2026-11"},
        {"waiting:>2", "write 2026-11"},
        {"waiting:>9999999d", "write 2026-11"},
        {"invoice OR tag:a", "OR joins words"},
        {"tag:a OR before:2026", "OR takes no before:"},
        {"a OR -b", "OR takes no"},
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

static const char *const pieces[] = {
    "is:",
    "open",
    "-",
    "\"",
    " ",
    "OR",
    " OR ",
    "tag:",
    "created:",
    ">",
    "7d",
    "..",
    "2026-13",
    "agent:",
    "me",
    "ä",
    "\xf0\x9f\x98\x80",
    "from:",
    "(",
    "*",
    "NEAR(",
    "'; DROP TABLE x; --",
    "number:",
    "#1",
    ":",
    "\t",
    "waiting:",
    "<2h",
    "priority:",
    "high",
    "after:",
    "2026",
    "\xff",
};

// Whatever comes: a bounded struct with sound groups, or one error; never both, never neither.
static void any_line_is_parsed_or_refused(void) {
    GRand *random = g_rand_new_with_seed(20261124);
    for (guint round = 0; round < 20000; round++) {
        g_autoptr(GString) line = g_string_new(NULL);
        for (gint32 left = g_rand_int_range(random, 0, 12); left > 0; left--)
            g_string_append(line,
                            pieces[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(pieces))]);
        g_autoptr(GError) error = NULL;
        g_autoptr(SearchQuery) query = search_query_parse(line->str, &error);
        g_assert_true((query != NULL) == (error == NULL));
        guint group = 0;
        for (guint i = 0; query != NULL && i < query->filters->len; i++) {
            const SearchFilter *filter = query->filters->pdata[i];
            g_assert_cmpuint(filter->group, >=, group);
            g_assert_true(g_utf8_validate(filter->value, -1, NULL));
            group = filter->group;
        }
    }
    g_rand_free(random);
}

// No backtracking: the longest line of the worst pieces takes no longer than its length.
static void parsing_is_linear(void) {
    g_autofree char *quotes = g_strnfill(SEARCH_LINE_MAX, '"');
    g_autofree char *colons = g_strnfill(SEARCH_LINE_MAX, ':');
    gint64 start = g_get_monotonic_time();
    for (int round = 0; round < 1000; round++) {
        g_autoptr(SearchQuery) one = search_query_parse(quotes, NULL);
        g_autoptr(SearchQuery) other = search_query_parse(colons, NULL);
    }
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
}

static void what_depends_on_agent_or_time_is_known(void) {
    g_autoptr(SearchQuery) mine = search_query_parse("is:open agent:me", NULL);
    g_autoptr(SearchQuery) unread = search_query_parse("is:unread", NULL);
    g_autoptr(SearchQuery) old = search_query_parse("waiting:>2h", NULL);
    g_autoptr(SearchQuery) plain = search_query_parse("is:open created:2026 agent:anna", NULL);
    g_assert_true(search_query_asks_who(mine) && search_query_asks_who(unread));
    g_assert_true(search_query_asks_when(old) && !search_query_asks_who(old));
    g_assert_false(search_query_asks_who(plain) || search_query_asks_when(plain));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/search-query/lines_are_parsed", lines_are_parsed);
    g_test_add_func("/search-query/wrong_values_are_refused_with_what_is_right",
                    wrong_values_are_refused_with_what_is_right);
    g_test_add_func("/search-query/everything_is_bounded", everything_is_bounded);
    g_test_add_func("/search-query/any_line_is_parsed_or_refused", any_line_is_parsed_or_refused);
    g_test_add_func("/search-query/parsing_is_linear", parsing_is_linear);
    g_test_add_func("/search-query/what_depends_on_agent_or_time_is_known",
                    what_depends_on_agent_or_time_is_known);
    return g_test_run();
}
