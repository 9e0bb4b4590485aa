#include <string.h>

#include "channels/registry.h"
#include "desk/arrival.h"
#include "desk/happening.h"
#include "store/blob.h"
#include "store/thread.h"

#define ARCHIVE_AGE_MS (14 * 24 * G_GINT64_CONSTANT(3600000))

// Telegram's user ids mean the same for every bot; another program's only within its channel.
char *identity_scope(const char *kind_name, Id channel_id) {
    const ChannelKind *kind = registry_find(kind_name);
    gboolean is_local = kind != NULL && (kind->abilities & ABILITY_LOCAL_IDENTITIES) != 0;
    return is_local ? g_strdup_printf("%" G_GINT64_FORMAT, channel_id) : g_strdup("");
}

gboolean arrival_find_or_add_customer(Arrival *arrival, GError **error) {
    const Party *party = arrival->customer_party;
    g_autofree char *address = party_address_normalize(party->address);
    const char *kind = arrival->channel->kind;
    g_autofree char *scope = identity_scope(kind, arrival->channel->id);
    const char *language = arrival->incoming->language;
    gboolean found;
    if (!identity_find(arrival->db, kind, scope, address, &arrival->identity, &found, error))
        return FALSE;
    if (!found)
        return customer_add(arrival->db, kind, scope, address, party->name, language,
                            &arrival->identity, error);
    return arrival->has_conversation ||
           customer_learn(arrival->db, arrival->identity.id, party->name, language, error);
}

// A first synchronisation or an import fills the archive: what is old and from before the channel's
// waits begins resolved, so that it does not bury what waits today.
static const char *first_status(const Arrival *arrival) {
    Instant archive_before = arrival->home->waits_from - ARCHIVE_AGE_MS;
    return arrival->occurred_at < archive_before ? "resolved" : "open";
}

gboolean arrival_begin_conversation(Arrival *arrival, GError **error) {
    if (arrival->has_conversation)
        return TRUE;
    const Incoming *incoming = arrival->incoming;
    const char *subject = incoming->subject;
    if (arrival->placement == PLACED_FORWARD && incoming->mail->forwarded_subject != NULL)
        subject = incoming->mail->forwarded_subject;
    return conversation_add(arrival->db,
                            &(ConversationDraft){
                                .channel_id = arrival->home->id,
                                .customer_id = arrival->identity.customer_id,
                                .identity_id = arrival->identity.id,
                                .thread_key = arrival->thread_key,
                                .subject = subject != NULL ? subject : "",
                                .base_subject = arrival->prepared->base_subject,
                                .status = first_status(arrival),
                                .related_to = arrival->related_to,
                                .created_at = arrival->occurred_at,
                            },
                            &arrival->conversation, error);
}

static const char *author_name(const Arrival *arrival) {
    if (!arrival->incoming->is_outbound)
        return "customer";
    return arrival->is_automatic ? "bot" : "agent";
}

// What is quoted may come later: then the quote waits for it.
gboolean arrival_find_quoted(Arrival *arrival, GError **error) {
    g_auto(KnownMessage) quoted = {0};
    const char *key = arrival->incoming->quoted_key;
    const char *own_key = arrival->prepared->message_key;
    gboolean found;
    if (key == NULL)
        return TRUE;
    if (!message_find_by_key(arrival->db, arrival->channel->id, key, &quoted, &found, error))
        return FALSE;
    arrival->quoted_id = found ? quoted.id : 0;
    return found || own_key == NULL ||
           happening_keep_quote(arrival->db, arrival->channel->id, key, own_key,
                                arrival->delivery->received_at, error);
}

static gboolean add_row(Arrival *arrival, const char *headers, GError **error) {
    const Incoming *incoming = arrival->incoming;
    const Delivery *delivery = arrival->delivery;
    const Mail *mail = incoming->mail;
    const Blob *raw = delivery->raw_blob;
    const Blob *html = arrival->prepared->html;
    gboolean is_cut = strcmp(incoming->text, incoming->new_text) != 0;
    return message_add(arrival->db,
                       &(MessageRow){
                           .id = arrival->message_id,
                           .conversation_id = arrival->conversation.id,
                           .channel_id = arrival->home->id,
                           .identity_id = arrival->identity.id,
                           .agent_id = arrival->agent_id,
                           .direction = incoming->is_outbound ? "out" : "in",
                           .author = author_name(arrival),
                           .class = mail_class_name(mail != NULL ? mail->class : MAIL_ORDINARY),
                           .is_automatic = arrival->is_automatic,
                           .message_key = arrival->prepared->message_key,
                           .content_sha256 = arrival->prepared->content_sha256,
                           .group_key = incoming->group_key,
                           .subject = incoming->subject,
                           .text = incoming->text,
                           .new_text = is_cut ? incoming->new_text : NULL,
                           .html_sha256 = html != NULL ? blob_sha256(html) : NULL,
                           .quoted_message_id = arrival->quoted_id,
                           .headers = headers,
                           .raw_sha256 = raw != NULL ? blob_sha256(raw) : NULL,
                           .state = incoming->is_outbound ? "accepted" : "received",
                           .occurred_at = arrival->occurred_at,
                           .received_at = delivery->received_at,
                           .recorded_at = clock_now(),
                       },
                       error);
}

gboolean arrival_add_message(Arrival *arrival, GError **error) {
    json_t *headers = arrival_headers(arrival);
    g_autofree char *text = json_dumps(headers, JSON_COMPACT);
    json_decref(headers);
    arrival->message_id = id_next();
    arrival->delivery->message_id = arrival->message_id;
    arrival->delivery->conversation_id = arrival->conversation.id;
    const Blob *html = arrival->prepared->html;
    return (html == NULL || blob_add(arrival->db, html, error)) && add_row(arrival, text, error) &&
           conversation_touch(arrival->db, arrival->conversation.id, arrival->occurred_at,
                              arrival->prepared->preview,
                              arrival->incoming->is_outbound ? 0 : arrival->message_id, error);
}

gboolean arrival_add_thread(Arrival *arrival, GError **error) {
    if (arrival->incoming->mail == NULL)
        return TRUE;
    ThreadMail mail = {
        .message_id = arrival->message_id,
        .sender = arrival->prepared->sender,
        .parties = (const char *const *)arrival->prepared->parties,
        .base_subject = arrival->prepared->base_subject,
        .is_ours = arrival->incoming->is_outbound,
    };
    return thread_add(arrival->db, &mail, arrival->prepared->message_key,
                      (const char *const *)arrival->prepared->references, error);
}

// The channels beside the conversation's own where this message shows: where it was delivered, and
// its home.
gboolean arrival_add_deliveries(Arrival *arrival, GError **error) {
    gboolean is_new;
    Id own = arrival->conversation.channel_id;
    if (arrival->home->id != own &&
        !conversation_add_channel(arrival->db, arrival->conversation.id, arrival->home->id, error))
        return FALSE;
    if (arrival->channel->id == arrival->home->id)
        return TRUE;
    return message_add_delivery(arrival->db, arrival->message_id, arrival->channel->id, &is_new,
                                error) &&
           (arrival->channel->id == own ||
            conversation_add_channel(arrival->db, arrival->conversation.id, arrival->channel->id,
                                     error));
}

gboolean arrival_index(Arrival *arrival, GError **error) {
    return arrival->prepared->document == NULL ||
           search_add(arrival->db, arrival->message_id, arrival->prepared->document, error);
}
