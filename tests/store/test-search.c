#include <string.h>

#include "base/error.h"
#include "store/search_find.h"
#include "store/search_voikko.h"
#include "tests/store/fixture.h"

#define DAY G_GINT64_CONSTANT(86400000)
#define NOW (20000 * DAY)

typedef struct {
    Id id;
    SearchDocument *document;
} Indexed;

static gboolean index_run(Db *db, gpointer data, GError **error) {
    const Indexed *indexed = data;
    return search_add(db, indexed->id, indexed->document, error);
}

static gboolean change_run(Db *db, gpointer data, GError **error) {
    const Indexed *indexed = data;
    return search_change(db, indexed->id, indexed->document, error);
}

static void index_write(Fixture *fixture, WriterRun run, Id id, SearchDocument *document) {
    g_autoptr(GError) error = NULL;
    Indexed indexed = {id, document};
    writer_run(store_writer(fixture->store), run, &indexed, &error);
    g_assert_no_error(error);
    search_document_free(document);
}

// Conversation and message of the same id, at day id.
static SearchDocument *message_new(Fixture *fixture, Id id, const char *text) {
    fixture_conversation_add(fixture, id, 1, id * DAY);
    fixture_message_add(fixture, id, id, id * DAY);
    SearchDocument *document = search_document_new();
    search_document_set_occurred(document, id * DAY);
    search_document_add_text(document, text);
    return document;
}

static void message_index(Fixture *fixture, Id id, const char *text) {
    index_write(fixture, index_run, id, message_new(fixture, id, text));
}

static SearchPage *page_of(Fixture *fixture, const char *line, const char *cursor, guint limit) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SearchQuery) query = search_query_parse(line, &error);
    g_assert_no_error(error);
    Db *db = store_reader_take(fixture->store, NULL);
    SearchPage *page = search_find(db, query, 0, 0, NOW, cursor, limit, &error);
    store_reader_give(fixture->store, db);
    g_assert_no_error(error);
    return page;
}

static char *ids_of(const SearchPage *page) {
    GString *ids = g_string_new(NULL);
    for (guint i = 0; i < page->hits->len; i++)
        g_string_append_printf(ids, "%s%d", i > 0 ? " " : "",
                               (int)g_array_index(page->hits, SearchHit, i).conversation_id);
    return g_string_free(ids, FALSE);
}

static void finds(Fixture *fixture, const char *line, const char *expected) {
    g_autoptr(SearchPage) page = page_of(fixture, line, NULL, 50);
    g_autofree char *ids = ids_of(page);
    if (strcmp(ids, expected) != 0)
        g_error("\"%s\" finds \"%s\", not \"%s\"", line, ids, expected);
}

static void words_are_found_in_their_forms(Fixture *fixture, gconstpointer data) {
    (void)data;
    message_index(fixture, 1, "Hei, missä tilauksen numero on ja mitä se maksaa");
    message_index(fixture, 2, "Where are my orders? You said that they have been sent");
    message_index(fixture, 3, "Jag har inte fått mina beställningar och det är för sent");
    message_index(fixture, 4, "東京都に住んでいます");
    finds(fixture, "order", "2");
    finds(fixture, "beställning", "3");
    finds(fixture, "京都", "4");
    finds(fixture, "都", "4");
    finds(fixture, "大阪", "");
    if (voikko_is_there())
        finds(fixture, "tilaus", "1");
    finds(fixture, "tilauksen", "1");
    finds(fixture, "TILAUKSEN NUMERO", "1");
}

static void dots_and_rings_may_be_left_out_but_not_added(Fixture *fixture, gconstpointer data) {
    (void)data;
    message_index(fixture, 1, "näin");
    message_index(fixture, 2, "nain");
    message_index(fixture, 3, "café");
    finds(fixture, "nain", "2 1");
    finds(fixture, "näin", "1");
    finds(fixture, "cafe", "3");
    finds(fixture, "CAFÉ", "3");
}

static void phrases_exclusions_and_prefixes_count(Fixture *fixture, gconstpointer data) {
    (void)data;
    message_index(fixture, 1, "green apple pie");
    message_index(fixture, 2, "apple of green colour");
    message_index(fixture, 3, "pineapple");
    finds(fixture, "\"green apple\"", "1");
    finds(fixture, "green apple", "1 2"); // the shorter text says more of it
    finds(fixture, "apple -pie", "2");
    finds(fixture, "-apple", "3");
    finds(fixture, "pine*", "3");
    finds(fixture, "order-12", "");
}

static void fields_are_told_apart(Fixture *fixture, gconstpointer data) {
    (void)data;
    SearchDocument *document = message_new(fixture, 1, "text");
    search_document_add_subject(document, "Invoice");
    search_document_add_from(document, "anna.berg@example.org", "Anna Berg");
    search_document_add_to(document, "help@example.com", NULL);
    search_document_add_attachment(document, "lasku_2026.pdf");
    index_write(fixture, index_run, 1, document);
    message_index(fixture, 2, "anna invoice help lasku");
    finds(fixture, "from:anna", "1");
    finds(fixture, "from:anna.berg@example.org", "1");
    finds(fixture, "from:\"anna berg\"", "1");
    finds(fixture, "from:help", "");
    finds(fixture, "to:help@example.com", "1");
    finds(fixture, "subject:invoice", "1");
    finds(fixture, "has:attachment", "1");
    finds(fixture, "lasku -has:attachment", "2");
    finds(fixture, "2026", "1");
}

static void operators_work_with_words_and_without(Fixture *fixture, gconstpointer data) {
    (void)data;
    fixture_channel_add(fixture, 2, "telegram", "Botti Ääni");
    for (Id id = 1; id <= 4; id++)
        message_index(fixture, id, "hello");
    fixture_run(fixture, "UPDATE conversation SET channel_id = 2 WHERE id = 2", DB_NO_VALUES);
    fixture_run(fixture, "UPDATE conversation SET status = 'resolved' WHERE id = 3", DB_NO_VALUES);
    fixture_run(fixture,
                "INSERT INTO agent (id, email, name, role, created_at)"
                " VALUES (7, 'liisa@example.org', 'Liisa', 'agent', 0)",
                DB_NO_VALUES);
    fixture_run(fixture, "UPDATE conversation SET assignee_id = 7 WHERE id = 4", DB_NO_VALUES);
    fixture_run(fixture, "INSERT INTO tag (id, name) VALUES (1, 'VIP')", DB_NO_VALUES);
    fixture_run(fixture, "INSERT INTO conversation_tag VALUES (1, 1), (2, 1)", DB_NO_VALUES);
    static const struct {
        const char *operators;
        const char *found;
    } cases[] = {
        {"is:open", "4 2 1"},
        {"is:resolved", "3"},
        {"is:open is:resolved", "4 3 2 1"},
        {"-is:open", "3"},
        {"is:unassigned", "3 2 1"},
        {"channel:telegram", "2"},
        {"channel:\"botti ääni\"", "2"},
        {"channel:nowhere", ""},
        {"-channel:nowhere", "4 3 2 1"},
        {"tag:vip", "2 1"},
        {"-tag:vip", "4 3"},
        {"agent:liisa", "4"},
        {"agent:LIISA@example.org", "4"},
        {"before:1970-01-03", "1"},
        {"after:1970-01-04", "4 3"},
        {"after:1970-01-03 before:1970-01-04", "2"},
        {"tag:vip is:open channel:email", "1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        finds(fixture, cases[i].operators, cases[i].found);
        g_autofree char *with_word = g_strconcat("hello ", cases[i].operators, NULL);
        finds(fixture, with_word, cases[i].found);
    }
}

static void relevance_and_age_rank(Fixture *fixture, gconstpointer data) {
    (void)data;
    message_index(fixture, 100, "refund");
    message_index(fixture, 200, "refund");
    message_index(fixture, 300, "a long message about many things and somewhere one refund in it");
    SearchDocument *document = message_new(fixture, 50, "");
    search_document_add_subject(document, "refund");
    index_write(fixture, index_run, 50, document);
    message_index(fixture, 400, "something else");
    finds(fixture, "refund", "50 200 100 300");
}

static void pages_follow_each_other_without_gap_or_repetition(Fixture *fixture,
                                                              gconstpointer data) {
    const char *line = data;
    for (Id id = 1; id <= 10; id++)
        message_index(fixture, id, "hello");
    g_autofree char *cursor = NULL;
    g_autoptr(GString) all = g_string_new(NULL);
    for (int pages = 0; pages == 0 || cursor != NULL; pages++) {
        g_assert_cmpint(pages, <, 4);
        g_autoptr(SearchPage) page = page_of(fixture, line, cursor, 4);
        g_autofree char *ids = ids_of(page);
        g_string_append_printf(all, "%s|", ids);
        g_free(cursor);
        cursor = g_steal_pointer(&page->next);
        fixture_conversation_add(fixture, 100 + pages, 1, 0); // comes in meanwhile
    }
    g_assert_true(g_str_has_prefix(all->str, "10 9 8 7|6 5 4 3|2 1"));
}

static void conversation_is_found_once(Fixture *fixture, gconstpointer data) {
    (void)data;
    message_index(fixture, 1, "hello");
    message_index(fixture, 2, "hello");
    fixture_run(fixture, "UPDATE message SET conversation_id = 1", DB_NO_VALUES);
    finds(fixture, "hello", "1");
    fixture_run(fixture, "UPDATE conversation SET merged_into = 2 WHERE id = 1", DB_NO_VALUES);
    finds(fixture, "hello", "2");
}

static void edited_message_is_found_by_its_new_text_only(Fixture *fixture, gconstpointer data) {
    (void)data;
    message_index(fixture, 1, "before");
    SearchDocument *document = search_document_new();
    search_document_add_text(document, "after");
    index_write(fixture, change_run, 1, document);
    message_index(fixture, 2, "other");
    finds(fixture, "before", "");
    finds(fixture, "after", "1");
    index_write(fixture, change_run, 1, search_document_new());
    message_index(fixture, 3, "more");
    finds(fixture, "after", "");
}

static gint64 setting_count(Fixture *fixture, const char *name) {
    gint64 count = -1;
    Db *db = store_reader_take(fixture->store, NULL);
    g_assert_true(db_query_int(db, "SELECT count(*) FROM setting WHERE name = $1",
                               DB_VALUES(DB_TEXT(name)), &count, NULL, NULL));
    store_reader_give(fixture->store, db);
    return count;
}

static void other_analysis_indexes_all_again(Fixture *fixture, gconstpointer data) {
    (void)data;
    for (Id id = 1; id <= 120; id++)
        message_index(fixture, id, "lost with the old index");
    fixture_run(fixture,
                "UPDATE message SET text = 'some words', headers = '{\"from\":{\"address\":"
                "\"anna@example.org\"},\"to\":[{\"address\":\"help@example.com\"}]}'"
                " WHERE id > 100",
                DB_NO_VALUES);
    fixture_run(fixture, "UPDATE setting SET value = '0' WHERE name = 'search_version'",
                DB_NO_VALUES);
    store_close(fixture->store);
    fixture->store = store_open(fixture->scratch.directory, FALSE, NULL);
    while (setting_count(fixture, "search_rebuild") > 0)
        g_usleep(10000);
    finds(fixture, "lost", "");
    g_autoptr(SearchPage) page = page_of(fixture, "words from:anna to:help", NULL, 50);
    g_assert_cmpuint(page->hits->len, ==, 20);
}

static void signs_of_the_index_are_only_text(Fixture *fixture, gconstpointer data) {
    (void)data;
    message_index(fixture, 1, "hello");
    static const char *const lines[] = {
        "\"",
        "*",
        "hello* OR",
        "NEAR(hello)",
        "sender:x",
        "{subject} : x",
        "hello ^ hello",
        "' OR 1=1 --",
        "-",
        "\"\"\"",
        "=file",
        "(((",
        "hello\x1f"
        "hello",
        "a:b:c",
        "%s%n",
        "-\"hello",
        "channel:' tag:\" agent:;--",
        "+hello",
        "hello AND",
        "NOT",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        search_page_free(page_of(fixture, lines[i], NULL, 10));
}

// Lines of everything that means something to somebody, in any order: each is refused as invalid or
// gives an expression that the index takes.
static void random_lines_never_break_the_search(Fixture *fixture, gconstpointer data) {
    (void)data;
    static const char *const parts[] = {"hello",   "\"",       "'",        "-",
                                        "from:",   "to:",      "subject:", "has:attachment",
                                        "is:open", "tag:",     "agent:",   "*",
                                        "(",       ")",        "{",        "}",
                                        ":",       " ",        " ",        " ",
                                        "OR",      "AND",      "NOT",      "NEAR",
                                        "^",       "+",        ",",        "\x1f",
                                        "=file",   "京都",     "都",       "ä",
                                        "before:", "2026",     "after:",   "2026-02",
                                        "%",       ";",        "\\",       "paivan",
                                        "sender:", "\xc2\xad", "12-3",     "é",
                                        "\t",      "channel:", "x@y.z",    "--"};
    message_index(fixture, 1, "hello world");
    Db *db = store_reader_take(fixture->store, NULL);
    for (int i = 0; i < 3000; i++) {
        g_autoptr(GString) line = g_string_new(NULL);
        for (int length = g_test_rand_int_range(1, 12); length > 0; length--)
            g_string_append(line, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
        g_autoptr(GError) error = NULL;
        g_autoptr(SearchQuery) query = search_query_parse(line->str, &error);
        g_autoptr(SearchPage) page =
            query != NULL ? search_find(db, query, 0, 0, NOW, NULL, 10, &error) : NULL;
        if (error != NULL && error_kind(error) != ERROR_INVALID)
            g_error("\"%s\": %s", line->str, error->message);
    }
    store_reader_give(fixture->store, db);
}

static void forged_cursor_is_refused(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(SearchQuery) query = search_query_parse("hello", NULL);
    Db *db = store_reader_take(fixture->store, NULL);
    static const char *const cursors[] = {"", "x", "1.2.3", "1.2.3.4.5", "1;DROP"};
    for (gsize i = 0; i < G_N_ELEMENTS(cursors); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(search_find(db, query, 0, 0, NOW, cursors[i], 10, &error));
        g_assert_cmpint(error_kind(error), ==, ERROR_INVALID);
    }
    store_reader_give(fixture->store, db);
}

#define ADD_WITH(name, path, data)                                                                 \
    g_test_add("/search/" path, Fixture, data, fixture_set_up, name, fixture_tear_down)
#define ADD(name) ADD_WITH(name, #name, NULL)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    ADD(words_are_found_in_their_forms);
    ADD(dots_and_rings_may_be_left_out_but_not_added);
    ADD(phrases_exclusions_and_prefixes_count);
    ADD(fields_are_told_apart);
    ADD(operators_work_with_words_and_without);
    ADD(relevance_and_age_rank);
    ADD_WITH(pages_follow_each_other_without_gap_or_repetition, "pages_of_words", "hello");
    ADD_WITH(pages_follow_each_other_without_gap_or_repetition, "pages_of_a_list", "is:open");
    ADD(conversation_is_found_once);
    ADD(edited_message_is_found_by_its_new_text_only);
    ADD(other_analysis_indexes_all_again);
    ADD(signs_of_the_index_are_only_text);
    ADD(random_lines_never_break_the_search);
    ADD(forged_cursor_is_refused);
    return g_test_run();
}
