// A database with two channels (support 101 with Finnish office hours from the beginning of time,
// sales 102 without) and conversations 1 to 9, into which fixture_events' logs are recorded. For
// tests of the tables of waits.
#pragma once

#include "../model/fixture_events.h"
#include "../store/scratch.h"
#include "desk/wait_projection.h"
#include "store/calendar.h"
#include "store/db_open.h"
#include "store/event.h"
#include "store/migration.h"

typedef struct {
    Scratch scratch;
    Db *db;
} FixtureDb;

static inline void fixture_sql(Db *db, const char *sql) {
    g_autoptr(GError) error = NULL;
    db_run(db, sql, DB_NO_VALUES, &error);
    g_assert_no_error(error);
}

static inline void fixture_rows(Db *db) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Calendar) office = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    fixture_sql(db, "INSERT INTO calendar (id, name, created_at) VALUES (1, 'office', 0)");
    calendar_add_version(db, 1, g_ptr_array_index(office->versions, 0), &error);
    g_assert_no_error(error);
    fixture_sql(db, "INSERT INTO channel (id, kind, name, key, settings, calendar_id, waits_from,"
                    " created_at) VALUES (101, 'email', 'support', 's', '{}', 1, 0, 0),"
                    " (102, 'email', 'sales', 't', '{}', NULL, 0, 0)");
    fixture_sql(db,
                "INSERT INTO customer (id, root_id, name, created_at) VALUES (1, 1, 'Maija', 0)");
    for (Id id = 1; id <= 9; id++) {
        db_run(db,
               "INSERT INTO conversation (id, channel_id, customer_id, created_at, last_message_at)"
               " VALUES ($1, 101, 1, 0, 0)",
               DB_VALUES(DB_ID(id)), &error);
        g_assert_no_error(error);
    }
}

// Open, migrated, in a transaction.
static inline FixtureDb fixture_db_new(void) {
    g_autoptr(GError) error = NULL;
    FixtureDb fixture = {.scratch = scratch_new()};
    g_autofree char *path = scratch_path(&fixture.scratch, "test.db");
    fixture.db = db_open(path, DB_CREATE, &error);
    g_assert_no_error(error);
    migration_apply(fixture.db, migrations, path, &error);
    g_assert_no_error(error);
    db_begin(fixture.db, &error);
    g_assert_no_error(error);
    fixture_rows(fixture.db);
    return fixture;
}

static inline void fixture_db_clear(FixtureDb *fixture) {
    db_rollback(fixture->db);
    db_close(fixture->db);
    scratch_clear(&fixture->scratch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FixtureDb, fixture_db_clear)

static inline void fixture_record(Db *db, Event *event) {
    g_autoptr(GError) error = NULL;
    event_add(db, event, &error);
    g_assert_no_error(error);
    wait_projection_apply(db, event, &error);
    g_assert_no_error(error);
}

// Records all events of the log in the order in which they stand.
static inline void fixture_record_all(Db *db, const FixtureLog *log) {
    for (guint index = 0; index < log->events->len; index++)
        fixture_record(db, g_ptr_array_index(log->events, index));
}

static inline void fixture_rebuild(Db *db) {
    g_autoptr(GError) error = NULL;
    wait_projection_rebuild(db, &error);
    g_assert_no_error(error);
}

// The first column of the first row as text. Owned.
static inline char *fixture_text(Db *db, const char *sql) {
    g_autoptr(GError) error = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, DB_NO_VALUES, &error);
    g_assert_no_error(error);
    char *text = db_rows_next(rows, &error) ? g_strdup(db_rows_text(rows, 0)) : NULL;
    g_assert_no_error(error);
    return text;
}

static inline void fixture_dump_table(Db *db, GString *dump, const char *table) {
    g_autofree char *columns_query = g_strdup_printf(
        "SELECT group_concat('quote(' || name || ')', '||'',''||') FROM pragma_table_info('%s')",
        table);
    g_autofree char *columns = fixture_text(db, columns_query);
    g_autofree char *query =
        g_strdup_printf("SELECT group_concat(line, char(10)) FROM (SELECT '%s '"
                        " || %s AS line FROM %s ORDER BY 1)",
                        table, columns, table);
    g_autofree char *text = fixture_text(db, query);
    g_string_append_printf(dump, "%s\n", text != NULL ? text : "");
}

// Every column of every row that the projection owns. Owned.
static inline char *fixture_dump(Db *db) {
    GString *dump = g_string_new(NULL);
    fixture_dump_table(db, dump, "wait");
    fixture_dump_table(db, dump, "wait_channel");
    fixture_dump_table(db, dump, "episode");
    fixture_dump_table(db, dump, "wait_lane");
    fixture_dump_table(db, dump, "wait_link");
    fixture_dump_table(db, dump, "sla_due");
    g_autofree char *since =
        fixture_text(db, "SELECT group_concat(id || ' ' || coalesce(waiting_since, '-') || ' ' ||"
                         " coalesce(sla_target, '-') || ' ' || coalesce(sla_due_at, '-') || ' ' ||"
                         " coalesce(sla_warn_at, '-')) FROM conversation");
    g_string_append(dump, since);
    return g_string_free(dump, FALSE);
}
