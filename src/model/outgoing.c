#include "model/outgoing.h"

Outgoing *outgoing_new(void) {
    Outgoing *outgoing = g_new0(Outgoing, 1);
    outgoing->text = g_strdup("");
    outgoing->attachments = attachment_list_new();
    outgoing->to = party_list_new();
    outgoing->cc = party_list_new();
    outgoing->bcc = party_list_new();
    outgoing->in_reply_to = g_new0(char *, 1);
    outgoing->references = g_new0(char *, 1);
    outgoing->date = INSTANT_NONE;
    return outgoing;
}

void outgoing_free(Outgoing *outgoing) {
    if (outgoing == NULL)
        return;
    g_free(outgoing->client_key);
    g_free(outgoing->thread_key);
    g_free(outgoing->quoted_key);
    g_free(outgoing->text);
    g_free(outgoing->html);
    g_free(outgoing->mail_message_id);
    g_free(outgoing->subject);
    g_ptr_array_unref(outgoing->attachments);
    party_free(outgoing->from);
    g_ptr_array_unref(outgoing->to);
    g_ptr_array_unref(outgoing->cc);
    g_ptr_array_unref(outgoing->bcc);
    g_strfreev(outgoing->in_reply_to);
    g_strfreev(outgoing->references);
    g_free(outgoing);
}

void receipt_clear(Receipt *receipt) {
    g_free(receipt->provider_id);
    g_free(receipt->reason);
    g_free(receipt->moved_thread_key);
    *receipt = (Receipt){0};
}
