#include "api/draft_json.h"

#include "store/upload.h"

static json_t *id_json(Id id) {
    char text[ID_TEXT_SIZE];
    return json_string(id_format(id, text));
}

static json_t *instant_json(Instant instant) {
    g_autofree char *text = instant_format(instant);
    return json_string(text);
}

// An upload that is gone keeps its place, without a name.
static json_t *upload_json(Db *db, const char *id) {
    g_autoptr(Upload) upload = upload_get(db, id_parse(id, NULL), NULL);
    return upload != NULL ? json_pack("{s:s, s:s, s:s, s:I}", "id", id, "name", upload->name,
                                      "type", upload->type, "size", (json_int_t)upload->size)
                          : json_pack("{s:s, s:n, s:n, s:n}", "id", id, "name", "type", "size");
}

static json_t *uploads_json(Db *db, const json_t *ids) {
    size_t at;
    const json_t *id;
    json_t *uploads = json_array();
    json_array_foreach(ids, at, id) {
        json_array_append_new(uploads, upload_json(db, json_string_value(id)));
    }
    return uploads;
}

json_t *draft_json(Db *db, const Draft *draft) {
    json_t *json = json_loads(draft->content, 0, NULL);
    if (json == NULL)
        json = json_object();
    json_object_set_new(json, "attachments",
                        uploads_json(db, json_object_get(json, "attachments")));
    json_object_set_new(json, "id", id_json(draft->id));
    json_object_set_new(json, "conversation_id", id_json(draft->conversation_id));
    json_object_set_new(json, "shared", json_boolean(draft->owner_id == 0));
    json_object_set_new(json, "agent_id", id_json(draft->agent_id));
    json_object_set_new(json, "mode", json_string(draft->mode));
    json_object_set_new(json, "rev", json_integer(draft->rev));
    json_object_set_new(json, "updated_at", instant_json(draft->updated_at));
    return json;
}

// Nobody reads what a colleague has not shared.
static json_t *hint_json(const Draft *draft) {
    return json_pack("{s:o, s:s, s:o}", "agent_id", id_json(draft->agent_id), "mode", draft->mode,
                     "updated_at", instant_json(draft->updated_at));
}

json_t *draft_json_of_conversation(Db *db, Id conversation_id, Id agent_id, GError **error) {
    g_autoptr(GPtrArray) drafts = draft_list(db, conversation_id, error);
    if (drafts == NULL)
        return NULL;
    json_t *json = json_pack("{s:n, s:n, s:[], s:[]}", "own", "shared", "further", "others");
    for (guint at = 0; at < drafts->len; at++) {
        const Draft *draft = drafts->pdata[at];
        gboolean is_own = draft->owner_id == agent_id && agent_id != 0;
        if (!is_own && draft->owner_id != 0)
            json_array_append_new(json_object_get(json, "others"), hint_json(draft));
        else if (draft->conversation_id != conversation_id)
            json_array_append_new(json_object_get(json, "further"), draft_json(db, draft));
        else
            json_object_set_new(json, is_own ? "own" : "shared", draft_json(db, draft));
    }
    return json;
}
