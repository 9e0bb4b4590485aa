#include "model/incoming.h"

#include <string.h>

static const char *const type_names[] = {
    [INCOMING_MESSAGE] = "message",
    [INCOMING_EDIT] = "edit",
    [INCOMING_REMOVAL] = "removal",
    [INCOMING_REACTION] = "reaction",
    [INCOMING_DELIVERED] = "delivered",
    [INCOMING_READ] = "read",
    [INCOMING_FAILED] = "failed",
    [INCOMING_TYPING] = "typing",
    [INCOMING_CUSTOMER_BLOCKED] = "customer_blocked",
    [INCOMING_CUSTOMER_RETURNED] = "customer_returned",
    [INCOMING_THREAD_MOVED] = "thread_moved",
};

const char *incoming_type_name(IncomingType type) {
    return type_names[type];
}

gboolean incoming_type_parse(const char *name, IncomingType *type) {
    for (guint at = 0; at < G_N_ELEMENTS(type_names); at++)
        if (strcmp(type_names[at], name) == 0) {
            *type = (IncomingType)at;
            return TRUE;
        }
    return FALSE;
}

Incoming *incoming_new(IncomingType type) {
    Incoming *incoming = g_new0(Incoming, 1);
    incoming->type = type;
    incoming->from = party_new("", NULL);
    incoming->occurred_at = INSTANT_NONE;
    incoming->text = g_strdup("");
    incoming->new_text = g_strdup("");
    incoming->attachments = attachment_list_new();
    return incoming;
}

void incoming_free(Incoming *incoming) {
    if (incoming == NULL)
        return;
    g_free(incoming->event_key);
    g_free(incoming->message_key);
    g_free(incoming->thread_key);
    g_free(incoming->group_key);
    party_free(incoming->from);
    g_free(incoming->language);
    g_free(incoming->subject);
    g_free(incoming->text);
    g_free(incoming->new_text);
    g_free(incoming->html);
    g_free(incoming->quoted_key);
    g_free(incoming->quoted_text);
    g_ptr_array_unref(incoming->attachments);
    json_decref(incoming->extra);
    mail_free(incoming->mail);
    g_free(incoming);
}

GPtrArray *incoming_list_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)incoming_free);
}
