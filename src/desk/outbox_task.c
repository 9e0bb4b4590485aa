#include "desk/outbox_task.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "channels/registry.h"
#include "desk/outgoing_build.h"
#include "desk/provider_call.h"
#include "desk/sent_folder.h"
#include "mime/mail_encode.h"

#define LEASE_SENDING_MS ((gint64)45 * 60 * 1000) // longer than any session may take
#define SETTLE_TRIES 40
#define SETTLE_PAUSE_MS 500

OutboxTask *outbox_task_new(OutboxContext *context, GPtrArray *rows) {
    OutboxTask *task = g_new0(OutboxTask, 1);
    const OutboxRow *row = rows->pdata[0];
    task->context = context;
    task->rows = rows;
    task->receipts = g_new0(Receipt, rows->len);
    task->channel = channel_directory_find(context->channels, row->channel_id);
    task->kind = task->channel != NULL ? registry_find(task->channel->kind) : NULL;
    return task;
}

void outbox_task_free(OutboxTask *task) {
    for (guint at = 0; at < task->rows->len; at++)
        receipt_clear(&task->receipts[at]);
    g_free(task->receipts);
    g_ptr_array_unref(task->rows);
    g_clear_pointer(&task->channel, channel_config_unref);
    outgoing_free(task->outgoing);
    g_clear_pointer(&task->mail, g_bytes_unref);
    g_free(task);
}

static const OutboxRow *task_row(const OutboxTask *task) {
    return task->rows->pdata[0];
}

static void answer_all(OutboxTask *task, ReceiptState state, const char *reason) {
    for (guint at = 0; at < task->rows->len; at++) {
        receipt_clear(&task->receipts[at]);
        task->receipts[at] =
            (Receipt){.state = state, .reason = g_strdup(reason), .retry_after_ms = -1};
    }
    task->is_answered = TRUE;
}

// Nothing has left: what can pass is tried again, the rest is refused with its sentence.
static void answer_error(OutboxTask *task, const GError *error) {
    gboolean is_final = error_kind(error) == ERROR_INVALID || error_kind(error) == ERROR_NOT_FOUND;
    answer_all(task, is_final ? RECEIPT_REFUSED : RECEIPT_RETRY, error->message);
}

static gboolean load(OutboxTask *task, GError **error) {
    Store *store = task->context->store;
    if (task->kind == NULL) {
        error_set(error, ERROR_INVALID, "channel_gone", "the channel was removed");
        return FALSE;
    }
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return FALSE;
    task->outgoing = outgoing_load(store, db, task->kind, task_row(task)->message_id, error);
    store_reader_give(store, db);
    return task->outgoing != NULL;
}

// The request of this part.
static HttpRequest *encode_part(OutboxTask *task, GError **error) {
    gint64 part = task_row(task)->part;
    if (task->kind->encode == NULL) {
        error_set(error, ERROR_INVALID, "channel_cannot_reply", "this channel takes no replies");
        return NULL;
    }
    g_autoptr(GPtrArray) requests =
        task->kind->encode(task->outgoing, task->channel, clock_now(), error);
    if (requests == NULL)
        return NULL;
    if (part < 0 || part >= (gint64)requests->len) {
        error_set(error, ERROR_INVALID, "part_missing", "the message has no such part any more");
        return NULL;
    }
    return g_steal_pointer(&requests->pdata[part]);
}

static gboolean begin_rows(Db *db, gpointer data, GError **error) {
    const OutboxTask *task = data;
    Instant now = clock_now();
    for (guint at = 0; at < task->rows->len; at++) {
        const OutboxRow *row = task->rows->pdata[at];
        gboolean moved;
        if (!outbox_begin(db, row->id, row->epoch, now, now + LEASE_SENDING_MS, &moved, error))
            return FALSE;
        if (!moved) { // given up meanwhile: all of the attempt is
            error_set(error, ERROR_CONFLICT, "claim_lost", "the attempt was given up");
            return FALSE;
        }
    }
    return outbox_project(db, task_row(task)->message_id, error);
}

// Commits sending. FALSE when the attempt must not go on; its leases end by themselves.
static gboolean begin(OutboxTask *task) {
    g_autoptr(GError) error = NULL;
    if (writer_run(store_writer(task->context->store), begin_rows, task, &error))
        return TRUE;
    log_error(error, "send_not_begun", NULL);
    return FALSE;
}

static gboolean settle_rows(Db *db, gpointer data, GError **error) {
    OutboxTask *task = data;
    Instant now = clock_now();
    for (guint at = 0; at < task->rows->len; at++)
        if (!outbox_record_receipt(db, task->rows->pdata[at], &task->receipts[at], now, error))
            return FALSE;
    return TRUE;
}

static void log_outcome(const OutboxTask *task) {
    static const char *const words[] = {"sent", "retry", "refused", "unknown"};
    char message[ID_TEXT_SIZE], channel[ID_TEXT_SIZE];
    const Receipt *receipt = &task->receipts[0];
    id_format(task_row(task)->message_id, message);
    id_format(task_row(task)->channel_id, channel);
    log_event(receipt->state == RECEIPT_SENT ? LOG_DEBUG : LOG_WARNING, "send_settled", "message",
              message, "channel", channel, "outcome", words[receipt->state], NULL);
}

// What was sent must be recorded: a full disk may have room again. If it never has, the lease ends
// and the rows become unknown.
static void settle(OutboxTask *task) {
    log_outcome(task);
    for (guint try = 0; try < SETTLE_TRIES; try++) {
        g_autoptr(GError) error = NULL;
        if (writer_run(store_writer(task->context->store), settle_rows, task, &error))
            return;
        if (try == 0)
            log_error(error, "send_not_recorded", NULL);
        if (!error_can_retry(error) || g_atomic_int_get(&task->context->is_stopping))
            return;
        g_usleep(SETTLE_PAUSE_MS * 1000);
    }
}

gboolean outbox_task_is_mail(const OutboxTask *task) {
    return task->kind != NULL && strcmp(task->kind->name, "email") == 0;
}

static void finish(OutboxTask *task) {
    settle(task);
    gboolean was_sent = FALSE;
    for (guint at = 0; at < task->rows->len; at++)
        was_sent = was_sent || task->receipts[at].state == RECEIPT_SENT;
    if (was_sent && task->mail != NULL && task_row(task)->attempts == 1)
        sent_folder_copy(task->channel, &task->context->fetch, task->outgoing->mail_message_id,
                         task->mail);
    task->context->finished(task, task->context->data);
}

// On the HTTP client's thread: recording waits for the writer, so a thread of the pool does it.
static void take_answer(HttpAnswer *answer, gpointer data) {
    OutboxTask *task = data;
    task->kind->interpret(answer, &task->receipts[0]);
    task->is_answered = TRUE;
    http_answer_free(answer);
    g_thread_pool_push(task->context->request_pool, task, NULL);
}

static void send_request(OutboxTask *task) {
    g_autoptr(GError) error = NULL;
    HttpRequest *request = encode_part(task, &error);
    if (request == NULL) {
        answer_error(task, error);
        finish(task);
        return;
    }
    if (!begin(task)) {
        http_request_free(request);
        task->context->finished(task, task->context->data);
        return;
    }
    HttpPolicy policy = provider_policy(request, 0);
    http_client_send(task->context->http, request, &policy, take_answer, task);
}

static void send_mail(OutboxTask *task) {
    g_autoptr(GError) error = NULL;
    task->mail = mail_encode(task->outgoing, task->context->loop_id, &error);
    if (task->mail == NULL) {
        answer_error(task, error);
        finish(task);
        return;
    }
    if (!begin(task)) {
        task->context->finished(task, task->context->data);
        return;
    }
    outbox_mail_send(task);
    finish(task);
}

void outbox_task_run(OutboxTask *task) {
    g_autoptr(GError) error = NULL;
    if (!task->is_answered && !load(task, &error))
        answer_error(task, error);
    if (task->is_answered)
        finish(task);
    else if (outbox_task_is_mail(task))
        send_mail(task);
    else
        send_request(task);
}
