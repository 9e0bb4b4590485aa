// /api/v1/calendars: opening hours with their versions.
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/calendar_change.h"

static json_t *id_json(Id id) {
    char text[ID_TEXT_SIZE];
    return json_string(id_format(id, text));
}

static json_t *version_json(const CalendarVersion *version) {
    g_autofree char *valid_from = instant_format(version->valid_from);
    return json_pack("{s:o, s:s, s:s, s:o}", "id", id_json(version->id), "valid_from", valid_from,
                     "zone", version->zone_name, "hours", calendar_version_hours_json(version));
}

static json_t *calendar_json(const Calendar *calendar) {
    json_t *versions = json_array();
    for (guint at = 0; at < calendar->versions->len; at++)
        json_array_append_new(versions, version_json(g_ptr_array_index(calendar->versions, at)));
    return json_pack("{s:o, s:s, s:o}", "id", id_json(calendar->id), "name", calendar->name,
                     "versions", versions);
}

static void list_calendars(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    g_autoptr(GPtrArray) calendars = db == NULL ? NULL : calendar_list(db, &error);
    if (calendars == NULL) {
        api_call_fail(call, error);
        return;
    }
    json_t *items = json_array();
    for (guint at = 0; at < calendars->len; at++)
        json_array_append_new(items, calendar_json(g_ptr_array_index(calendars, at)));
    api_call_answer_json(call, 200, json_pack("{s:o}", "items", items));
}

static void get_calendar(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "calendar", &error);
    Db *db = id == 0 ? NULL : api_call_reader(call, &error);
    g_autoptr(Calendar) calendar = db == NULL ? NULL : calendar_get(db, id, &error);
    if (calendar == NULL)
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200, calendar_json(calendar));
}

// What a request asks for.
typedef struct {
    Id id;
    char *name;               // NULL: stays
    CalendarVersion *version; // NULL: none is added
    CalendarActor who;
} CalendarWrite;

static void calendar_write_free(gpointer data) {
    CalendarWrite *write = data;
    g_free(write->name);
    calendar_version_free(write->version);
    g_free(write);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CalendarWrite, calendar_write_free)

static CalendarWrite *write_new(ApiCall *call, Id id) {
    CalendarWrite *write = g_new0(CalendarWrite, 1);
    write->id = id;
    write->who.actor = api_call_actor(call, &write->who.actor_id);
    return write;
}

static gboolean take_name(CalendarWrite *write, const char *name, GError **error) {
    write->name = g_strdup(name);
    return field_check_line("name", name, 1, 100, error);
}

static gboolean take_version(CalendarWrite *write, const char *zone, json_t *hours,
                             const json_t *valid_from, Instant initial, GError **error) {
    Instant from = initial;
    if (valid_from != NULL && !field_read_instant("valid_from", valid_from, &from, error))
        return FALSE;
    if (from == INSTANT_NONE)
        from = initial;
    write->version = calendar_version_new(id_next(), from, zone, hours, error);
    return write->version != NULL;
}

static CalendarWrite *decode_new(ApiCall *call, GError **error) {
    const char *name, *zone;
    json_t *hours, *valid_from = NULL;
    g_autoptr(CalendarWrite) write = write_new(call, id_next());
    if (!api_call_unpack(call, error, "{s:s, s:s, s:o, s?o}", "name", &name, "zone", &zone, "hours",
                         &hours, "valid_from", &valid_from) ||
        !take_name(write, name, error) ||
        // The first version holds from ever, unless it says otherwise.
        !take_version(write, zone, hours, valid_from, 0, error))
        return NULL;
    return g_steal_pointer(&write);
}

static CalendarWrite *decode_version(ApiCall *call, GError **error) {
    const char *zone;
    json_t *hours, *valid_from = NULL;
    Id id = api_call_path_id(call, "calendar", error);
    g_autoptr(CalendarWrite) write = write_new(call, id);
    if (id == 0 ||
        !api_call_unpack(call, error, "{s:s, s:o, s?o}", "zone", &zone, "hours", &hours,
                         "valid_from", &valid_from) ||
        !take_version(write, zone, hours, valid_from, clock_now(), error))
        return NULL;
    return g_steal_pointer(&write);
}

static CalendarWrite *decode_name(ApiCall *call, GError **error) {
    const char *name;
    Id id = api_call_path_id(call, "calendar", error);
    g_autoptr(CalendarWrite) write = write_new(call, id);
    if (id == 0 || !api_call_unpack(call, error, "{s:s}", "name", &name) ||
        !take_name(write, name, error))
        return NULL;
    return g_steal_pointer(&write);
}

static CalendarWrite *decode_removal(ApiCall *call, GError **error) {
    Id id = api_call_path_id(call, "calendar", error);
    return id == 0 ? NULL : write_new(call, id);
}

static gboolean answer_calendar(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    g_autoptr(Calendar) calendar = calendar_get(db, id, error);
    if (calendar != NULL)
        api_call_answer_json(call, status, calendar_json(calendar));
    return calendar != NULL;
}

static gboolean run_add(ApiCall *call, Db *db, gpointer data, GError **error) {
    const CalendarWrite *write = data;
    return calendar_change_add(db, write->id, write->name, write->version, write->who, error) &&
           answer_calendar(call, db, write->id, 201, error);
}

static gboolean run_add_version(ApiCall *call, Db *db, gpointer data, GError **error) {
    const CalendarWrite *write = data;
    g_autoptr(Calendar) calendar = calendar_get(db, write->id, error);
    return calendar != NULL &&
           calendar_change_add_version(db, write->id, write->version, write->who, error) &&
           answer_calendar(call, db, write->id, 201, error);
}

static gboolean run_rename(ApiCall *call, Db *db, gpointer data, GError **error) {
    const CalendarWrite *write = data;
    return calendar_change_rename(db, write->id, write->name, write->who, error) &&
           answer_calendar(call, db, write->id, 200, error);
}

static gboolean run_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const CalendarWrite *write = data;
    if (!calendar_change_remove(db, write->id, write->who, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

typedef CalendarWrite *(*Decode)(ApiCall *call, GError **error);

static void decode_and_write(ApiCall *call, Decode decode, ApiWrite run) {
    GError *error = NULL;
    CalendarWrite *write = decode(call, &error);
    if (write == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, run, write, calendar_write_free);
}

static void add_calendar(ApiCall *call) {
    decode_and_write(call, decode_new, run_add);
}

static void add_version(ApiCall *call) {
    decode_and_write(call, decode_version, run_add_version);
}

static void rename_calendar(ApiCall *call) {
    decode_and_write(call, decode_name, run_rename);
}

static void remove_calendar(ApiCall *call) {
    decode_and_write(call, decode_removal, run_remove);
}

const ApiRoute api_calendar_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/calendars",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_calendars},
    {.method = "POST",
     .pattern = "/api/v1/calendars",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = add_calendar},
    {.method = "GET",
     .pattern = "/api/v1/calendars/{calendar}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_calendar},
    {.method = "PATCH",
     .pattern = "/api/v1/calendars/{calendar}",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = rename_calendar},
    {.method = "DELETE",
     .pattern = "/api/v1/calendars/{calendar}",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = remove_calendar},
    {.method = "POST",
     .pattern = "/api/v1/calendars/{calendar}/versions",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = add_version},
    {0},
};
