// The dry run of a rule over 100,000 conversations with their texts, tags and customers.
// usage: bench-rules [CONVERSATIONS]. Prints "figure NAME VALUE UNIT" lines.
#include <stdio.h>
#include <stdlib.h>

#include "bench_text.h"
#include "desk/rule_dry_run.h"
#include "tests/desk/desk_fixture.h"

#define CONVERSATIONS 100000
#define TEXT_BYTES 600
#define RUNS 5

static const char rule_text[] =
    "{\"name\": \"bench\", \"when\": {\"event\": \"message_received\"}, \"conditions\": {\"all\": ["
    "{\"field\": \"conversation.status\", \"operator\": \"is_not\", \"value\": \"resolved\"},"
    "{\"any\": [{\"field\": \"message.text\", \"operator\": \"contains_word\", \"value\":"
    " [\"refund\", \"the\", \"maksu\"]}, {\"field\": \"conversation.tags\", \"operator\": \"is\","
    " \"value\": \"vip\"}]}, {\"field\": \"customer.name\", \"operator\": \"contains\", \"value\":"
    " \"7\"}]}, \"actions\": [{\"action\": \"add_tag\", \"tag\": \"vip\"}, {\"action\":"
    " \"set_priority\", \"priority\": 1}]}";

static gboolean fill(Db *db, gpointer data, GError **error) {
    gint64 count = *(const gint64 *)data;
    db_run(db, "INSERT INTO tag (id, name) VALUES (1, 'vip')", DB_NO_VALUES, error);
    for (gint64 at = 1; at <= count; at++) {
        g_autofree char *name = g_strdup_printf("Customer %" G_GINT64_FORMAT, at);
        g_autofree char *text = bench_text((guint)at, TEXT_BYTES);
        if (!db_run(db,
                    "INSERT INTO customer (id, root_id, name, created_at) VALUES ($1, $1, $2, 0)",
                    DB_VALUES(DB_INT(at), DB_TEXT(name)), error) ||
            !db_run(db,
                    "INSERT INTO conversation (id, channel_id, customer_id, subject, created_at,"
                    " last_message_at) SELECT $1, min(id), $1, $2, $1, $1 FROM channel",
                    DB_VALUES(DB_INT(at), DB_TEXT(name)), error) ||
            !db_run(
                db,
                "INSERT INTO message (id, conversation_id, channel_id, direction, author, class,"
                " text, state, occurred_at, received_at, recorded_at) SELECT $1, $1, min(id),"
                " 'in', 'customer', 'ordinary', $2, 'received', $1, $1, $1 FROM channel",
                DB_VALUES(DB_INT(at), DB_TEXT(text)), error) ||
            (at % 3 == 0 &&
             !db_run(db, "INSERT INTO conversation_tag (conversation_id, tag_id) VALUES ($1, 1)",
                     DB_VALUES(DB_INT(at)), error)))
            return FALSE;
    }
    return TRUE;
}

static gint64 run_once(DeskFixture *fixture, const Rule *rule) {
    g_autoptr(GError) error = NULL;
    RuleDryRun scope = {.from = 0, .to = clock_now(), .limit = 100};
    Db *db = store_reader_take(fixture->store, &error);
    g_assert_no_error(error);
    gint64 start = g_get_monotonic_time();
    json_t *json = rule_dry_run(db, rule, &scope, clock_now(), &error);
    gint64 us = g_get_monotonic_time() - start;
    g_assert_no_error(error);
    printf("# looked at %lld, matched %lld\n",
           (long long)json_integer_value(json_object_get(json, "looked_at")),
           (long long)json_integer_value(json_object_get(json, "matched")));
    json_decref(json);
    store_reader_give(fixture->store, db);
    return us;
}

int main(int argc, char **argv) {
    gint64 count = argc > 1 ? g_ascii_strtoll(argv[1], NULL, 10) : CONVERSATIONS;
    gint64 least = G_MAXINT64, most = 0;
    g_autoptr(DeskFixture) fixture = desk_fixture_new();
    desk_fixture_add_channel(fixture, "generic", "Shop", "", 0);
    desk_fixture_write(fixture, fill, &count);
    json_t *json = json_loads(rule_text, 0, NULL);
    g_autoptr(Rule) rule = rule_decode(json, NULL);
    g_assert_nonnull(rule);
    for (int at = 0; at < RUNS; at++) {
        gint64 us = run_once(fixture, rule);
        least = MIN(least, us);
        most = MAX(most, us);
    }
    printf("figure dry_run_%lld_conversations %.0f ms\n", (long long)count, (double)least / 1000);
    printf("figure dry_run_slowest %.0f ms\n", (double)most / 1000);
    json_decref(json);
    return EXIT_SUCCESS;
}
