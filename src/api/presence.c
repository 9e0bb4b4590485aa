// /api/v1/presence: a page says every 20 seconds what it shows and whether somebody types.
#include "api/presence.h"

#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "base/json_text.h"
#include "desk/live_events.h"
#include "desk/presence.h"
#include "store/conversation.h"

static void write_entry(JsonText *text, const PresenceEntry *entry) {
    json_text_add_id(text, "agent_id", entry->agent_id);
    json_text_add_bool(text, "typing", entry->is_typing);
    json_text_add_instant(text, "expires_at", entry->expires_at);
}

json_t *presence_json(const ApiCall *call, Id conversation_id) {
    Presence *presence = api_call_parts(call)->presence;
    Id me = api_call_principal(call)->agent_id;
    if (presence == NULL)
        return json_array();
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autoptr(GArray) there = presence_list(presence, conversation_id, clock_now());
    json_text_begin_array(&text, NULL);
    for (guint at = 0; at < there->len; at++) {
        const PresenceEntry *entry = &g_array_index(there, PresenceEntry, at);
        if (entry->agent_id == me)
            continue;
        json_text_begin_object(&text, NULL);
        write_entry(&text, entry);
        json_text_end_object(&text);
    }
    json_text_end_array(&text);
    return json_loadb(text.out->str, text.out->len, 0, NULL);
}

// expires_at in the past: they have left.
static void tell(const ApiCall *call, const PresenceEntry *entry) {
    LiveEvents *live = api_call_parts(call)->live;
    if (live == NULL)
        return;
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    json_text_add_text(&text, "t", "presence");
    json_text_add_id(&text, "conversation_id", entry->conversation_id);
    write_entry(&text, entry);
    json_text_end_object(&text);
    live_events_tell(live, 0, entry->conversation_id, text.out->str);
}

static void note(ApiCall *call, Id conversation_id, gboolean is_typing, gboolean is_left) {
    Instant now = clock_now();
    PresenceEntry entry = {.agent_id = api_call_principal(call)->agent_id,
                           .conversation_id = conversation_id,
                           .is_typing = is_typing && !is_left,
                           .expires_at = is_left ? now : now + PRESENCE_KEPT_MS};
    Presence *presence = api_call_parts(call)->presence;
    if (is_left)
        presence_leave(presence, entry.agent_id, conversation_id);
    else
        presence_note(presence, entry.agent_id, conversation_id, is_typing, now);
    tell(call, &entry);
    api_call_answer_json(call, 200,
                         json_pack("{s:o}", "items", presence_json(call, conversation_id)));
}

static gboolean find_conversation(ApiCall *call, const json_t *value, Id *id, GError **error) {
    Conversation conversation;
    gboolean found = FALSE;
    if (!field_read_id("conversation", value, FALSE, id, error) ||
        !api_call_see(call, VISIBILITY_CONVERSATION, *id, error))
        return FALSE;
    Db *db = api_call_reader(call, error);
    if (db == NULL || !conversation_find(db, *id, &conversation, &found, error))
        return FALSE;
    if (found)
        *id = conversation.id;
    else
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    return found;
}

static gboolean check_call(const ApiCall *call, GError **error) {
    if (api_call_principal(call)->agent_id == 0)
        error_set(error, ERROR_INVALID, "agent_needed",
                  "only an agent can be there: use its token");
    else if (api_call_parts(call)->presence == NULL)
        error_set(error, ERROR_UNAVAILABLE, "server_needed",
                  "only a running server knows who is there");
    else
        return TRUE;
    return FALSE;
}

static void post_presence(ApiCall *call) {
    GError *error = NULL;
    json_t *conversation = NULL;
    int is_typing = FALSE, is_left = FALSE;
    Id id = 0;
    if (check_call(call, &error) &&
        api_call_unpack(call, &error, "{s:o, s?b, s?b}", "conversation", &conversation, "typing",
                        &is_typing, "left", &is_left) &&
        find_conversation(call, conversation, &id, &error))
        note(call, id, is_typing, is_left);
    else
        api_call_fail(call, error);
}

const ApiRoute api_presence_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/presence",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = post_presence},
    {0},
};
