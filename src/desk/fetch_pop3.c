#include "desk/fetch_pop3.h"

#include "base/error.h"
#include "desk/mail_pipe.h"
#include "net/pop3.h"
#include "store/mailbox.h"

static char *key_of(const Pop3Mail *mail) {
    return g_strconcat("pop3;", mail->uidl, NULL);
}

// Of the server's mails those that we do not hold. Owned list of borrowed Pop3Mail.
static GPtrArray *list_new(const FetchPop3 *job, const GPtrArray *mails, GError **error) {
    Store *store = mail_intake_store(job->intake);
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return NULL;
    g_autoptr(GPtrArray) fresh = g_ptr_array_new();
    gboolean is_good = TRUE;
    for (guint at = 0; is_good && at < mails->len; at++) {
        g_autofree char *key = key_of(mails->pdata[at]);
        gboolean is_held = FALSE;
        is_good = mailbox_holds_key(db, job->channel_id, key, &is_held, error);
        if (is_good && !is_held)
            g_ptr_array_add(fresh, mails->pdata[at]);
    }
    store_reader_give(store, db);
    return is_good ? g_steal_pointer(&fresh) : NULL;
}

static Delivery *fetch_one(const FetchPop3 *job, Pop3Session *session, const Pop3Mail *mail,
                           GError **error) {
    g_autofree char *key = key_of(mail);
    if (mail->size > job->mail_limit || mail->size == 0) {
        Delivery *delivery = delivery_new(job->channel_id, "pop3", key, NULL);
        delivery_refuse(delivery, mail->size == 0 ? "the server gives no text for it"
                                                  : "too large: open it in the mailbox");
        return delivery;
    }
    GBytes *raw = pop3_session_fetch(session, mail, 2 * (gsize)job->mail_limit, error);
    return raw == NULL ? NULL : delivery_new(job->channel_id, "pop3", key, raw);
}

static gboolean fetch_all(const FetchPop3 *job, Pop3Session *session, const GPtrArray *fresh,
                          guint64 *fetched, GError **error) {
    MailPipePlace place = {.channel_id = job->channel_id, .is_careful = job->is_careful};
    g_autoptr(MailPipe) pipe = mail_pipe_new(job->intake, &place);
    for (guint at = 0; at < fresh->len; at++) {
        if (job->stopping != NULL && g_atomic_int_get(job->stopping) != 0) {
            error_set(error, ERROR_UNAVAILABLE, "stopping", "dialogd is stopping.");
            return FALSE;
        }
        Delivery *delivery = fetch_one(job, session, fresh->pdata[at], error);
        if (delivery == NULL || !mail_pipe_push(pipe, delivery, error))
            return FALSE;
        ++*fetched;
    }
    return mail_pipe_finish(pipe, NULL, error);
}

// Everything that is held here, but for what was refused.
static gboolean delete_held(const FetchPop3 *job, Pop3Session *session, const GPtrArray *mails,
                            GError **error) {
    for (guint at = 0; at < mails->len; at++) {
        const Pop3Mail *mail = mails->pdata[at];
        if (mail->size <= job->mail_limit && mail->size > 0 &&
            !pop3_session_delete(session, mail, error))
            return FALSE;
    }
    return TRUE;
}

gboolean fetch_pop3(const FetchPop3 *job, guint64 *fetched, GError **error) {
    g_autoptr(Pop3Session) session = pop3_session_open(job->account, error);
    if (session == NULL)
        return FALSE;
    const GPtrArray *mails = pop3_session_mails(session);
    g_autoptr(GPtrArray) fresh = list_new(job, mails, error);
    return fresh != NULL && fetch_all(job, session, fresh, fetched, error) &&
           (!job->deletes || delete_held(job, session, mails, error));
}
