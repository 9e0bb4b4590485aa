// /api/v1/tags: the words that conversations bear, with how many do.
#include <string.h>

#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/record.h"
#include "store/audit.h"
#include "store/tag.h"

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"name", COLUMN_TEXT},
    {"color", COLUMN_TEXT},
    {"conversations", COLUMN_INT},
    {0},
};

// $1 the viewer: what is hidden is not counted.
#define COUNT                                                                                      \
    "(SELECT count(*) FROM conversation_tag JOIN conversation ON conversation.id ="                \
    " conversation_tag.conversation_id WHERE conversation_tag.tag_id = tag.id"                     \
    " AND conversation.merged_into IS NULL AND " VISIBLE_CONVERSATION("conversation", "$1") ")"
#define SELECT "SELECT tag.id, tag.name, tag.color, " COUNT " FROM tag "

static void work_list(ApiCall *call) {
    rows_answer_list(call, columns, SELECT "ORDER BY tag.name",
                     DB_VALUES(DB_ID(api_call_viewer(call))));
}

static void list_tags(ApiCall *call) {
    api_call_work(call, work_list);
}

// Texts live in the call; NULL: as it is.
typedef struct {
    Id id;
    const char *name;
    const char *color;
    Id into;
} Change;

// "" or one of "#0a7b83": what a page can show without asking.
static gboolean check_color(const char *color, GError **error) {
    gboolean is_color = *color == '#' && strlen(color) == 7;
    for (const char *at = color; *at != '\0' && is_color; at++)
        is_color = at == color || g_ascii_isxdigit(*at);
    if (is_color || *color == '\0')
        return TRUE;
    error_set(error, ERROR_INVALID, "field_invalid", "color must be like #0a7b83, or empty");
    return FALSE;
}

static gboolean record(ApiCall *call, Db *db, const Change *change, gboolean is_removed,
                       const char *action, GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    json_t *into = change->into != 0 ? json_integer(change->into) : json_null();
    json_t *data = json_pack("{s:I, s:o, s:b}", "tag", (json_int_t)change->id, "into", into,
                             "removed", is_removed);
    return record_happening(db, EVENT_TAG_CHANGED, 0, actor, actor_id, data, error) &&
           audit_add(db, actor, actor_id, action, "tag", change->id, NULL, error);
}

static gboolean answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    json_t *json =
        rows_load_one(db, columns, SELECT "WHERE tag.id = $2",
                      DB_VALUES(DB_ID(api_call_viewer(call)), DB_ID(id)), "tag_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, status, json);
    return json != NULL;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    Change *change = data;
    gint64 known = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT id FROM tag WHERE name = $1", DB_VALUES(DB_TEXT(change->name)),
                      &known, &found, error))
        return FALSE;
    if (found) {
        error_set(error, ERROR_CONFLICT, "tag_exists", "a tag of this name exists");
        return FALSE;
    }
    return tag_find_or_add(db, change->name, &change->id, error) &&
           tag_change(db, change->id, NULL, change->color, error) &&
           record(call, db, change, FALSE, "tag_added", error) &&
           answer(call, db, change->id, 201, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    return tag_change(db, change->id, change->name, change->color, error) &&
           record(call, db, change, FALSE, "tag_changed", error) &&
           answer(call, db, change->id, 200, error);
}

static gboolean write_merge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    return tag_merge(db, change->id, change->into, error) &&
           record(call, db, change, TRUE, "tag_merged", error) &&
           answer(call, db, change->into, 200, error);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    if (!tag_remove(db, change->id, error) || !record(call, db, change, TRUE, "tag_removed", error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean decode_new(ApiCall *call, Change *change, GError **error) {
    return api_call_unpack(call, error, "{s:s, s?s}", "name", &change->name, "color",
                           &change->color);
}

static gboolean decode_change(ApiCall *call, Change *change, GError **error) {
    return api_call_unpack(call, error, "{s?s, s?s}", "name", &change->name, "color",
                           &change->color);
}

static gboolean decode_merge(ApiCall *call, Change *change, GError **error) {
    json_t *into = NULL;
    return api_call_unpack(call, error, "{s:o}", "into", &into) &&
           field_read_id("into", into, FALSE, &change->into, error);
}

static gboolean decode_removal(ApiCall *call, Change *change, GError **error) {
    (void)call, (void)change, (void)error;
    return TRUE;
}

static void run(ApiCall *call, gboolean has_id,
                gboolean (*decode)(ApiCall *call, Change *change, GError **error), ApiWrite write) {
    GError *error = NULL;
    Change *change = g_new0(Change, 1);
    change->id = has_id ? api_call_path_id(call, "tag", &error) : 0;
    if ((!has_id || change->id != 0) && decode(call, change, &error) &&
        (change->name == NULL || field_check_line("name", change->name, 1, 100, &error)) &&
        (change->color == NULL || check_color(change->color, &error))) {
        api_call_write(call, write, change, g_free);
        return;
    }
    g_free(change);
    api_call_fail(call, error);
}

static void add_tag(ApiCall *call) {
    run(call, FALSE, decode_new, write_new);
}

static void change_tag(ApiCall *call) {
    run(call, TRUE, decode_change, write_change);
}

static void merge_tag(ApiCall *call) {
    run(call, TRUE, decode_merge, write_merge);
}

static void remove_tag(ApiCall *call) {
    run(call, TRUE, decode_removal, write_removal);
}

const ApiRoute api_tag_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/tags",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_tags},
    {.method = "POST",
     .pattern = "/api/v1/tags",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = add_tag},
    {.method = "PATCH",
     .pattern = "/api/v1/tags/{tag}",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = change_tag},
    {.method = "DELETE",
     .pattern = "/api/v1/tags/{tag}",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = remove_tag},
    {.method = "POST",
     .pattern = "/api/v1/tags/{tag}/merge",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = merge_tag},
    {0},
};
