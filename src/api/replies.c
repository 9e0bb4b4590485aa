// Writing to customers: replies and new conversations.
#include "api/message_query.h"
#include "api/reply_decode.h"
#include "api/resources.h"
#include "api/sent_message.h"
#include "api/upload_load.h"
#include "base/error.h"

static void free_reply(gpointer data) {
    reply_free(data);
}

// What the writer has not seen, and what to send as seen to send anyway.
static void tell_newer(ApiCall *call, Db *db, const Reply *reply) {
    char seen[ID_TEXT_SIZE];
    if (reply->newer == NULL)
        return;
    Id last = g_array_index(reply->newer, Id, reply->newer->len - 1);
    json_t *messages = sent_message_list(db, reply->newer, NULL);
    if (messages == NULL)
        return;
    api_call_add_problem(call, "messages", messages);
    api_call_add_problem(call, "seen", json_string(id_format(MAX(last, reply->seen), seen)));
}

static gboolean write_reply(ApiCall *call, Db *db, gpointer data, GError **error) {
    Reply *reply = data;
    if (reply_write(db, reply, error))
        return sent_message_answer(call, db, reply->message_id, reply->is_repetition ? 200 : 201,
                                   error);
    tell_newer(call, db, reply);
    return FALSE;
}

// On a work thread: the bytes of what was uploaded before.
static gboolean load_uploads(ApiCall *call, Reply *reply, GError **error) {
    Db *db = reply->uploads->len > 0 ? api_call_reader(call, error) : NULL;
    if (db == NULL)
        return reply->uploads->len == 0;
    for (guint at = 0; at < reply->uploads->len; at++) {
        Attachment *attachment =
            upload_load_attachment(call, db, g_array_index(reply->uploads, Id, at), error);
        if (attachment == NULL)
            return FALSE;
        g_ptr_array_add(reply->attachments, attachment);
    }
    return TRUE;
}

static void write_prepared(ApiCall *call, Reply *reply, GError *error) {
    const ApiParts *parts = api_call_parts(call);
    ReplyContext context = {
        .store = parts->store, .channels = parts->channels, .parsers = parts->parsers};
    if (error == NULL && load_uploads(call, reply, &error) &&
        reply_prepare(reply, &context, &error)) {
        api_call_write(call, write_reply, reply, free_reply);
        return;
    }
    reply_free(reply);
    api_call_fail(call, error);
}

static void work_reply(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "conversation", &error);
    Reply *reply = id != 0 ? reply_decode(call, FALSE, &error) : NULL;
    if (reply != NULL)
        reply->conversation_id = id;
    write_prepared(call, reply, error);
}

static void work_conversation(ApiCall *call) {
    GError *error = NULL;
    Reply *reply = reply_decode(call, TRUE, &error);
    if (reply != NULL)
        api_call_see(call, VISIBILITY_CHANNEL, reply->channel_id, &error);
    write_prepared(call, reply, error);
}

static void create_reply(ApiCall *call) {
    api_call_work(call, work_reply);
}

static void create_conversation(ApiCall *call) {
    api_call_work(call, work_conversation);
}

const ApiRoute api_reply_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/conversations",
     .permission = PERMISSION_MESSAGE_SEND,
     .handler = create_conversation,
     .body_max = REPLY_BODY_MAX},
    {.method = "POST",
     .pattern = "/api/v1/conversations/{conversation}/replies",
     .permission = PERMISSION_MESSAGE_SEND,
     .handler = create_reply,
     .body_max = REPLY_BODY_MAX},
    {0},
};
