// /api/v1/system-mail: through which email channel dialogd's own mails to agents go, and whether
// they do.
#include "store/system_mail.h"
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "store/audit.h"

static gboolean load(Db *db, json_t **json, GError **error) {
    static const RowsColumn columns[] = {
        {"channel_id", COLUMN_ID},
        {"queued", COLUMN_INT},
        {"failed", COLUMN_INT},
        {"last_reason", COLUMN_TEXT},
        {0},
    };
    Id channel_id;
    if (!system_mail_channel(db, &channel_id, error))
        return FALSE;
    *json = rows_load_one(
        db, columns,
        "SELECT $1, (SELECT COUNT(*) FROM system_mail WHERE state = 'queued'), (SELECT COUNT(*) "
        "FROM system_mail WHERE state = 'failed' AND id > $2), (SELECT reason FROM system_mail "
        "WHERE reason IS NOT NULL ORDER BY id DESC LIMIT 1)",
        DB_VALUES(DB_ID(channel_id),
                  DB_ID(id_first(clock_now() - 7 * 24 * G_GINT64_CONSTANT(3600000)))),
        "system_mail_unknown", error);
    return *json != NULL;
}

static void get_system_mail(ApiCall *call) {
    GError *error = NULL;
    json_t *json = NULL;
    Db *db = api_call_reader(call, &error);
    if (db != NULL && load(db, &json, &error))
        api_call_answer_json(call, 200, json);
    else
        api_call_fail(call, error);
}

static gboolean check_channel(Db *db, Id channel_id, GError **error) {
    gint64 one = 0;
    gboolean found = FALSE;
    if (!db_query_int(
            db, "SELECT 1 FROM channel WHERE id = $1 AND kind = 'email' AND removed_at IS NULL",
            DB_VALUES(DB_ID(channel_id)), &one, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_INVALID, "channel_unfit", "channel_id must be an email channel");
    return found;
}

static gboolean write_channel(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id channel_id = *(const Id *)data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    json_t *json = NULL;
    if ((channel_id != 0 && !check_channel(db, channel_id, error)) ||
        !system_mail_set_channel(db, channel_id, error) ||
        !audit_add(db, actor, actor_id, "system_mail_changed", "channel", channel_id, NULL,
                   error) ||
        !load(db, &json, error))
        return FALSE;
    api_call_answer_json(call, 200, json);
    return TRUE;
}

static void set_system_mail(ApiCall *call) {
    GError *error = NULL;
    json_t *channel;
    Id id = 0;
    if (api_call_unpack(call, &error, "{s:o}", "channel_id", &channel) &&
        field_read_id("channel_id", channel, TRUE, &id, &error) &&
        (id == 0 || api_call_see(call, VISIBILITY_CHANNEL, id, &error)))
        api_call_write(call, write_channel, g_memdup2(&id, sizeof id), g_free);
    else
        api_call_fail(call, error);
}

const ApiRoute api_system_mail_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/system-mail",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = get_system_mail},
    {.method = "PUT",
     .pattern = "/api/v1/system-mail",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = set_system_mail},
    {0},
};
