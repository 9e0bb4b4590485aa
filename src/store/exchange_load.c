#include "store/exchange_load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "store/exchange_line.h"
#include "store/migration.h"

#define LINES_AT_ONCE 10000         // a transaction
#define READ_BYTES (256 * 1024)     // at once
#define LINE_BYTES_MAX (512u << 20) // a blob of 384 MB in base64; mails end at 64 MiB

typedef struct {
    Db *db;
    ExchangeLines *lines;
    GByteArray *rest; // of a line whose end has not come
    ExchangeFacts *facts;
} Load;

static gboolean failed(const char *path, GError **error) {
    error_set(error, ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "directory_unwritable",
              "cannot write %s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean line_take(Load *load, const char *line, gsize length, GError **error) {
    if (!exchange_lines_add(load->lines, line, length, error))
        return FALSE;
    if (exchange_lines_count(load->lines) % LINES_AT_ONCE != 0)
        return TRUE;
    return db_commit(load->db, error) && db_begin(load->db, error);
}

static gboolean rest_add(Load *load, const char *data, gsize length, GError **error) {
    if (load->rest->len + length > LINE_BYTES_MAX) {
        error_set(error, ERROR_TOO_LARGE, "export_line", "line %" G_GINT64_FORMAT " is too long",
                  exchange_lines_count(load->lines) + 1);
        return FALSE;
    }
    g_byte_array_append(load->rest, (const guint8 *)data, (guint)length);
    return TRUE;
}

static gboolean rest_take(Load *load, GError **error) {
    gboolean taken = line_take(load, (const char *)load->rest->data, load->rest->len, error);
    g_byte_array_set_size(load->rest, 0);
    return taken;
}

static gboolean piece_take(Load *load, const char *data, gsize length, GError **error) {
    const char *end;
    while ((end = memchr(data, '\n', length)) != NULL) {
        gsize size = (gsize)(end - data);
        gboolean taken = load->rest->len == 0
                             ? line_take(load, data, size, error)
                             : rest_add(load, data, size, error) && rest_take(load, error);
        if (!taken)
            return FALSE;
        data += size + 1;
        length -= size + 1;
    }
    return length == 0 || rest_add(load, data, length, error);
}

static gboolean file_take(Load *load, int fd, GError **error) {
    g_autofree char *buffer = g_malloc(READ_BYTES);
    ssize_t length;
    while ((length = read(fd, buffer, READ_BYTES)) > 0 || (length < 0 && errno == EINTR)) {
        load->facts->bytes += MAX(length, 0);
        if (length > 0 && !piece_take(load, buffer, (gsize)length, error))
            return FALSE;
    }
    if (length < 0) {
        error_set(error, ERROR_INVALID, "export_unreadable", "the export cannot be read: %s",
                  g_strerror(errno));
        return FALSE;
    }
    return (load->rest->len == 0 || rest_take(load, error)) &&
           exchange_lines_end(load->lines, error);
}

// The rows that a new database already has are its own and not the export's.
static gboolean draft_fill(Db *db, const char *directory, int fd, ExchangeFacts *facts,
                           GError **error) {
    g_autoptr(ExchangeLines) lines = exchange_lines_new(db, directory);
    g_autoptr(GByteArray) rest = g_byte_array_new();
    Load load = {.db = db, .lines = lines, .rest = rest, .facts = facts};
    gboolean filled = db_begin(db, error) && file_take(&load, fd, error) && db_commit(db, error);
    if (!filled)
        db_rollback(db);
    facts->lines = exchange_lines_count(lines);
    return filled;
}

static gboolean draft_make(const char *draft, const char *directory, int fd, ExchangeFinish finish,
                           ExchangeFacts *facts, GError **error) {
    g_autoptr(Db) db = db_open(draft, DB_CREATE, error);
    return db != NULL && migration_apply(db, migrations, draft, error) &&
           db_load_begin(db, error) && draft_fill(db, directory, fd, facts, error) &&
           finish(db, error) && db_load_end(db, error);
}

static gboolean sync_path(const char *path, GError **error) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced || failed(path, error);
}

static void draft_remove(const char *draft) {
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (gsize at = 0; at < G_N_ELEMENTS(endings); at++) {
        g_autofree char *path = g_strconcat(draft, endings[at], NULL);
        unlink(path);
    }
}

static gboolean directory_check(const char *directory, const char *database, GError **error) {
    if (g_mkdir_with_parents(directory, 0700) != 0)
        return failed(directory, error);
    if (!g_file_test(database, G_FILE_TEST_EXISTS))
        return TRUE;
    error_set(error, ERROR_CONFLICT, "directory_in_use",
              "%s holds a database already: import into an empty data directory", directory);
    return FALSE;
}

gboolean exchange_load(const char *directory, int fd, ExchangeFinish finish, ExchangeFacts *facts,
                       GError **error) {
    g_autofree char *database = g_build_filename(directory, "dialogd.db", NULL);
    g_autofree char *draft = g_strconcat(database, ".part", NULL);
    *facts = (ExchangeFacts){0};
    if (!directory_check(directory, database, error))
        return FALSE;
    draft_remove(draft); // of an import that was interrupted
    gboolean loaded =
        draft_make(draft, directory, fd, finish, facts, error) && sync_path(draft, error) &&
        (rename(draft, database) == 0 || failed(database, error)) && sync_path(directory, error);
    draft_remove(draft);
    return loaded;
}
