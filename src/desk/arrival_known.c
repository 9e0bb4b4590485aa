#include <string.h>

#include "desk/arrival.h"
#include "desk/outbox_record.h"
#include "desk/record.h"
#include "store/blob_sweep.h"

#define ALBUM_STRIDE 64 // room for the attachments of one part of an album

void arrival_clear(Arrival *arrival) {
    g_clear_pointer(&arrival->channel, channel_config_unref);
    g_clear_pointer(&arrival->home, channel_config_unref);
    g_clear_pointer(&arrival->thread_key, g_free);
    g_clear_pointer(&arrival->placement_reference, g_free);
    g_clear_pointer(&arrival->joined, g_array_unref);
}

// A mail that is known reached one more channel: shown there too (metrics.md Waits 8).
static gboolean add_delivery(Arrival *arrival, const KnownMessage *known, GError **error) {
    gboolean is_new;
    Id channel_id = arrival->channel->id;
    if (!message_add_delivery(arrival->db, known->id, channel_id, &is_new, error))
        return FALSE;
    if (!is_new)
        return TRUE;
    g_autoptr(Event) event =
        event_new(EVENT_ALSO_DELIVERED, known->conversation_id, ACTOR_SYSTEM, 0, NULL);
    event->message_id = known->id;
    event->channel_id = channel_id;
    event->occurred_at = arrival->occurred_at;
    return conversation_add_channel(arrival->db, known->conversation_id, channel_id, error) &&
           record_event(arrival->db, event, error);
}

// A copy in the Sent folder proves that a mail whose outcome was unknown has left.
static gboolean settle_unknown(Arrival *arrival, const KnownMessage *known, GError **error) {
    gboolean is_unknown = known->is_out && strcmp(known->state, "unknown") == 0;
    return !is_unknown || outbox_record_found(arrival->db, known->id, error);
}

// It was erased: what comes again is not kept either.
static gboolean forget_again(Arrival *arrival, GError **error) {
    const Blob *raw = arrival->delivery->raw_blob;
    g_autoptr(GBytes) name = raw != NULL ? g_bytes_new(blob_sha256(raw), SHA256_BYTES) : NULL;
    return db_run(arrival->db,
                  "UPDATE intake SET raw = NULL, raw_sha256 = NULL, envelope = NULL WHERE id = $1",
                  DB_VALUES(DB_ID(arrival->delivery->intake_id)), error) &&
           blob_release(arrival->db, name, FALSE, error);
}

gboolean arrival_find_known(Arrival *arrival, GError **error) {
    g_auto(KnownMessage) known = {0};
    const Incoming *incoming = arrival->incoming;
    const char *key = arrival->prepared->message_key;
    if (key == NULL)
        return TRUE;
    gboolean found;
    gboolean good =
        incoming->mail != NULL
            ? message_find_mail(arrival->db, key, arrival->prepared->content_sha256, &known, &found,
                                error)
            : message_find_by_key(arrival->db, arrival->channel->id, key, &known, &found, error);
    if (!good || !found)
        return good;
    arrival->is_done = TRUE;
    arrival->delivery->state = DELIVERY_DUPLICATE;
    arrival->delivery->message_id = known.id;
    arrival->delivery->conversation_id = known.conversation_id;
    if (known.is_erased)
        return forget_again(arrival, error);
    if (incoming->mail == NULL)
        return TRUE;
    return incoming->is_outbound ? settle_unknown(arrival, &known, error)
                                 : add_delivery(arrival, &known, error);
}

// The number at the end of a provider's id orders the parts of an album.
static gint64 part_number(const char *message_key) {
    const char *at = message_key + strlen(message_key);
    while (at > message_key && g_ascii_isdigit(at[-1]))
        at--;
    return (gint64)(g_ascii_strtoull(at, NULL, 10) % 1000000000);
}

static gboolean add_album_texts(Arrival *arrival, const KnownMessage *album, GError **error) {
    if (*arrival->incoming->text == '\0')
        return TRUE;
    gboolean comes_first =
        part_number(arrival->prepared->message_key) < part_number(album->message_key);
    return db_run(arrival->db,
                  comes_first ? "UPDATE message SET text = CASE WHEN text = '' THEN $2"
                                " ELSE $2 || '\n' || text END WHERE id = $1"
                              : "UPDATE message SET text = CASE WHEN text = '' THEN $2"
                                " ELSE text || '\n' || $2 END WHERE id = $1",
                  DB_VALUES(DB_ID(album->id), DB_TEXT(arrival->incoming->text)), error);
}

// The part with the lowest number names the message, whatever the order of arrival.
static gboolean name_album(Arrival *arrival, const KnownMessage *album, GError **error) {
    const char *key = arrival->prepared->message_key;
    Id channel_id = arrival->channel->id;
    if (part_number(key) > part_number(album->message_key))
        return message_add_alias(arrival->db, channel_id, key, album->id, error);
    return message_add_alias(arrival->db, channel_id, album->message_key, album->id, error) &&
           db_run(arrival->db, "UPDATE message SET message_key = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(album->id), DB_TEXT(key)), error);
}

// The part with the caption is the one that is found by words.
static gboolean index_album(Arrival *arrival, GError **error) {
    return *arrival->incoming->text == '\0' ||
           search_change(arrival->db, arrival->message_id, arrival->prepared->document, error);
}

gboolean arrival_join_album(Arrival *arrival, GError **error) {
    g_auto(KnownMessage) album = {0};
    const char *group_key = arrival->incoming->group_key;
    if (group_key == NULL || arrival->prepared->message_key == NULL)
        return TRUE;
    gboolean found;
    if (!message_find_by_group(arrival->db, arrival->channel->id, group_key, &album, &found, error))
        return FALSE;
    if (!found)
        return TRUE;
    arrival->is_done = TRUE;
    arrival->message_id = album.id;
    arrival->delivery->message_id = album.id;
    arrival->delivery->conversation_id = album.conversation_id;
    g_autoptr(Event) event =
        event_new(EVENT_EDITED, album.conversation_id, ACTOR_CUSTOMER, 0, NULL);
    event->message_id = album.id;
    event->channel_id = arrival->channel->id;
    return name_album(arrival, &album, error) && add_album_texts(arrival, &album, error) &&
           arrival_add_attachments(arrival, error) && index_album(arrival, error) &&
           arrival_apply_kept_happenings(arrival, error) && record_event(arrival->db, event, error);
}

static gint64 first_position(const Arrival *arrival) {
    if (arrival->incoming->group_key == NULL || arrival->prepared->message_key == NULL)
        return 0;
    return part_number(arrival->prepared->message_key) * ALBUM_STRIDE;
}

static gboolean add_attachment(Arrival *arrival, guint index, GError **error) {
    const Attachment *attachment = arrival->incoming->attachments->pdata[index];
    const Blob *blob = arrival->prepared->blobs->pdata[index];
    if (blob != NULL && !blob_add(arrival->db, blob, error))
        return FALSE;
    return attachment_add(arrival->db,
                          &(AttachmentRow){
                              .message_id = arrival->message_id,
                              .position = first_position(arrival) + index,
                              .name = attachment->name,
                              .type = attachment->type,
                              .size = attachment->bytes != NULL
                                          ? (gint64)g_bytes_get_size(attachment->bytes)
                                          : attachment->size,
                              .content_id = attachment->content_id,
                              .is_inline = attachment->is_inline,
                              .sha256 = blob != NULL ? blob_sha256(blob) : NULL,
                              .reference = attachment->reference,
                          },
                          error);
}

gboolean arrival_add_attachments(Arrival *arrival, GError **error) {
    for (guint index = 0; index < arrival->incoming->attachments->len; index++)
        if (!add_attachment(arrival, index, error))
            return FALSE;
    return TRUE;
}
