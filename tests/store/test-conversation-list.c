// Lists of conversations: what the search language means as SQL, paging both ways in every order,
// and that what agents look at all day walks an index.
#include <string.h>

#include "base/error.h"
#include "store/conversation_list.h"
#include "tests/store/list_fixture.h"

typedef struct {
    SearchQuery *queries[2];
    ConversationList list;
} Asked;

static void asked_init(Asked *asked, const char *line, Id me, ConversationSort sort, gint64 limit) {
    g_autoptr(GError) error = NULL;
    *asked = (Asked){.list = {.me = me, .viewer = me, .now = NOW, .sort = sort, .limit = limit}};
    asked->queries[0] = search_query_parse(line, &error);
    g_assert_no_error(error);
    asked->list.queries = (const SearchQuery *const *)asked->queries;
}

// Ids of one page; where it ends goes into the list's place.
static GString *page_ids(Db *db, ConversationList *list, gboolean *has_more) {
    g_autoptr(GError) error = NULL;
    GString *ids = g_string_new(NULL);
    gint64 count = 0;
    DbRows *rows = conversation_list_query(db, list, "c.version", "", &error);
    g_assert_no_error(error);
    while (db_rows_next(rows, &error) && count++ < list->limit) {
        g_string_append_printf(ids, "%" G_GINT64_FORMAT " ", db_rows_id(rows, 2));
        list->key = db_rows_int(rows, 1);
        list->id = db_rows_id(rows, 2);
    }
    g_assert_no_error(error);
    *has_more = count > list->limit;
    list->has_place = TRUE;
    db_rows_free(rows);
    return ids;
}

static gint compare_words(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *sorted_words(const char *text) {
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    GPtrArray *list = g_ptr_array_new();
    for (guint at = 0; words[at] != NULL; at++)
        if (*words[at] != '\0')
            g_ptr_array_add(list, words[at]);
    g_ptr_array_sort(list, compare_words);
    g_ptr_array_add(list, NULL);
    char *joined = g_strjoinv(" ", (char **)list->pdata);
    g_ptr_array_unref(list);
    return joined;
}

static char *ids_of_line(Db *db, const char *line, Id me) {
    Asked asked;
    gboolean has_more;
    gint64 count;
    asked_init(&asked, line, me, SORT_NEWEST, COUNT);
    GString *ids = page_ids(db, &asked.list, &has_more);
    char *words = sorted_words(ids->str);
    asked.list.has_place = FALSE;
    g_assert_true(conversation_list_count(db, &asked.list, COUNT + 1, &count, NULL));
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);
    g_assert_cmpint(count, ==, *words != '\0' ? g_strv_length(parts) : 0);
    g_string_free(ids, TRUE);
    search_query_free(asked.queries[0]);
    return words;
}

static char *ids_of_sql(Db *db, const char *condition) {
    g_autofree char *sql = g_strconcat("SELECT id FROM conversation c WHERE ", condition, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) ids = g_string_new(NULL);
    DbRows *rows = db_query(db, sql, DB_NO_VALUES, &error);
    g_assert_no_error(error);
    while (db_rows_next(rows, NULL))
        g_string_append_printf(ids, "%" G_GINT64_FORMAT " ", db_rows_id(rows, 0));
    db_rows_free(rows);
    return sorted_words(ids->str);
}

#define IN_CHANNEL_2 "(channel_id = 2 OR id IN (SELECT conversation_id FROM conversation_channel))"
#define TAGGED(tag) "id IN (SELECT conversation_id FROM conversation_tag WHERE tag_id = " tag ")"

static const struct {
    const char *line;
    const char *sql;
} meanings[] = {
    {"", "1 = 1"},
    {"is:open", "status = 'open'"},
    {"is:open is:pending", "status IN ('open', 'pending')"},
    {"-is:open", "status <> 'open'"},
    {"is:unassigned is:snoozed", "assignee_id IS NULL AND status = 'snoozed'"},
    {"agent:me", "assignee_id = 11"},
    {"-agent:me", "assignee_id IS NULL OR assignee_id <> 11"},
    {"agent:me is:open", "assignee_id = 11 AND status = 'open'"},
    {"agent:Bo OR is:unassigned", "assignee_id = 12 OR assignee_id IS NULL"},
    {"agent:none", "assignee_id IS NULL"},
    {"agent:bo@example.org", "assignee_id = 12"},
    {"agent:12", "assignee_id = 12"},
    {"agent:nobodyknown", "1 = 0"},
    {"-agent:nobodyknown", "1 = 1"},
    {"team:mine", "team_id = 21"},
    {"-team:mine", "team_id IS NULL OR team_id <> 21"},
    {"team:tech is:open", "team_id = 22 AND status = 'open'"},
    {"team:none", "team_id IS NULL"},
    {"channel:bot", IN_CHANNEL_2},
    {"channel:telegram is:open", IN_CHANNEL_2 " AND status = 'open'"},
    {"-inbox:2", "NOT " IN_CHANNEL_2},
    {"channel:support channel:bot", "1 = 1"},
    {"tag:vip", TAGGED("31")},
    {"tag:vip tag:late", "1 = 0"},
    {"tag:vip OR tag:late", TAGGED("31") " OR " TAGGED("32")},
    {"-tag:vip is:open", "NOT " TAGGED("31") " AND status = 'open'"},
    {"priority:urgent", "priority = 2"},
    {"priority:urgent OR tag:vip", "priority = 2 OR " TAGGED("31")},
    {"number:7", "number = 7"},
    {"customer:3", "customer_id IN (2, 3)"},
    {"customer:AINO@example.org is:open", "customer_id IN (2, 3) AND status = 'open'"},
    {"language:fi", "customer_id IN (2, 3)"},
    {"-language:fi", "customer_id = 1"},
    {"is:waiting", "waiting_since IS NOT NULL"},
    {"waiting:>100h", "waiting_since < 9900 * 3600000"},
    {"-waiting:>100h", "waiting_since IS NULL OR waiting_since >= 9900 * 3600000"},
    {"waiting:<50h is:open", "waiting_since > 9950 * 3600000 AND status = 'open'"},
    {"created:1970-01-03", "created_at >= 48 * 3600000 AND created_at < 72 * 3600000"},
    {"created:>1970-01-03", "created_at >= 72 * 3600000"},
    {"created:<=1970-01-03", "created_at < 72 * 3600000"},
    {"updated:>4900h", "last_message_at < 5100 * 3600000"},
    {"before:1970-08-01", "last_message_at < 212 * 24 * 3600000"},
    {"has:note", "id = 1007"},
    {"sla:breached", "sla_due_at <= 10000 * 3600000"},
    {"sla:risk", "sla_due_at > 10000 * 3600000 AND sla_warn_at <= 10000 * 3600000"},
    {"sla:any is:open", "sla_due_at IS NOT NULL AND status = 'open'"},
    {"-sla:breached", "sla_due_at IS NULL OR sla_due_at > 10000 * 3600000"},
    {"is:unread", "id = 1004 OR (id <> 1005 AND last_inbound_id > CASE WHEN id % 3 = 0 THEN 15 ELSE"
                  " 11 END)"},
    {"has:draft", "id IN (1001, 1003)"},
    {"-has:draft is:open", "status = 'open' AND id NOT IN (1001, 1003)"},
    {"mentions:me", "id IN (1004, 1005)"},
    {"mentions:bo OR mentions:me", "id IN (1004, 1005, 1006)"},
    {"mentions:me is:unread", "id = 1004"},
    {"follower:me", "id = 1008"},
    {"follower:Bo", "id = 1010"},
    {"participant:Lawyer@example.org", "id = 1011"},
    {"participant:me", "1 = 0"},
    {"field:order=A=1", "id = 1013"},
    {"field:order", "id IN (1013, 1014)"},
    {"-field:order=B number:14", "1 = 0"},
};

static void operators_mean_what_they_say(Fixture *fixture, gconstpointer data) {
    (void)data;
    Db *db = store_reader_take(fixture->store, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(meanings); at++) {
        g_test_message("%s", meanings[at].line);
        g_autofree char *got = ids_of_line(db, meanings[at].line, ME);
        g_autofree char *right = ids_of_sql(db, meanings[at].sql);
        g_assert_cmpstr(got, ==, right);
    }
    store_reader_give(fixture->store, db);
}

static void hidden_channels_are_in_no_list(Fixture *fixture, gconstpointer data) {
    (void)data;
    Db *db = store_reader_take(fixture->store, NULL);
    static const char *const lines[] = {"", "channel:bot", "is:open", "number:3",
                                        "tag:vip OR tag:late"};
    for (gsize at = 0; at < G_N_ELEMENTS(lines); at++) {
        g_autofree char *all = ids_of_line(db, lines[at], ME);
        g_autofree char *got = ids_of_line(db, lines[at], 12);
        g_auto(GStrv) ids = g_strsplit(got, " ", -1);
        for (guint id = 0; ids[id] != NULL && *got != '\0'; id++) {
            g_autofree char *hidden = g_strdup_printf("id = %s AND channel_id = 2", ids[id]);
            g_autofree char *found = ids_of_sql(db, hidden);
            g_assert_cmpstr(found, ==, "");
            g_assert_nonnull(strstr(all, ids[id]));
        }
        g_assert_cmpstr(all, !=, got);
    }
    store_reader_give(fixture->store, db);
}

static GString *walk(Db *db, ConversationList *list, gint64 limit) {
    GString *all = g_string_new(NULL);
    gboolean has_more = TRUE;
    list->limit = limit;
    list->has_place = FALSE;
    while (has_more) {
        g_autoptr(GString) page = page_ids(db, list, &has_more);
        g_string_append(all, page->str);
    }
    return all;
}

static void reverse(GString *words) {
    g_auto(GStrv) parts = g_strsplit(words->str, " ", -1);
    g_string_truncate(words, 0);
    for (guint at = g_strv_length(parts); at-- > 0;)
        if (*parts[at] != '\0')
            g_string_append_printf(words, "%s ", parts[at]);
}

static void pages_are_whole_both_ways(Fixture *fixture, gconstpointer data) {
    (void)data;
    static const char *const lines[] = {
        "", "is:open", "agent:me", "channel:bot", "is:open agent:me", "tag:vip", "is:waiting"};
    Db *db = store_reader_take(fixture->store, NULL);
    for (int sort = 0; sort < CONVERSATION_SORTS; sort++)
        for (gsize at = 0; at < G_N_ELEMENTS(lines); at++) {
            Asked asked;
            asked_init(&asked, lines[at], ME, (ConversationSort)sort, COUNT);
            g_autoptr(GString) once = walk(db, &asked.list, COUNT);
            g_autoptr(GString) paged = walk(db, &asked.list, 7);
            asked.list.is_backward = TRUE;
            g_autoptr(GString) backward = walk(db, &asked.list, 9);
            reverse(backward);
            g_assert_cmpstr(once->str, ==, paged->str);
            g_assert_cmpstr(once->str, ==, backward->str);
            search_query_free(asked.queries[0]);
        }
    store_reader_give(fixture->store, db);
}

static const struct {
    const char *line;
    ConversationSort sort;
    const char *index;
} plans[] = {
    {"", SORT_NEWEST, "conversation_by_time"},
    {"", SORT_OLDEST, "conversation_by_time"},
    {"", SORT_CREATED, "conversation_by_created"},
    {"is:open", SORT_NEWEST, "conversation_by_status"},
    {"is:open", SORT_OLDEST, "conversation_by_status"},
    {"is:open", SORT_PRIORITY, "conversation_by_priority"},
    {"is:open", SORT_CREATED, "conversation_by_created"},
    {"is:open agent:me", SORT_NEWEST, "conversation_by_person"},
    {"is:open is:unassigned", SORT_NEWEST, "conversation_by_person"},
    {"is:open channel:bot", SORT_NEWEST, "conversation_by_status"},
    {"is:open team:mine", SORT_OLDEST, "conversation_by_status"},
    {"is:open is:unread", SORT_NEWEST, "conversation_by_status"},
    {"is:open -tag:vip priority:high language:fi", SORT_NEWEST, "conversation_by_status"},
    {"is:open waiting:>2h", SORT_WAITING, "conversation_waiting"},
    {"is:waiting", SORT_WAITING, "conversation_waiting"},
    {"", SORT_DUE, "conversation_by_due"},
    {"is:open sla:breached", SORT_DUE, "conversation_by_due"},
    {"is:open created:>7d", SORT_NEWEST, "conversation_by_status"},
    {"agent:me", SORT_NEWEST, "conversation_by_assignee"},
    {"is:open OR is:unassigned", SORT_NEWEST, "conversation_by_time"},
    {"updated:1970-08", SORT_NEWEST, "conversation_by_time"},
    {"number:10231", SORT_NEWEST, NULL},
    {"customer:2", SORT_NEWEST, NULL},
    {"mentions:me", SORT_NEWEST, NULL},
    {"has:draft", SORT_NEWEST, NULL},
};

static char *plan_of(Db *db, const char *sql) {
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    g_autoptr(GString) plan = g_string_new(NULL);
    DbValue values[255];
    for (gsize at = 0; at < G_N_ELEMENTS(values); at++)
        values[at] = DB_NULL;
    DbRows *rows = db_query(db, explain, values, G_N_ELEMENTS(values), NULL);
    while (db_rows_next(rows, NULL))
        g_string_append_printf(plan, "%s\n", db_rows_text(rows, 3));
    db_rows_free(rows);
    return g_strdup(plan->str);
}

static void common_lists_walk_one_index(Fixture *fixture, gconstpointer data) {
    (void)data;
    Db *db = store_reader_take(fixture->store, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(plans); at++) {
        Asked asked;
        asked_init(&asked, plans[at].line, ME, plans[at].sort, 50);
        asked.list.has_place = TRUE;
        g_autofree char *sql = conversation_list_sql(db, &asked.list, "c.version", "", NULL);
        g_autofree char *plan = plan_of(db, sql);
        g_test_message("%s: %s\n%s", plans[at].line, sql, plan);
        g_assert_false(g_str_has_prefix(plan, "SCAN c\n"));
        if (plans[at].index != NULL) {
            g_assert_null(strstr(plan, "TEMP B-TREE"));
            g_assert_nonnull(strstr(plan, plans[at].index));
        }
        search_query_free(asked.queries[0]);
    }
    store_reader_give(fixture->store, db);
}

static const char *const hostile[] = {
    "\"",
    "'",
    "';--",
    "' OR 1=1 --",
    "NEAR(a b)",
    "a NEAR b",
    "a*",
    "\"a\"\"b\"",
    "a AND (b",
    "{subject text}: a",
    "^a",
    "tag:'",
    "tag:\"odd",
    "agent:' OR '1'='1",
    "channel:$1",
    "tag:@",
    "from:\"*\"",
    "-\"*\"",
    "subject:(a",
    "customer:'; DROP TABLE conversation; --",
    "$1 @ $2",
    "a OR (b)",
    "%s%n",
    "number:1 OR tag:%",
    "\xe2\x80\xae tag:\xc3\xa4",
};

static void I01_no_sign_of_sql_or_fts_gets_through(Fixture *fixture, gconstpointer data) {
    (void)data;
    Db *db = store_reader_take(fixture->store, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(hostile); at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SearchQuery) query = search_query_parse(hostile[at], &error);
        if (query == NULL) {
            g_assert_cmpint(error_kind(error), ==, ERROR_INVALID);
            continue;
        }
        SearchQuery *queries[] = {query, NULL};
        ConversationList list = {
            .queries = (const SearchQuery *const *)queries, .me = ME, .now = NOW, .limit = COUNT};
        gboolean has_more;
        g_autoptr(GString) ids = page_ids(db, &list, &has_more);
        g_assert_false(has_more);
    }
    g_autofree char *all = ids_of_line(db, "", ME);
    g_assert_nonnull(strstr(all, "1400"));
    store_reader_give(fixture->store, db);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define ADD(test)                                                                                  \
    g_test_add("/conversation-list/" #test, Fixture, NULL, list_fixture_fill, test,                \
               fixture_tear_down)
    ADD(operators_mean_what_they_say);
    ADD(hidden_channels_are_in_no_list);
    ADD(pages_are_whole_both_ways);
    ADD(common_lists_walk_one_index);
    ADD(I01_no_sign_of_sql_or_fts_gets_through);
    return g_test_run();
}
