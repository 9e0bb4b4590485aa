#include <string.h>

#include "base/error.h"
#include "desk/reply_address.h"
#include "desk/reply_draft.h"
#include "desk/schedule.h"

#define TEXT_LIMIT ((gsize)1 << 20)
#define SUBJECT_LIMIT 1000
#define RECIPIENTS_MAX 100
#define ATTACHMENTS_MAX 100
#define ATTACHMENT_BYTES_MAX ((gsize)25 << 20)
#define UNDO_MAX_MS ((gint64)24 * 3600 * 1000)
#define KEY_LIMIT 200

static gboolean refuse(GError **error, const char *code, const char *sentence) {
    error_set(error, ERROR_INVALID, code, "%s", sentence);
    return FALSE;
}

static gboolean text_fits(const char *text) {
    return text == NULL || (strlen(text) <= TEXT_LIMIT && g_utf8_validate(text, -1, NULL));
}

static gboolean is_empty(const char *text) {
    for (; text != NULL && *text != '\0'; text++)
        if (!g_ascii_isspace(*text))
            return FALSE;
    return TRUE;
}

static gboolean has_control(const char *text) {
    for (; text != NULL && *text != '\0'; text++)
        if ((guchar)*text < 32 || *text == 127)
            return TRUE;
    return FALSE;
}

static gboolean check_parties(const GPtrArray *parties, GError **error) {
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        if (has_control(party->name))
            return refuse(error, "name_invalid", "a recipient's name bears control characters");
        if (!reply_address_check(party->address, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean check_attachments(const Reply *reply, GError **error) {
    gsize total = 0;
    for (guint at = 0; at < reply->attachments->len; at++)
        total += g_bytes_get_size(((const Attachment *)reply->attachments->pdata[at])->bytes);
    if (reply->attachments->len > ATTACHMENTS_MAX || total > ATTACHMENT_BYTES_MAX) {
        error_set(error, ERROR_TOO_LARGE, "attachments_too_large",
                  "at most 100 attachments of 25 MiB together can be sent");
        return FALSE;
    }
    return TRUE;
}

gboolean reply_check(const Reply *reply, GError **error) {
    if (is_empty(reply->text) && is_empty(reply->html) && reply->attachments->len == 0)
        return refuse(error, "text_missing", "a reply needs text, html or attachments");
    if (!text_fits(reply->text) || !text_fits(reply->html))
        return refuse(error, "text_too_long", "text and html are UTF-8 of at most 1 MiB");
    if (has_control(reply->subject) ||
        (reply->subject != NULL && strlen(reply->subject) > SUBJECT_LIMIT))
        return refuse(error, "subject_invalid",
                      "a subject is one line of at most 1000 bytes without control characters");
    if (reply->undo_ms < 0 || reply->undo_ms > UNDO_MAX_MS)
        return refuse(error, "undo_invalid", "undo_seconds goes from 0 to 86400");
    if (reply->send_at != INSTANT_NONE && !schedule_check(reply->send_at, clock_now(), error))
        return FALSE;
    if (reply->client_key != NULL &&
        (*reply->client_key == '\0' || strlen(reply->client_key) > KEY_LIMIT ||
         has_control(reply->client_key)))
        return refuse(error, "client_key_invalid", "client_key has 1 to 200 characters");
    if (reply->to->len + reply->cc->len + reply->bcc->len > RECIPIENTS_MAX)
        return refuse(error, "recipients_too_many", "a reply goes to at most 100 recipients");
    return check_attachments(reply, error);
}

gboolean reply_check_kind(const Reply *reply, GError **error) {
    const ReplyDraft *draft = reply->draft;
    guint abilities = draft->kind->abilities;
    if (reply->conversation_id == 0 && (abilities & ABILITY_BEGIN) == 0)
        return refuse(error, "channel_cannot_begin",
                      "on this channel only the customer can begin a conversation");
    if ((abilities & ABILITY_REPLY) == 0)
        return refuse(error, "channel_cannot_reply", "this channel takes no replies");
    if (reply->attachments->len > 0 && (abilities & ABILITY_ATTACH) == 0)
        return refuse(error, "channel_cannot_attach", "this channel takes no attachments");
    if (!draft->is_mail && reply->to->len + reply->cc->len + reply->bcc->len > 0)
        return refuse(error, "channel_has_no_recipients",
                      "on this channel a reply goes to the chat: leave out to, cc and bcc");
    if (draft->kind->reply_window_ms > 0 && draft->last_received_at != INSTANT_NONE &&
        clock_now() - draft->last_received_at > draft->kind->reply_window_ms)
        return refuse(error, "reply_window_closed",
                      "the time in which this channel lets us answer has passed");
    return !draft->is_mail || (check_parties(reply->to, error) && check_parties(reply->cc, error) &&
                               check_parties(reply->bcc, error));
}
