// A store with a channel, for tests that need conversations and messages: rows are added with just
// what the schema asks. All inline, so that including it is enough.
#pragma once

#include "store/search.h"
#include "store/store.h"
#include "tests/store/scratch.h"

typedef struct {
    Scratch scratch;
    Store *store;
} Fixture;

typedef struct {
    const char *sql;
    const DbValue *values;
    gsize count;
} FixtureRow;

static inline gboolean fixture_row_run(Db *db, gpointer data, GError **error) {
    const FixtureRow *row = data;
    return db_run(db, row->sql, row->values, row->count, error);
}

static inline void fixture_run(Fixture *fixture, const char *sql, const DbValue *values,
                               gsize count) {
    g_autoptr(GError) error = NULL;
    FixtureRow row = {sql, values, count};
    writer_run(store_writer(fixture->store), fixture_row_run, &row, &error);
    g_assert_no_error(error);
}

static inline void fixture_channel_add(Fixture *fixture, Id id, const char *kind,
                                       const char *name) {
    fixture_run(fixture,
                "INSERT INTO channel (id, kind, name, address, key, settings, waits_from,"
                " created_at) VALUES ($1, $2, $3, '', $3, '{}', 0, 0)",
                DB_VALUES(DB_INT(id), DB_TEXT(kind), DB_TEXT(name)));
}

// A conversation of customer 1, open, in that channel.
static inline void fixture_conversation_add(Fixture *fixture, Id id, Id channel_id, Instant at) {
    fixture_run(fixture,
                "INSERT INTO conversation (id, channel_id, customer_id, created_at,"
                " last_message_at) VALUES ($1, $2, 1, $3, $3)",
                DB_VALUES(DB_INT(id), DB_INT(channel_id), DB_INT(at)));
}

static inline void fixture_message_add(Fixture *fixture, Id id, Id conversation_id, Instant at) {
    fixture_run(fixture,
                "INSERT INTO message (id, conversation_id, channel_id, direction, author, class,"
                " state, occurred_at, received_at, recorded_at) SELECT $1, id, channel_id, 'in',"
                " 'customer', 'ordinary', 'received', $3, $3, $3 FROM conversation WHERE id = $2",
                DB_VALUES(DB_INT(id), DB_INT(conversation_id), DB_INT(at)));
}

// With customer 1 and channel 1 ("Support", email).
static inline void fixture_set_up(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    fixture->scratch = scratch_new();
    fixture->store = store_open(fixture->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    fixture_run(fixture, "INSERT INTO customer (id, root_id, created_at) VALUES (1, 1, 0)",
                DB_NO_VALUES);
    fixture_channel_add(fixture, 1, "email", "Support");
}

static inline void fixture_tear_down(Fixture *fixture, gconstpointer data) {
    (void)data;
    store_close(fixture->store);
    scratch_clear(&fixture->scratch);
}
