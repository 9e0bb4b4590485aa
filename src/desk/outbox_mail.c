#include <string.h>

#include "base/error.h"
#include "desk/outbox_state.h"
#include "desk/outbox_task.h"
#include "desk/smtp_settings.h"

static void answer_error(OutboxTask *task, const GError *error) {
    for (guint at = 0; at < task->rows->len; at++)
        task->receipts[at] = (Receipt){
            .state = RECEIPT_RETRY, // nothing has left; the settings may be mended
            .reason = g_strdup(error->message),
            .retry_after_ms = -1,
            .stops_channel =
                error_kind(error) == ERROR_UNAUTHENTICATED || error_kind(error) == ERROR_INVALID,
        };
}

// A server that could not be spoken to is left alone by the whole channel for that long, so that it
// does not hold up the others.
static gint64 retry_after(const OutboxRow *row, const SmtpResult *result) {
    if (result->state != RECEIPT_RETRY || result->code != 0)
        return -1;
    return outbox_retry_delay_ms(row->attempts, g_random_double());
}

static void take_report(OutboxTask *task, const SmtpReport *report) {
    for (guint at = 0; at < task->rows->len; at++) {
        const SmtpResult *result = report->results->pdata[at];
        task->receipts[at] = (Receipt){.state = result->state,
                                       .reason = g_strdup(result->response),
                                       .retry_after_ms = retry_after(task->rows->pdata[at], result),
                                       .stops_channel = report->stops_channel};
    }
}

// What a bounce gives back: signed like the Message-ID, but shorter (RFC 3461 allows 100 bytes).
static char *envelope_id(const Outgoing *outgoing) {
    const char *at = strchr(outgoing->mail_message_id, '@');
    gsize length = at != NULL ? (gsize)(at - outgoing->mail_message_id) : 0;
    if (length == 0 || length > 90)
        return NULL;
    return g_strdup_printf("%.*s@m", (int)length, outgoing->mail_message_id);
}

static void speak(OutboxTask *task, const SmtpSettings *settings) {
    const OutboxContext *context = task->context;
    g_autoptr(GPtrArray) recipients = g_ptr_array_new();
    g_autofree char *id = envelope_id(task->outgoing);
    SmtpAccount account = settings->account;
    for (guint at = 0; at < task->rows->len; at++)
        g_ptr_array_add(recipients, ((const OutboxRow *)task->rows->pdata[at])->recipient);
    g_ptr_array_add(recipients, NULL);
    account.allow_private = context->fetch.allow_private;
    if (account.ca_file == NULL)
        account.ca_file = context->ca_file;
    SmtpEnvelope envelope = {
        .sender = task->outgoing->is_automatic ? "" : task->channel->address,
        .envelope_id = id,
        .recipients = (char *const *)recipients->pdata,
    };
    g_autoptr(SmtpReport) report = smtp_send(&account, &envelope, task->mail);
    take_report(task, report);
}

void outbox_mail_send(OutboxTask *task) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SmtpSettings) settings = smtp_settings_read(task->channel, &error);
    if (settings == NULL || !smtp_settings_sign_in(settings, &error))
        answer_error(task, error);
    else
        speak(task, settings);
    task->is_answered = TRUE;
}
