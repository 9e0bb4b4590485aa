#include "store/calendar.h"

#include "base/error.h"

gboolean calendar_add(Db *db, Id id, const char *name, Instant now, GError **error) {
    return db_run(db, "INSERT INTO calendar (id, name, created_at) VALUES ($1, $2, $3)",
                  DB_VALUES(DB_ID(id), DB_TEXT(name), DB_INSTANT(now)), error);
}

static gboolean refuse_unknown(Id id, GError **error) {
    error_set(error, ERROR_NOT_FOUND, "calendar_unknown", "there is no calendar %" G_GINT64_FORMAT,
              id);
    return FALSE;
}

gboolean calendar_rename(Db *db, Id id, const char *name, GError **error) {
    gint64 changed;
    return db_run_counted(db, "UPDATE calendar SET name = $2 WHERE id = $1",
                          DB_VALUES(DB_ID(id), DB_TEXT(name)), &changed, error) &&
           (changed == 1 || refuse_unknown(id, error));
}

static gboolean check_unused(Db *db, Id id, GError **error) {
    gint64 one;
    gboolean found;
    if (!db_query_int(db,
                      "SELECT 1 FROM channel WHERE calendar_id = $1 UNION ALL"
                      " SELECT 1 FROM agent WHERE calendar_id = $1 LIMIT 1",
                      DB_VALUES(DB_ID(id)), &one, &found, error))
        return FALSE;
    if (found)
        error_set(error, ERROR_CONFLICT, "calendar_used",
                  "a channel, perhaps a removed one, is measured with this calendar, or an agent"
                  " works by it: give them another one first");
    return !found;
}

gboolean calendar_remove(Db *db, Id id, GError **error) {
    gint64 changed;
    return check_unused(db, id, error) &&
           db_run(db, "DELETE FROM calendar_version WHERE calendar_id = $1", DB_VALUES(DB_ID(id)),
                  error) &&
           db_run_counted(db, "DELETE FROM calendar WHERE id = $1", DB_VALUES(DB_ID(id)), &changed,
                          error) &&
           (changed == 1 || refuse_unknown(id, error));
}

gboolean calendar_add_version(Db *db, Id calendar_id, const CalendarVersion *version,
                              GError **error) {
    json_t *hours = calendar_version_hours_json(version);
    g_autofree char *text = json_dumps(hours, JSON_COMPACT);
    json_decref(hours);
    return db_run(db,
                  "INSERT INTO calendar_version (id, calendar_id, valid_from, zone, hours)"
                  " VALUES ($1, $2, $3, $4, $5)",
                  DB_VALUES(DB_ID(version->id), DB_ID(calendar_id), DB_INT(version->valid_from),
                            DB_TEXT(version->zone_name), DB_TEXT(text)),
                  error);
}

#define SELECT_VERSIONS                                                                            \
    "SELECT c.id, c.name, v.id, v.valid_from, v.zone, v.hours FROM calendar c"                     \
    " LEFT JOIN calendar_version v ON v.calendar_id = c.id"

static gboolean version_take(Calendar *calendar, DbRows *rows, GError **error) {
    if (db_rows_is_null(rows, 2))
        return TRUE;
    json_t *hours = json_loads(db_rows_text(rows, 5), 0, NULL);
    CalendarVersion *version = calendar_version_new(db_rows_id(rows, 2), db_rows_int(rows, 3),
                                                    db_rows_text(rows, 4), hours, error);
    json_decref(hours);
    if (version != NULL)
        calendar_take_version(calendar, version);
    return version != NULL;
}

// Rows in the order of calendars, then of versions.
static GPtrArray *calendars_read(DbRows *rows, GError **error) {
    if (rows == NULL)
        return NULL;
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) calendars = g_ptr_array_new_with_free_func((GDestroyNotify)calendar_free);
    Calendar *last = NULL;
    while (failure == NULL && db_rows_next(rows, &failure)) {
        if (last == NULL || last->id != db_rows_id(rows, 0)) {
            last = calendar_new(db_rows_id(rows, 0), db_rows_text(rows, 1));
            g_ptr_array_add(calendars, last);
        }
        version_take(last, rows, &failure);
    }
    if (failure == NULL)
        return g_steal_pointer(&calendars);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

GPtrArray *calendar_list(Db *db, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, SELECT_VERSIONS " ORDER BY c.name, c.id, v.valid_from", DB_NO_VALUES, error);
    return calendars_read(rows, error);
}

Calendar *calendar_get(Db *db, Id id, GError **error) {
    g_autoptr(DbRows) rows = db_query(db, SELECT_VERSIONS " WHERE c.id = $1 ORDER BY v.valid_from",
                                      DB_VALUES(DB_ID(id)), error);
    g_autoptr(GPtrArray) calendars = calendars_read(rows, error);
    if (calendars == NULL)
        return NULL;
    if (calendars->len == 1)
        return g_ptr_array_steal_index(calendars, 0);
    refuse_unknown(id, error);
    return NULL;
}

struct CalendarShelf {
    Db *db;
    GHashTable *of_channels;  // Id -> Calendar of the other table, or NULL where it has none
    GHashTable *of_calendars; // Id -> Calendar
};

static void shelf_release(gpointer calendar) {
    calendar_free(calendar);
}

CalendarShelf *calendar_shelf_new(Db *db) {
    CalendarShelf *shelf = g_new0(CalendarShelf, 1);
    shelf->db = db;
    shelf->of_channels = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    shelf->of_calendars = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, shelf_release);
    return shelf;
}

void calendar_shelf_free(CalendarShelf *shelf) {
    if (shelf == NULL)
        return;
    g_hash_table_unref(shelf->of_channels);
    g_hash_table_unref(shelf->of_calendars);
    g_free(shelf);
}

static Calendar *shelf_get(CalendarShelf *shelf, Id id, GError **error) {
    Calendar *calendar = g_hash_table_lookup(shelf->of_calendars, &id);
    if (calendar != NULL)
        return calendar;
    calendar = calendar_get(shelf->db, id, error);
    if (calendar != NULL)
        g_hash_table_insert(shelf->of_calendars, g_memdup2(&id, sizeof id), calendar);
    return calendar;
}

const Calendar *calendar_shelf_get(CalendarShelf *shelf, Id id, GError **error) {
    return shelf_get(shelf, id, error);
}

gboolean calendar_shelf_find(CalendarShelf *shelf, Id channel_id, const Calendar **calendar,
                             GError **error) {
    gpointer known;
    *calendar = NULL;
    if (g_hash_table_lookup_extended(shelf->of_channels, &channel_id, NULL, &known)) {
        *calendar = known;
        return TRUE;
    }
    gint64 id;
    gboolean found;
    if (!db_query_int(shelf->db,
                      "SELECT calendar_id FROM channel WHERE id = $1 AND calendar_id IS NOT NULL",
                      DB_VALUES(DB_ID(channel_id)), &id, &found, error))
        return FALSE;
    Calendar *read = found ? shelf_get(shelf, id, error) : NULL;
    if (found && read == NULL)
        return FALSE;
    g_hash_table_insert(shelf->of_channels, g_memdup2(&channel_id, sizeof channel_id), read);
    *calendar = read;
    return TRUE;
}
