#include "desk/lmtp.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"

#define MEMORY_LIMIT (128u << 20)
#define CONNECTIONS 100
#define IDLE_MS 60000

struct Lmtp {
    ChannelDirectory *channels;
    MailIntake *intake;
    LmtpServer *server;
    GMutex mutex;
    GCond cond;
    guint mails; // taken and not answered
};

// One mail for one or several channels.
typedef struct {
    Lmtp *lmtp;
    const LmtpMail *mail;
    LmtpPending *pending;
    GPtrArray *parts; // of Part, one for each channel
    GArray *part_of;  // of guint: the part of each recipient
    gint unfinished;  // parts
} Transfer;

typedef struct {
    Transfer *transfer;
    Id channel_id;
    GPtrArray *recipients; // of borrowed char *, ends with NULL when complete
    Delivery *delivery;
    const char *reply;
} Part;

ChannelConfig *lmtp_find_channel(ChannelDirectory *channels, const char *address) {
    ChannelConfig *found = channel_directory_find_by_address(channels, "email", address);
    const char *plus = strchr(address, '+');
    const char *at = strrchr(address, '@');
    if (found != NULL || plus == NULL || at == NULL || plus > at)
        return found;
    g_autofree char *plain = g_strdup_printf("%.*s%s", (int)(plus - address), address, at);
    return channel_directory_find_by_address(channels, "email", plain);
}

const char *lmtp_reply(const Delivery *delivery, const GError *error) {
    if (error != NULL)
        return g_str_equal(error_code(error), "disk_full")
                   ? "452 4.3.1 the disk is full, come again"
                   : "451 4.3.0 cannot store it now, come again";
    if (delivery->state == DELIVERY_REFUSED)
        return "554 5.6.0 the mail is not taken";
    return delivery->state == DELIVERY_QUARANTINED ? "250 2.0.0 kept for inspection"
                                                   : "250 2.0.0 stored";
}

static gboolean is_plain(const char *text) {
    for (; *text != '\0'; text++)
        if ((guchar)*text < 0x20 || *text == 0x7f)
            return FALSE;
    return TRUE;
}

GBytes *lmtp_mail_with_envelope(GBytes *mail, const char *sender, const char *const *recipients) {
    gsize length = 0;
    const char *bytes = g_bytes_get_data(mail, &length);
    GString *text = g_string_sized_new(length + 200);
    if (sender != NULL && is_plain(sender))
        g_string_append_printf(text, "Return-Path: <%s>\r\n", sender);
    for (gsize at = 0; recipients[at] != NULL; at++)
        if (is_plain(recipients[at]))
            g_string_append_printf(text, "Delivered-To: %s\r\n", recipients[at]);
    g_string_append_len(text, bytes, (gssize)length);
    return g_string_free_to_bytes(text);
}

static void part_free(Part *part) {
    g_ptr_array_unref(part->recipients);
    delivery_free(part->delivery);
    g_free(part);
}

static void transfer_answer(Transfer *transfer) {
    Lmtp *lmtp = transfer->lmtp;
    g_autofree const char **replies = g_new0(const char *, transfer->part_of->len + 1);
    for (guint at = 0; at < transfer->part_of->len; at++) {
        const Part *part = transfer->parts->pdata[g_array_index(transfer->part_of, guint, at)];
        replies[at] = part->reply;
    }
    lmtp_pending_answer(transfer->pending, replies);
    g_ptr_array_unref(transfer->parts);
    g_array_unref(transfer->part_of);
    g_free(transfer);
    g_mutex_lock(&lmtp->mutex);
    lmtp->mails--;
    g_cond_broadcast(&lmtp->cond);
    g_mutex_unlock(&lmtp->mutex);
}

static void part_finish(Part *part, const GError *error) {
    Transfer *transfer = part->transfer;
    char text[ID_TEXT_SIZE];
    part->reply = lmtp_reply(part->delivery, error);
    if (error != NULL)
        log_error(error, "lmtp_failed", "channel", id_format(part->channel_id, text), NULL);
    if (g_atomic_int_dec_and_test(&transfer->unfinished))
        transfer_answer(transfer);
}

// A mail that the database refuses for itself, and would again, is kept in quarantine.
static void part_stored(gpointer data, Delivery *delivery, const GError *error) {
    Part *part = data;
    MailIntake *intake = part->transfer->lmtp->intake;
    if (error == NULL || error_can_retry(error) || delivery->failure != NULL) {
        part_finish(part, error);
        return;
    }
    delivery_quarantine(delivery, error->message);
    inbound_submit(store_writer(mail_intake_store(intake)), mail_intake_inbound(intake), delivery,
                   part_stored, part);
}

static void part_ready(gpointer data, Delivery *delivery, const GError *error) {
    Part *part = data;
    MailIntake *intake = part->transfer->lmtp->intake;
    if (error != NULL)
        part_finish(part, error);
    else
        inbound_submit(store_writer(mail_intake_store(intake)), mail_intake_inbound(intake),
                       delivery, part_stored, part);
}

static json_t *envelope_of(const LmtpMail *mail, const GPtrArray *recipients) {
    json_t *list = json_array();
    for (guint at = 0; at < recipients->len && recipients->pdata[at] != NULL; at++)
        json_array_append_new(list, json_string(recipients->pdata[at]));
    return json_pack("{s:s, s:o}", "sender", mail->sender, "recipients", list);
}

// The same bytes brought again, because our answer was lost, are a repetition: the key is their
// hash.
static void part_begin(Part *part) {
    const LmtpMail *mail = part->transfer->mail;
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, mail->bytes);
    g_autofree char *key = g_strconcat("lmtp;", hash, NULL);
    g_ptr_array_add(part->recipients, NULL);
    GBytes *raw = lmtp_mail_with_envelope(mail->bytes, mail->sender,
                                          (const char *const *)part->recipients->pdata);
    part->delivery = delivery_new(part->channel_id, "lmtp", key, raw);
    part->delivery->envelope = envelope_of(mail, part->recipients);
    mail_intake_read(part->transfer->lmtp->intake, part->delivery, FALSE, part_ready, part);
}

static guint part_for(Transfer *transfer, Id channel_id) {
    for (guint at = 0; at < transfer->parts->len; at++)
        if (((const Part *)transfer->parts->pdata[at])->channel_id == channel_id)
            return at;
    Part *part = g_new0(Part, 1);
    part->transfer = transfer;
    part->channel_id = channel_id;
    part->recipients = g_ptr_array_new();
    g_ptr_array_add(transfer->parts, part);
    return transfer->parts->len - 1;
}

static void take(const LmtpMail *mail, LmtpPending *pending, gpointer data) {
    Lmtp *lmtp = data;
    Transfer *transfer = g_new0(Transfer, 1);
    transfer->lmtp = lmtp;
    transfer->mail = mail;
    transfer->pending = pending;
    transfer->parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
    transfer->part_of = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint at = 0; at < mail->recipients->len; at++) {
        char *recipient = mail->recipients->pdata[at];
        g_autoptr(ChannelConfig) channel = lmtp_find_channel(lmtp->channels, recipient);
        // Removed since RCPT: channel 0 is not found by inbound, and the sender comes again.
        guint place = part_for(transfer, channel != NULL ? channel->id : 0);
        g_ptr_array_add(((Part *)transfer->parts->pdata[place])->recipients, recipient);
        g_array_append_val(transfer->part_of, place);
    }
    transfer->unfinished = (gint)transfer->parts->len;
    g_mutex_lock(&lmtp->mutex);
    lmtp->mails++;
    g_mutex_unlock(&lmtp->mutex);
    guint count = transfer->parts->len;
    for (guint at = 0; at < count; at++) {
        Part *part = transfer->parts->pdata[at]; // the last one may free the transfer
        part_begin(part);
    }
}

static gboolean knows(const char *address, gpointer data) {
    const Lmtp *lmtp = data;
    g_autoptr(ChannelConfig) channel = lmtp_find_channel(lmtp->channels, address);
    return channel != NULL;
}

Lmtp *lmtp_new(const char *listen, gint64 mail_limit, ChannelDirectory *channels,
               MailIntake *intake, GError **error) {
    Lmtp *lmtp = g_new0(Lmtp, 1);
    lmtp->channels = channels;
    lmtp->intake = intake;
    g_mutex_init(&lmtp->mutex);
    g_cond_init(&lmtp->cond);
    LmtpServerOptions options = {
        .listen = listen,
        .mail_limit = (gsize)mail_limit,
        .memory_limit = MAX(MEMORY_LIMIT, 2 * (gsize)mail_limit),
        .connections = CONNECTIONS,
        .idle_ms = IDLE_MS,
        .knows = knows,
        .take = take,
        .data = lmtp,
    };
    lmtp->server = lmtp_server_new(&options, error);
    if (lmtp->server == NULL)
        g_clear_pointer(&lmtp, lmtp_free);
    return lmtp;
}

void lmtp_free(Lmtp *lmtp) {
    if (lmtp == NULL)
        return;
    lmtp_server_free(lmtp->server);
    g_mutex_lock(&lmtp->mutex);
    while (lmtp->mails > 0)
        g_cond_wait(&lmtp->cond, &lmtp->mutex);
    g_mutex_unlock(&lmtp->mutex);
    g_mutex_clear(&lmtp->mutex);
    g_cond_clear(&lmtp->cond);
    g_free(lmtp);
}

guint16 lmtp_port(const Lmtp *lmtp) {
    return lmtp_server_port(lmtp->server);
}
