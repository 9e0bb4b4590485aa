#include <string.h>

#include "base/error.h"
#include "desk/assignment.h"
#include "desk/automatic_guard.h"
#include "desk/conversation_change.h"
#include "desk/draft_change.h"
#include "desk/record.h"
#include "desk/reply_draft.h"
#include "desk/schedule.h"
#include "desk/seen_guard.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/message.h"
#include "store/outbox.h"
#include "store/thread.h"

static gboolean find_repeated(Db *db, Reply *reply, GError **error) {
    gboolean found = FALSE;
    reply->is_repetition = FALSE;
    if (reply->client_key == NULL)
        return TRUE;
    if (!db_query_int(db, "SELECT id FROM message WHERE client_key = $1",
                      DB_VALUES(DB_TEXT(reply->client_key)), &reply->message_id, &found, error))
        return FALSE;
    reply->is_repetition = found;
    return TRUE;
}

static gboolean begin_conversation(Db *db, Reply *reply, GError **error) {
    const ReplyDraft *draft = reply->draft;
    const GPtrArray *list = reply->to->len > 0   ? reply->to
                            : reply->cc->len > 0 ? reply->cc
                                                 : reply->bcc;
    const Party *party = list->pdata[0];
    g_autofree char *address = party_address_normalize(party->address);
    Identity identity;
    gboolean found;
    if (!identity_find(db, draft->kind->name, "", address, &identity, &found, error) ||
        (!found &&
         !customer_add(db, draft->kind->name, "", address, party->name, NULL, &identity, error)))
        return FALSE;
    ConversationDraft row = {.id = draft->conversation_id,
                             .channel_id = draft->channel->id,
                             .customer_id = identity.customer_id,
                             .identity_id = identity.id,
                             .subject = draft->subject,
                             .base_subject = draft->base_subject,
                             .status = "open",
                             .created_at = draft->written_at};
    Conversation conversation;
    g_autoptr(Event) event = event_new(EVENT_CONVERSATION_BEGUN, draft->conversation_id,
                                       reply->author, reply->agent_id, NULL);
    event->channel_id = draft->channel->id;
    return conversation_add(db, &row, &conversation, error) && record_event(db, event, error) &&
           assignment_begin(db, event, error);
}

static gboolean check_seen(Db *db, Reply *reply, Id kept_id, GError **error) {
    const SeenPlace place = {.conversation_id = reply->conversation_id,
                             .seen = reply->seen,
                             .agent_id = reply->agent_id};
    g_clear_pointer(&reply->newer, g_array_unref);
    if (reply->seen == 0 || reply->conversation_id == 0)
        return TRUE;
    g_autoptr(GArray) newer = seen_guard_find(db, &place, kept_id, error);
    if (newer == NULL || newer->len == 0)
        return newer != NULL;
    reply->newer = g_steal_pointer(&newer);
    error_set(error, ERROR_CONFLICT, "newer_messages",
              "something was said that you have not seen: read it, then send with the new seen");
    return FALSE;
}

// It may have been joined into another since the draft was made.
static gboolean find_conversation(Db *db, Reply *reply, Id *conversation_id, GError **error) {
    Conversation conversation;
    gboolean found;
    *conversation_id = reply->draft->conversation_id;
    if (reply->conversation_id == 0)
        return begin_conversation(db, reply, error);
    if (!conversation_find(db, *conversation_id, &conversation, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    *conversation_id = conversation.id;
    return found;
}

static Instant leaves_at(const Reply *reply) {
    return MAX(reply->send_at, reply->draft->written_at + reply->undo_ms);
}

static gboolean add_message(Db *db, const Reply *reply, Id conversation_id, GError **error) {
    const ReplyDraft *draft = reply->draft;
    g_autofree char *headers = json_dumps(draft->headers, JSON_COMPACT);
    gboolean is_automatic = reply->author != ACTOR_AGENT;
    MessageRow row = {
        .id = draft->message_id,
        .conversation_id = conversation_id,
        .channel_id = draft->channel->id,
        .agent_id = reply->agent_id,
        .direction = "out",
        .author = actor_name(reply->author),
        .class = is_automatic ? "auto_reply" : "ordinary",
        .is_automatic = is_automatic,
        .client_key = reply->client_key,
        .message_key = draft->message_key,
        .subject = draft->subject,
        .text = draft->text,
        .new_text = draft->new_text,
        .html_sha256 = draft->html_blob != NULL ? blob_sha256(draft->html_blob) : NULL,
        .quoted_message_id = reply->quoted_message_id,
        .headers = headers,
        .state = leaves_at(reply) > draft->written_at ? "held" : "queued",
        .occurred_at = draft->written_at,
        .received_at = draft->written_at,
        .recorded_at = draft->written_at,
    };
    return (draft->html_blob == NULL || blob_add(db, draft->html_blob, error)) &&
           message_add(db, &row, error);
}

static gboolean add_attachments(Db *db, const Reply *reply, GError **error) {
    for (guint at = 0; at < reply->attachments->len; at++) {
        const Attachment *attachment = reply->attachments->pdata[at];
        const Blob *blob = reply->draft->blobs->pdata[at];
        AttachmentRow row = {.message_id = reply->draft->message_id,
                             .position = at,
                             .name = attachment->name,
                             .type = attachment->type,
                             .size = blob_size(blob),
                             .content_id = attachment->content_id,
                             .is_inline = attachment->is_inline,
                             .sha256 = blob_sha256(blob)};
        if (!blob_add(db, blob, error) || !attachment_add(db, &row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_part(Db *db, const Reply *reply, Id conversation_id, gint64 part,
                         char *recipient, GError **error) {
    const ReplyDraft *draft = reply->draft;
    OutboxRow row = {.message_id = draft->message_id,
                     .conversation_id = conversation_id,
                     .channel_id = draft->channel->id,
                     .part = part,
                     .recipient = recipient,
                     .not_before = leaves_at(reply),
                     .created_at = leaves_at(reply)}; // tries are counted from then on
    return outbox_add(db, &row, error);
}

static gboolean add_parts(Db *db, const Reply *reply, Id conversation_id, GError **error) {
    const GPtrArray *lists[] = {reply->to, reply->cc, reply->bcc};
    for (guint part = 0; part < reply->draft->parts; part++)
        if (!add_part(db, reply, conversation_id, part, NULL, error))
            return FALSE;
    for (gsize list = 0; reply->draft->is_mail && list < G_N_ELEMENTS(lists); list++)
        for (guint at = 0; at < lists[list]->len; at++)
            if (!add_part(db, reply, conversation_id, 0,
                          ((const Party *)lists[list]->pdata[at])->address, error))
                return FALSE;
    return TRUE;
}

static char **mail_parties(const Reply *reply, const char *sender) {
    const GPtrArray *lists[] = {reply->to, reply->cc};
    GPtrArray *parties = g_ptr_array_new();
    g_ptr_array_add(parties, g_strdup(sender));
    for (gsize list = 0; list < G_N_ELEMENTS(lists); list++)
        for (guint at = 0; at < lists[list]->len; at++)
            g_ptr_array_add(
                parties, party_address_normalize(((const Party *)lists[list]->pdata[at])->address));
    g_ptr_array_add(parties, NULL);
    return (char **)g_ptr_array_free(parties, FALSE);
}

// References from the one that it answers to the oldest, as threading ranks them.
static char **mail_references(const Reply *reply) {
    const json_t *list = json_object_get(reply->draft->headers, "references");
    GPtrArray *references = g_ptr_array_new();
    for (gsize at = json_array_size(list); at-- > 0;)
        g_ptr_array_add(references, g_strdup(json_string_value(json_array_get(list, at))));
    g_ptr_array_add(references, NULL);
    return (char **)g_ptr_array_free(references, FALSE);
}

static gboolean add_thread(Db *db, const Reply *reply, GError **error) {
    const ReplyDraft *draft = reply->draft;
    if (!draft->is_mail)
        return TRUE;
    g_autofree char *sender = party_address_normalize(draft->channel->address);
    g_auto(GStrv) parties = mail_parties(reply, sender);
    g_auto(GStrv) references = mail_references(reply);
    ThreadMail mail = {.message_id = draft->message_id,
                       .sender = sender,
                       .parties = (const char *const *)parties,
                       .base_subject = draft->base_subject,
                       .is_ours = TRUE};
    return thread_add(db, &mail, draft->message_key, (const char *const *)references, error);
}

// What no person wrote must not start a loop or a storm.
static gboolean check_automatic(Db *db, const Reply *reply, Id conversation_id, GError **error) {
    const ReplyDraft *draft = reply->draft;
    const GPtrArray *lists[] = {reply->to, reply->cc, reply->bcc};
    if (reply->author == ACTOR_AGENT)
        return TRUE;
    if (!draft->is_mail)
        return automatic_guard(db, conversation_id, draft->channel->id, "", draft->written_at,
                               error);
    for (gsize list = 0; list < G_N_ELEMENTS(lists); list++)
        for (guint at = 0; at < lists[list]->len; at++)
            if (!automatic_guard(db, conversation_id, draft->channel->id,
                                 ((const Party *)lists[list]->pdata[at])->address,
                                 draft->written_at, error))
                return FALSE;
    return TRUE;
}

static gboolean record_written(Db *db, const Reply *reply, Id conversation_id, GError **error) {
    g_autoptr(Event) event =
        event_new(EVENT_REPLY_WRITTEN, conversation_id, reply->author, reply->agent_id, NULL);
    event->message_id = reply->draft->message_id;
    event->channel_id = reply->draft->channel->id;
    event->occurred_at = reply->draft->written_at;
    ConversationChange change = {.status = reply->status};
    return record_event(db, event, error) &&
           (reply->status == NULL ||
            conversation_change(db, conversation_id, &change, reply->agent_id, error));
}

// A draft that somebody has removed meanwhile holds up nothing.
static gboolean take_draft(Db *db, const Reply *reply, Id conversation_id, GError **error) {
    gboolean taken = FALSE;
    if (reply->draft_id == 0)
        return TRUE;
    return draft_take(db, reply->draft_id, reply->agent_id, conversation_id,
                      reply->draft->message_id, &taken, error) &&
           (!taken ||
            draft_record_sent(db, reply->draft_id, conversation_id, reply->agent_id, error));
}

gboolean reply_write(Db *db, Reply *reply, GError **error) {
    const ReplyDraft *draft = reply->draft;
    Id conversation_id;
    if (!find_repeated(db, reply, error) || reply->is_repetition)
        return reply->is_repetition;
    reply->message_id = draft->message_id;
    return find_conversation(db, reply, &conversation_id, error) &&
           check_seen(db, reply, conversation_id, error) &&
           check_automatic(db, reply, conversation_id, error) &&
           add_message(db, reply, conversation_id, error) && add_attachments(db, reply, error) &&
           add_parts(db, reply, conversation_id, error) && add_thread(db, reply, error) &&
           search_add(db, draft->message_id, draft->document, error) &&
           conversation_touch(db, conversation_id, draft->written_at, draft->preview, 0, error) &&
           schedule_add(db, draft->message_id, reply->send_at, reply->cancel_on_reply, error) &&
           take_draft(db, reply, conversation_id, error) &&
           record_written(db, reply, conversation_id, error);
}
