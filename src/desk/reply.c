#include "desk/reply.h"

#include "desk/reply_draft.h"

Reply *reply_new(void) {
    Reply *reply = g_new0(Reply, 1);
    reply->author = ACTOR_AGENT;
    reply->send_at = INSTANT_NONE;
    reply->to = party_list_new();
    reply->cc = party_list_new();
    reply->bcc = party_list_new();
    reply->attachments = attachment_list_new();
    reply->uploads = g_array_new(FALSE, FALSE, sizeof(Id));
    return reply;
}

void reply_free(Reply *reply) {
    if (reply == NULL)
        return;
    g_free(reply->client_key);
    g_free(reply->text);
    g_free(reply->html);
    g_free(reply->subject);
    g_free(reply->status);
    g_array_unref(reply->uploads);
    g_clear_pointer(&reply->newer, g_array_unref);
    g_ptr_array_unref(reply->to);
    g_ptr_array_unref(reply->cc);
    g_ptr_array_unref(reply->bcc);
    g_ptr_array_unref(reply->attachments);
    reply_draft_free(reply->draft);
    g_free(reply);
}

ReplyDraft *reply_draft_new(void) {
    ReplyDraft *draft = g_new0(ReplyDraft, 1);
    draft->blobs = g_ptr_array_new_with_free_func((GDestroyNotify)blob_free);
    draft->last_received_at = INSTANT_NONE;
    return draft;
}

static void parent_clear(ReplyParent *parent) {
    g_free(parent->message_key);
    g_free(parent->text);
    g_free(parent->html);
    json_decref(parent->headers);
}

void reply_draft_free(ReplyDraft *draft) {
    if (draft == NULL)
        return;
    g_clear_pointer(&draft->channel, channel_config_unref);
    parent_clear(&draft->parent);
    parent_clear(&draft->asked);
    g_free(draft->conversation_subject);
    g_free(draft->base_subject);
    g_free(draft->thread_key);
    g_free(draft->language);
    g_free(draft->identity_address);
    g_free(draft->signature);
    g_free(draft->subject);
    g_free(draft->text);
    g_free(draft->new_text);
    g_free(draft->html);
    g_free(draft->message_key);
    g_free(draft->preview);
    json_decref(draft->headers);
    g_clear_pointer(&draft->participants, g_ptr_array_unref);
    g_clear_pointer(&draft->html_blob, blob_free);
    g_clear_pointer(&draft->document, search_document_free);
    g_ptr_array_unref(draft->blobs);
    g_free(draft);
}
