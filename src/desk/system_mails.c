#include "desk/system_mails.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "desk/outbox_state.h"
#include "desk/smtp_settings.h"
#include "desk/system_mail_text.h"
#include "mime/mail_encode.h"
#include "store/system_mail.h"

#define LOOK_US G_USEC_PER_SEC
#define LEASE_MS ((gint64)10 * 60 * 1000)
#define SMTP_STEP_MS 60000

struct SystemMails {
    const OutboxContext *context;
    const char *public_url;
    GThread *thread;
    GMutex mutex;
    GCond cond;
    gboolean is_ending;
};

// Where the link of a purpose leads. The token stands behind #, which no server, log or Referer
// ever sees (reliability.md A12).
static const struct {
    const char *purpose;
    const char *path;
} links[] = {{"invitation", "/app/accept-invitation#"}, {"reset", "/app/reset-password#"}};

static char *owner_of(Id mail_id) {
    char id[ID_TEXT_SIZE];
    return g_strconcat("system_mail/", id_format(mail_id, id), "/secret", NULL);
}

gboolean system_mails_queue(Db *db, const SecretKey *key, Id agent_id, const char *purpose,
                            const char *token, Instant expires_at, GError **error) {
    Id id = id_next();
    g_autofree char *owner = owner_of(id);
    g_autoptr(GBytes) plain = token != NULL ? g_bytes_new(token, strlen(token)) : NULL;
    g_autoptr(GBytes) sealed = plain != NULL ? secret_seal(key, owner, plain) : NULL;
    return system_mail_add(db, id, agent_id, purpose, sealed, clock_now(), expires_at, error);
}

static gboolean make_link(SystemMails *mails, const SystemMail *mail, char **link, GError **error) {
    *link = NULL;
    if (mail->secret == NULL)
        return TRUE;
    if (mails->public_url[0] == '\0') {
        error_set(error, ERROR_INVALID, "public_url_missing",
                  "set public_url in the configuration: links in mails need it");
        return FALSE;
    }
    g_autofree char *owner = owner_of(mail->id);
    g_autoptr(GBytes) token =
        secret_open(store_key(mails->context->store), owner, mail->secret, error);
    if (token == NULL)
        return FALSE;
    gsize length;
    const char *text = g_bytes_get_data(token, &length);
    for (gsize at = 0; at < G_N_ELEMENTS(links); at++)
        if (strcmp(links[at].purpose, mail->purpose) == 0)
            *link =
                g_strdup_printf("%s%s%.*s", mails->public_url, links[at].path, (int)length, text);
    return TRUE;
}

static ChannelConfig *find_channel(SystemMails *mails, GError **error) {
    Id id = 0;
    ChannelDirectory *channels = mails->context->channels;
    Db *db = store_reader_take(mails->context->store, error);
    gboolean is_read = db != NULL && system_mail_channel(db, &id, error);
    if (db != NULL)
        store_reader_give(mails->context->store, db);
    if (!is_read)
        return NULL;
    if (id != 0)
        return channel_directory_find(channels, id);
    g_autoptr(GPtrArray) all = channel_directory_list(channels, "email");
    for (guint at = 0; at < all->len; at++) {
        ChannelConfig *channel = all->pdata[at];
        if (channel->state == CHANNEL_ACTIVE && channel->address[0] != '\0')
            return channel_config_ref(channel);
    }
    return NULL;
}

static Outgoing *compose(const SystemMail *mail, const ChannelConfig *channel, const char *link) {
    const char *at = strrchr(channel->address, '@');
    Outgoing *outgoing = outgoing_new();
    outgoing->mail_message_id = g_strdup_printf("system.%" G_GINT64_FORMAT "@%s", mail->id,
                                                at != NULL ? at + 1 : "localhost");
    outgoing->from = party_new(channel->address, channel->name);
    g_ptr_array_add(outgoing->to, party_new(mail->email, mail->name));
    outgoing->is_automatic = TRUE;
    outgoing->date = id_instant(mail->id);
    if (!system_mail_text(mail->purpose, mail->language, mail->name, link, &outgoing->subject,
                          &outgoing->text))
        g_error("system_mail has the unknown purpose %s", mail->purpose);
    return outgoing;
}

static gboolean hand_over(SystemMails *mails, const SystemMail *mail, SmtpSettings *settings,
                          GBytes *bytes, GError **error) {
    char *recipients[] = {mail->email, NULL};
    SmtpAccount account = settings->account;
    account.allow_private = mails->context->fetch.allow_private;
    account.timeout_ms = SMTP_STEP_MS;
    if (account.ca_file == NULL)
        account.ca_file = mails->context->ca_file;
    SmtpEnvelope envelope = {.sender = settings->channel->address, .recipients = recipients};
    g_autoptr(SmtpReport) report = smtp_send(&account, &envelope, bytes);
    const SmtpResult *result = report->results->pdata[0];
    if (result->state == RECEIPT_SENT)
        return TRUE;
    error_set(error, result->state == RECEIPT_RETRY ? ERROR_UPSTREAM : ERROR_INVALID,
              "mail_not_sent", "the mail server answered: %.200s", result->response);
    return FALSE;
}

static gboolean send_one(SystemMails *mails, const SystemMail *mail, GError **error) {
    g_autofree char *link = NULL;
    if (!make_link(mails, mail, &link, error))
        return FALSE;
    g_autoptr(ChannelConfig) channel = find_channel(mails, error);
    if (channel == NULL) {
        if (error != NULL && *error == NULL)
            error_set(error, ERROR_UNAVAILABLE, "mail_channel_missing",
                      "there is no active email channel to send it through");
        return FALSE;
    }
    g_autoptr(Outgoing) outgoing = compose(mail, channel, link);
    g_autoptr(GBytes) bytes = mail_encode(outgoing, mails->context->loop_id, error);
    g_autoptr(SmtpSettings) settings = bytes != NULL ? smtp_settings_read(channel, error) : NULL;
    return settings != NULL && smtp_settings_sign_in(settings, error) &&
           hand_over(mails, mail, settings, bytes, error);
}

typedef struct {
    SystemMail *mail;
    const char *reason;
    Instant not_before;
} MailJob;

static gboolean claim(Db *db, gpointer data, GError **error) {
    MailJob *job = data;
    g_clear_pointer(&job->mail, system_mail_free);
    return system_mail_claim(db, clock_now(), LEASE_MS, &job->mail, error);
}

static gboolean settle(Db *db, gpointer data, GError **error) {
    const MailJob *job = data;
    return system_mail_settle(db, job->mail->id, job->reason, job->not_before, clock_now(), error);
}

// What the settings or the network are to blame for may be mended while the mail is of use.
static void record(SystemMails *mails, MailJob *job, const GError *failure) {
    g_autoptr(GError) error = NULL;
    char id[ID_TEXT_SIZE];
    job->reason = failure != NULL ? failure->message : NULL;
    gboolean is_refused = failure != NULL && strcmp(error_code(failure), "mail_not_sent") == 0 &&
                          error_kind(failure) == ERROR_INVALID;
    job->not_before =
        failure != NULL && !is_refused
            ? clock_now() + outbox_retry_delay_ms(job->mail->attempts + 1, g_random_double())
            : INSTANT_NONE;
    if (failure != NULL)
        log_error(failure, "system_mail_unsent", "mail", id_format(job->mail->id, id), "purpose",
                  job->mail->purpose, NULL);
    if (!writer_run(store_writer(mails->context->store), settle, job, &error))
        log_error(error, "system_mail_unsettled", NULL);
}

// Asked without the writer first: mostly there is nothing.
static gboolean is_due(SystemMails *mails) {
    gint64 one = 0;
    gboolean found = FALSE;
    Db *db = store_reader_take(mails->context->store, NULL);
    if (db == NULL)
        return FALSE;
    db_query_int(db,
                 "SELECT 1 FROM system_mail WHERE state = 'queued' AND not_before <= $1 LIMIT 1",
                 DB_VALUES(DB_INSTANT(clock_now())), &one, &found, NULL);
    store_reader_give(mails->context->store, db);
    return found;
}

static gboolean look(SystemMails *mails) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) failure = NULL;
    MailJob job = {0};
    if (!is_due(mails))
        return FALSE;
    if (!writer_run(store_writer(mails->context->store), claim, &job, &error))
        log_error(error, "system_mail_unclaimed", NULL);
    if (job.mail == NULL)
        return FALSE;
    send_one(mails, job.mail, &failure);
    record(mails, &job, failure);
    system_mail_free(job.mail);
    return TRUE;
}

static gboolean wait_a_little(SystemMails *mails) {
    gint64 until = g_get_monotonic_time() + LOOK_US;
    g_mutex_lock(&mails->mutex);
    while (!mails->is_ending && g_cond_wait_until(&mails->cond, &mails->mutex, until))
        continue;
    gboolean goes_on = !mails->is_ending;
    g_mutex_unlock(&mails->mutex);
    return goes_on;
}

static gpointer run(gpointer data) {
    while (wait_a_little(data))
        while (look(data) && !g_atomic_int_get(&((SystemMails *)data)->is_ending))
            continue;
    return NULL;
}

SystemMails *system_mails_new(const OutboxContext *context, const char *public_url) {
    SystemMails *mails = g_new0(SystemMails, 1);
    mails->context = context;
    mails->public_url = public_url;
    g_mutex_init(&mails->mutex);
    g_cond_init(&mails->cond);
    mails->thread = g_thread_new("system mails", run, mails);
    return mails;
}

void system_mails_free(SystemMails *mails) {
    if (mails == NULL)
        return;
    g_mutex_lock(&mails->mutex);
    g_atomic_int_set(&mails->is_ending, TRUE);
    g_cond_signal(&mails->cond);
    g_mutex_unlock(&mails->mutex);
    g_thread_join(mails->thread);
    g_mutex_clear(&mails->mutex);
    g_cond_clear(&mails->cond);
    g_free(mails);
}
