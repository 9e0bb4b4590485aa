// /api/v1/intake: raw deliveries that made no message (quarantined, refused) or any other one by
// its id; their bytes; decoding them again; setting them aside.
#include "store/intake.h"
#include "api/page.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/replay.h"
#include "store/audit.h"
#include "store/blob.h"

#define SELECT                                                                                     \
    "SELECT id, channel_id, source, folder, uid, state, reason, message_id, occurred_at, "         \
    "received_at, decoded_at, raw IS NOT NULL OR raw_sha256 IS NOT NULL FROM intake "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"channel_id", COLUMN_ID},
    {"source", COLUMN_TEXT},
    {"folder", COLUMN_TEXT},
    {"uid", COLUMN_INT},
    {"state", COLUMN_TEXT},
    {"reason", COLUMN_TEXT},
    {"message_id", COLUMN_ID},
    {"occurred_at", COLUMN_INSTANT},
    {"received_at", COLUMN_INSTANT},
    {"decoded_at", COLUMN_INSTANT},
    {"has_raw", COLUMN_BOOL},
    {0},
};

static gboolean read_state(const ApiCall *call, const char **state, GError **error) {
    *state = api_call_query(call, "state");
    if (*state == NULL)
        *state = "quarantined";
    if (g_strcmp0(*state, "quarantined") == 0 || g_strcmp0(*state, "refused") == 0)
        return TRUE;
    error_set(error, ERROR_INVALID, "state_unknown", "state must be quarantined or refused");
    return FALSE;
}

static gboolean write_list(ApiCall *call, JsonText *text, GError **error) {
    Page page;
    const char *state;
    GError *problem = NULL;
    Id last = 0;
    gint64 count = 0;
    Db *db = NULL;
    if (!page_read(call, 50, 200, &page, error) || !read_state(call, &state, error) ||
        (db = api_call_reader(call, error)) == NULL)
        return FALSE;
    g_autoptr(DbRows) rows =
        db_query(db,
                 SELECT "WHERE state = $1 AND id < $2 AND " VISIBLE_CHANNEL(
                     "intake.channel_id", "$4") " ORDER BY id DESC LIMIT $3",
                 DB_VALUES(DB_TEXT(state), DB_INT(page.has_cursor ? page.id : G_MAXINT64),
                           DB_INT(page.limit + 1), DB_ID(api_call_viewer(call))),
                 error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &problem) && count++ < page.limit) {
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, columns);
        json_text_end_object(text);
        last = db_rows_id(rows, 0);
    }
    json_text_end_array(text);
    g_autofree char *next = count > page.limit ? page_cursor(0, last) : NULL;
    json_text_add_text(text, "next", next);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static void list_intake(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    gboolean written = write_list(call, &text, &error);
    json_text_end_object(&text);
    if (written)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static void get_intake(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "intake", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                        "intake_unknown");
}

static GBytes *load_raw(ApiCall *call, Db *db, DbRows *rows, GError **error) {
    gsize length = 0;
    const void *sha256 = db_rows_span(rows, 1, &length);
    if (!db_rows_is_null(rows, 0))
        return db_rows_bytes(rows, 0);
    if (sha256 != NULL)
        return blob_read(api_call_parts(call)->store, db, sha256, error);
    error_set(error, ERROR_NOT_FOUND, "bytes_absent", "the bytes of this delivery were not kept");
    return NULL;
}

static GBytes *find_raw(ApiCall *call, GError **error) {
    GError *problem = NULL;
    Id id = api_call_path_id(call, "intake", error);
    Db *db = id != 0 ? api_call_reader(call, error) : NULL;
    g_autoptr(DbRows) rows = db != NULL
                                 ? db_query(db, "SELECT raw, raw_sha256 FROM intake WHERE id = $1",
                                            DB_VALUES(DB_ID(id)), error)
                                 : NULL;
    if (rows == NULL)
        return NULL;
    if (db_rows_next(rows, &problem))
        return load_raw(call, db, rows, error);
    if (problem == NULL)
        error_set(&problem, ERROR_NOT_FOUND, "intake_unknown", "there is no such delivery");
    g_propagate_error(error, problem);
    return NULL;
}

static void read_raw(ApiCall *call) {
    GError *error = NULL;
    GBytes *raw = find_raw(call, &error);
    if (raw == NULL) {
        api_call_fail(call, error);
        return;
    }
    g_autofree char *header =
        g_strdup_printf("attachment; filename=\"%s\"", api_call_path(call, "intake"));
    api_call_add_header(call, "Content-Disposition", header);
    api_call_answer_bytes(call, 200, "application/octet-stream", raw);
}

static void get_raw(ApiCall *call) {
    api_call_work(call, read_raw);
}

static void replay(ApiCall *call) {
    GError *error = NULL;
    DeliveryState state;
    const ApiParts *parts = api_call_parts(call);
    Id id = api_call_path_id(call, "intake", &error);
    ReplayContext context = {
        .store = parts->store,
        .inbound = parts->inbound,
        .channels = parts->channels,
        .parsers = parts->parsers,
    };
    if (id != 0 && replay_intake(&context, id, &state, &error))
        rows_answer_one(call, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                        "intake_unknown");
    else
        api_call_fail(call, error);
}

static void replay_one(ApiCall *call) {
    api_call_work(call, replay);
}

// Set aside by hand: it is refused from now on, its bytes stay.
static gboolean write_dismissed(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id id = *(const Id *)data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    gint64 changed = 0;
    if (!db_run_counted(db,
                        "UPDATE intake SET state = 'refused', reason = COALESCE(reason, '') || ' "
                        "(set aside by hand)' WHERE id = $1 AND state = 'quarantined'",
                        DB_VALUES(DB_ID(id)), &changed, error))
        return FALSE;
    if (changed == 0) {
        error_set(error, ERROR_CONFLICT, "intake_not_quarantined",
                  "there is no quarantined delivery of this id");
        return FALSE;
    }
    if (!audit_add(db, actor, actor_id, "intake_dismissed", "intake", id, NULL, error))
        return FALSE;
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "intake_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    return json != NULL;
}

static void dismiss(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "intake", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_dismissed, g_memdup2(&id, sizeof id), g_free);
}

const ApiRoute api_intake_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/intake",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = list_intake,
     .query = PAGE_QUERY " state"},
    {.method = "GET",
     .pattern = "/api/v1/intake/{intake}",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = get_intake},
    {.method = "GET",
     .pattern = "/api/v1/intake/{intake}/raw",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = get_raw},
    {.method = "POST",
     .pattern = "/api/v1/intake/{intake}/replay",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = replay_one},
    {.method = "POST",
     .pattern = "/api/v1/intake/{intake}/dismiss",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = dismiss},
    {0},
};
