#include "desk/fetch_folder.h"

#include "base/error.h"
#include "desk/mail_pipe.h"
#include "net/imap_fetch.h"

#define WINDOW 1000 // UIDs whose sizes are asked for at once

typedef struct {
    const FetchFolder *job;
    ImapFolder server;
    MailPipe *pipe;
    guint64 fetched;
} Fetching;

static gboolean is_stopping(const FetchFolder *job, GError **error) {
    if (job->stopping == NULL || g_atomic_int_get(job->stopping) == 0)
        return FALSE;
    error_set(error, ERROR_UNAVAILABLE, "stopping", "dialogd is stopping.");
    return TRUE;
}

static Delivery *delivery_of(const Fetching *fetching, guint32 uid, GBytes *raw) {
    const FetchFolder *job = fetching->job;
    g_autofree char *key = g_strdup_printf("imap;%s;%" G_GINT64_FORMAT ";%u", job->folder,
                                           fetching->server.uid_validity, uid);
    Delivery *delivery = delivery_new(job->channel_id, "imap", key, raw);
    delivery->place.folder = g_strdup(job->folder);
    delivery->place.uid_validity = fetching->server.uid_validity;
    delivery->place.uid = uid;
    return delivery;
}

static gboolean push_refused(Fetching *fetching, guint32 uid, const char *why, GError **error) {
    Delivery *delivery = delivery_of(fetching, uid, NULL);
    delivery_refuse(delivery, why);
    return mail_pipe_push(fetching->pipe, delivery, error);
}

static gboolean push_too_large(Fetching *fetching, ImapSize mail, GError **error) {
    g_autofree char *why = g_strdup_printf(
        "too large (%" G_GINT64_FORMAT " bytes): open it in the mailbox", mail.size);
    return push_refused(fetching, mail.uid, why, error);
}

static gboolean take_mail(const ImapMail *mail, gpointer data, GError **error) {
    Fetching *fetching = data;
    if (is_stopping(fetching->job, error))
        return FALSE;
    if (mail->bytes == NULL || g_bytes_get_size(mail->bytes) == 0)
        return push_refused(fetching, mail->uid, "the server gives no text for it", error);
    Delivery *delivery = delivery_of(fetching, mail->uid, g_bytes_ref(mail->bytes));
    delivery->occurred_at = mail->arrived_at;
    fetching->fetched++;
    return mail_pipe_push(fetching->pipe, delivery, error);
}

// Those of a window that are not too large; the others are refused. In the order of their UIDs as
// far as the cursor's sake goes: it moves by the highest UID of a batch, and the ledger mends gaps.
static GArray *choose(Fetching *fetching, const GArray *sizes, GError **error) {
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(ImapSize));
    for (guint at = 0; at < sizes->len; at++) {
        ImapSize mail = g_array_index(sizes, ImapSize, at);
        if (mail.size <= fetching->job->mail_limit)
            g_array_append_val(wanted, mail);
        else if (!push_too_large(fetching, mail, error))
            return NULL;
    }
    return g_steal_pointer(&wanted);
}

static gboolean fetch_window(Fetching *fetching, const guint32 *uids, gsize count, GError **error) {
    ImapSession *session = fetching->job->session;
    g_autoptr(GArray) sizes = imap_session_list_sizes(session, uids, count, error);
    g_autoptr(GArray) wanted = sizes == NULL ? NULL : choose(fetching, sizes, error);
    if (wanted == NULL)
        return FALSE;
    ImapSize culprit = {0, 0};
    GError *failure = NULL;
    if (imap_session_fetch(session, wanted, NULL, take_mail, fetching, &culprit, &failure))
        return TRUE;
    if (culprit.uid != 0)
        push_too_large(fetching, culprit, NULL);
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean fetch_uids(Fetching *fetching, const GArray *uids, GError **error) {
    for (guint at = 0; at < uids->len; at += WINDOW) {
        gsize count = MIN(WINDOW, uids->len - at);
        if (is_stopping(fetching->job, error) ||
            !fetch_window(fetching, &g_array_index(uids, guint32, at), count, error))
            return FALSE;
    }
    return TRUE;
}

// Fetches them and waits until all is committed; what came before a failure is kept.
static gboolean fetch_through_pipe(Fetching *fetching, const GArray *uids, gint64 last_uid,
                                   gboolean moves, GError **error) {
    const FetchFolder *job = fetching->job;
    if (uids->len == 0)
        return TRUE;
    MailPipePlace place = {
        .channel_id = job->channel_id,
        .folder = moves ? job->folder : NULL,
        .uid_validity = fetching->server.uid_validity,
        .last_uid = last_uid,
        .is_outbound = job->is_outbound,
        .is_careful = job->is_careful,
    };
    g_autoptr(MailPipe) pipe = mail_pipe_new(job->intake, &place);
    fetching->pipe = pipe;
    GError *failure = NULL;
    gboolean is_fetched = fetch_uids(fetching, uids, &failure);
    gboolean is_stored = mail_pipe_finish(pipe, NULL, is_fetched ? error : NULL);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return is_fetched && is_stored;
}

typedef struct {
    const FetchFolder *job;
    gint64 uid_validity;
    LedgerCounts ledger;
} PlaceJob;

static gboolean begin_run(Db *db, gpointer data, GError **error) {
    const PlaceJob *place = data;
    return mailbox_begin(db, place->job->channel_id, place->job->folder, place->uid_validity,
                         error);
}

static gboolean counts_run(Db *db, gpointer data, GError **error) {
    const PlaceJob *place = data;
    json_t *json = ledger_counts_to_json(&place->ledger);
    g_autofree char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return mailbox_set_counts(db, place->job->channel_id, place->job->folder, place->ledger.server,
                              text, clock_now(), error);
}

static Mailbox *read_mailbox(const FetchFolder *job, GError **error) {
    Store *store = mail_intake_store(job->intake);
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return NULL;
    Mailbox *mailbox = mailbox_read(db, job->channel_id, job->folder, error);
    store_reader_give(store, db);
    return mailbox;
}

static GArray *read_rows(const Fetching *fetching, GError **error) {
    Store *store = mail_intake_store(fetching->job->intake);
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return NULL;
    GArray *rows = mailbox_list_uids(db, fetching->job->channel_id, fetching->job->folder,
                                     fetching->server.uid_validity, error);
    store_reader_give(store, db);
    return rows;
}

static gboolean compare(const Fetching *fetching, const GArray *server, LedgerCounts *counts,
                        GArray *missing, GError **error) {
    g_autoptr(GArray) rows = read_rows(fetching, error);
    if (rows == NULL)
        return FALSE;
    *counts = ledger_compare(server, rows, missing);
    return TRUE;
}

static gboolean look(Fetching *fetching, LedgerCounts *counts, GError **error) {
    const FetchFolder *job = fetching->job;
    g_autoptr(GArray) missing = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) server = imap_session_list_uids(job->session, 1, error);
    if (server == NULL || !compare(fetching, server, counts, missing, error))
        return FALSE;
    if (missing->len > 0 && (!fetch_through_pipe(fetching, missing, 0, FALSE, error) ||
                             !compare(fetching, server, counts, NULL, error)))
        return FALSE;
    PlaceJob place = {job, fetching->server.uid_validity, *counts};
    return writer_run(store_writer(mail_intake_store(job->intake)), counts_run, &place, error);
}

// A folder that is new, or whose UIDs mean other mails now, begins before its first UID. Mails that
// are known are told by Message-ID and hash and become duplicates.
static gboolean begin_if_new(Fetching *fetching, Mailbox *mailbox, FetchFolderResult *result,
                             GError **error) {
    const FetchFolder *job = fetching->job;
    gint64 validity = fetching->server.uid_validity;
    if (mailbox->uid_validity == validity)
        return TRUE;
    result->was_changed = mailbox->uid_validity != 0;
    mailbox->last_uid = 0;
    PlaceJob place = {.job = job, .uid_validity = validity};
    return writer_run(store_writer(mail_intake_store(job->intake)), begin_run, &place, error);
}

static gboolean fetch_new(Fetching *fetching, const Mailbox *mailbox, GError **error) {
    const ImapFolder *server = &fetching->server;
    gboolean has_new = server->exists > 0 &&
                       (server->uid_next == 0 || server->uid_next > mailbox->last_uid + 1) &&
                       mailbox->last_uid < G_MAXUINT32;
    if (!has_new)
        return TRUE;
    g_autoptr(GArray) uids =
        imap_session_list_uids(fetching->job->session, (guint32)(mailbox->last_uid + 1), error);
    return uids != NULL && fetch_through_pipe(fetching, uids, mailbox->last_uid, TRUE, error);
}

gboolean fetch_folder(const FetchFolder *job, FetchFolderResult *result, GError **error) {
    Fetching fetching = {.job = job};
    *result = (FetchFolderResult){0};
    if (!imap_session_select(job->session, job->folder, FALSE, &fetching.server, error))
        return FALSE;
    g_autoptr(Mailbox) mailbox = read_mailbox(job, error);
    gboolean is_good = mailbox != NULL && begin_if_new(&fetching, mailbox, result, error) &&
                       fetch_new(&fetching, mailbox, error) &&
                       (!job->looks || look(&fetching, &result->ledger, error));
    result->fetched = fetching.fetched;
    return is_good;
}
