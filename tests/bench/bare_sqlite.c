// The yardstick of bench-hooks and bench-store: message rows of 1 KiB of text with a full-text
// index, inserted into SQLite by nothing but SQLite: WAL, synchronous=FULL, one transaction a
// batch. Prints rows a second. usage: bare_sqlite DIRECTORY ROWS BATCH [fts|plain]
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_text.h"

#define TEXT_BYTES 1024
#define TEXTS 512 // made before the clock starts

static void run(sqlite3 *db, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        g_error("%s: %s", sql, message);
}

static sqlite3 *open_new(const char *directory, gboolean has_index) {
    sqlite3 *db = NULL;
    g_autofree char *path = g_build_filename(directory, "bare.db", NULL);
    if (sqlite3_open(path, &db) != SQLITE_OK)
        g_error("cannot make %s", path);
    run(db, "PRAGMA journal_mode=WAL");
    run(db, "PRAGMA synchronous=FULL");
    run(db,
        "CREATE TABLE message (id INTEGER PRIMARY KEY, conversation_id INTEGER, key TEXT UNIQUE,"
        " at INTEGER, text TEXT)");
    if (has_index)
        run(db, "CREATE VIRTUAL TABLE word USING fts5(text, content='', tokenize='unicode61')");
    return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        g_error("%s: %s", sql, sqlite3_errmsg(db));
    return statement;
}

static void step(sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE)
        g_error("%s", sqlite3_errmsg(sqlite3_db_handle(statement)));
    sqlite3_reset(statement);
}

typedef struct {
    sqlite3_stmt *message;
    sqlite3_stmt *word; // NULL: no index
    char *texts[TEXTS];
} Inserter;

static void insert(Inserter *inserter, gint64 id) {
    char key[32];
    int length = snprintf(key, sizeof key, "7100200301:%" G_GINT64_FORMAT, id);
    const char *text = inserter->texts[id % TEXTS];
    sqlite3_bind_int64(inserter->message, 1, id);
    sqlite3_bind_int64(inserter->message, 2, id % 5000);
    sqlite3_bind_text(inserter->message, 3, key, length, SQLITE_STATIC);
    sqlite3_bind_int64(inserter->message, 4, 1767603600000 + id);
    sqlite3_bind_text(inserter->message, 5, text, TEXT_BYTES, SQLITE_STATIC);
    step(inserter->message);
    if (inserter->word == NULL)
        return;
    sqlite3_bind_int64(inserter->word, 1, id);
    sqlite3_bind_text(inserter->word, 2, text, TEXT_BYTES, SQLITE_STATIC);
    step(inserter->word);
}

int main(int argc, char **argv) {
    if (argc < 4)
        g_error("usage: bare_sqlite DIRECTORY ROWS BATCH [fts|plain]");
    gint64 rows = g_ascii_strtoll(argv[2], NULL, 10);
    gint64 batch = g_ascii_strtoll(argv[3], NULL, 10);
    gboolean has_index = argc < 5 || strcmp(argv[4], "fts") == 0;
    sqlite3 *db = open_new(argv[1], has_index);
    Inserter inserter = {
        .message = prepare(db, "INSERT INTO message VALUES (?, ?, ?, ?, ?)"),
        .word = has_index ? prepare(db, "INSERT INTO word (rowid, text) VALUES (?, ?)") : NULL};
    for (guint at = 0; at < TEXTS; at++)
        inserter.texts[at] = bench_text(at, TEXT_BYTES);
    gint64 start = g_get_monotonic_time();
    for (gint64 id = 1; id <= rows; id++) {
        if ((id - 1) % batch == 0)
            run(db, "BEGIN IMMEDIATE");
        insert(&inserter, id);
        if (id % batch == 0 || id == rows)
            run(db, "COMMIT");
    }
    double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    printf("%.0f\n", (double)rows / seconds);
    return 0;
}
