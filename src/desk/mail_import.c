#include "desk/mail_import.h"

#include "base/error.h"
#include "desk/import_batch.h"
#include "desk/lmtp.h"

static char *key_of(const char *source, GBytes *bytes) {
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    return g_strconcat(source, ";", hash, NULL);
}

static gboolean import_all(MailIntake *intake, const MailPipePlace *place, const GPtrArray *mails,
                           MailPipeCounts *counts, GError **error) {
    g_autoptr(MailPipe) pipe = mail_pipe_new(intake, place);
    for (guint at = 0; at < mails->len; at++) {
        const ImportMail *mail = mails->pdata[at];
        g_autofree char *key = key_of("import", mail->bytes);
        Delivery *delivery =
            delivery_new(place->channel_id, "import", key, g_bytes_ref(mail->bytes));
        delivery->occurred_at = mail->arrived_at;
        if (!mail_pipe_push(pipe, delivery, error))
            return FALSE;
    }
    return mail_pipe_finish(pipe, counts, error);
}

gboolean mail_import(MailIntake *intake, Id channel_id, const GPtrArray *mails,
                     gboolean is_outbound, MailPipeCounts *counts, GError **error) {
    MailPipePlace place = {.channel_id = channel_id, .is_outbound = is_outbound};
    g_autoptr(GError) failure = NULL;
    if (import_all(intake, &place, mails, counts, &failure))
        return TRUE;
    if (error_can_retry(failure) || error_kind(failure) == ERROR_NOT_FOUND) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    place.is_careful = TRUE; // one of them the database refuses: find it, and keep it apart
    return import_all(intake, &place, mails, counts, error);
}

static ChannelConfig *find_channel(ChannelDirectory *channels, const MailEnvelope *envelope,
                                   GError **error) {
    g_autoptr(ChannelConfig) channel =
        envelope->channel_id != 0     ? channel_directory_find(channels, envelope->channel_id)
        : envelope->recipient != NULL ? lmtp_find_channel(channels, envelope->recipient)
                                      : NULL;
    if (channel != NULL && g_str_equal(channel->kind, "email"))
        return g_steal_pointer(&channel);
    error_set(error, ERROR_NOT_FOUND, "channel_unknown", "No email channel has this %s.",
              envelope->channel_id != 0 ? "id" : "address");
    return NULL;
}

Delivery *mail_deliver(MailIntake *intake, ChannelDirectory *channels, GBytes *mail,
                       const MailEnvelope *envelope, GError **error) {
    g_autoptr(ChannelConfig) channel = find_channel(channels, envelope, error);
    if (channel == NULL)
        return NULL;
    const char *const recipients[] = {envelope->recipient, NULL};
    g_autofree char *key = key_of("deliver", mail);
    GBytes *raw = lmtp_mail_with_envelope(mail, envelope->sender, recipients);
    g_autoptr(Delivery) delivery = delivery_new(channel->id, "deliver", key, raw);
    if (!mail_intake_store_wait(intake, delivery, FALSE, error))
        return NULL;
    return g_steal_pointer(&delivery);
}
