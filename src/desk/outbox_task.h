// One attempt at one message: its due rows from claimed to settled. Private to desk/outbox*.
#pragma once

#include "desk/fetch_settings.h"
#include "desk/outbox.h"
#include "desk/outbox_record.h"

typedef struct OutboxTask OutboxTask;

// What all tasks share; outlives them.
typedef struct {
    Store *store;
    ChannelDirectory *channels;
    HttpClient *http;
    FetchOptions fetch; // what the configuration says of mail servers
    char *ca_file;      // fetch's; or NULL
    char *loop_id;      // borne by every mail of ours
    gint is_stopping;
    GThreadPool *mail_pool;                            // run outbox_task_run: mail apart, because
    GThreadPool *request_pool;                         // its sessions block
    void (*finished)(OutboxTask *task, gpointer data); // takes the task; any thread
    gpointer data;
} OutboxContext;

struct OutboxTask {
    OutboxContext *context;
    GPtrArray *rows; // of OutboxRow, claimed, of one message and part
    ChannelConfig *channel;
    const ChannelKind *kind;
    Outgoing *outgoing;
    GBytes *mail;      // what goes over SMTP
    Receipt *receipts; // one a row, once it is_answered
    gboolean is_answered;
};

// Takes rows.
OutboxTask *outbox_task_new(OutboxContext *context, GPtrArray *rows) G_GNUC_WARN_UNUSED_RESULT;
void outbox_task_free(OutboxTask *task);
gboolean outbox_task_is_mail(const OutboxTask *task);

// What an outbox's tasks share. Borrowed.
const OutboxContext *outbox_context(const Outbox *outbox);

// On a thread of the pool. Ends with context->finished, at once or after an HTTP answer.
void outbox_task_run(OutboxTask *task);

// outbox_mail.c: blocking. Fills the receipts.
void outbox_mail_send(OutboxTask *task);
