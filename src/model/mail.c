#include "model/mail.h"

#include <string.h>

static const char *const class_names[] = {
    [MAIL_ORDINARY] = "ordinary", [MAIL_AUTO_REPLY] = "auto_reply",
    [MAIL_BOUNCE] = "bounce",     [MAIL_FEEDBACK_REPORT] = "feedback_report",
    [MAIL_RECEIPT] = "receipt",   [MAIL_LIST] = "list",
};

const char *mail_class_name(MailClass class) {
    return class_names[class];
}

gboolean mail_class_parse(const char *name, MailClass *class) {
    for (guint at = 0; at < G_N_ELEMENTS(class_names); at++)
        if (strcmp(class_names[at], name) == 0) {
            *class = (MailClass)at;
            return TRUE;
        }
    return FALSE;
}

Mail *mail_new(void) {
    Mail *mail = g_new0(Mail, 1);
    mail->in_reply_to = g_new0(char *, 1);
    mail->references = g_new0(char *, 1);
    mail->delivered_to = g_new0(char *, 1);
    mail->labels = g_new0(char *, 1);
    mail->reply_to = party_list_new();
    mail->to = party_list_new();
    mail->cc = party_list_new();
    mail->bcc = party_list_new();
    mail->reports = g_ptr_array_new_with_free_func((GDestroyNotify)mail_report_free);
    mail->authentication = g_ptr_array_new_with_free_func(g_free);
    mail->date = INSTANT_NONE;
    mail->received_at = INSTANT_NONE;
    mail->subject = g_strdup("");
    return mail;
}

void mail_free(Mail *mail) {
    if (mail == NULL)
        return;
    g_free(mail->message_id);
    g_strfreev(mail->in_reply_to);
    g_strfreev(mail->references);
    g_strfreev(mail->delivered_to);
    g_strfreev(mail->labels);
    g_ptr_array_unref(mail->reply_to);
    g_ptr_array_unref(mail->to);
    g_ptr_array_unref(mail->cc);
    g_ptr_array_unref(mail->bcc);
    g_ptr_array_unref(mail->reports);
    g_ptr_array_unref(mail->authentication);
    party_free(mail->sender);
    party_free(mail->forwarded_from);
    g_free(mail->return_path);
    g_free(mail->subject);
    g_free(mail->report_about);
    g_free(mail->report_envelope);
    g_free(mail->list_id);
    g_free(mail->forwarded_subject);
    g_free(mail->body_sha256);
    g_free(mail);
}

MailReport *mail_report_new(const char *recipient, const char *action, const char *status,
                            const char *diagnostic) {
    MailReport *report = g_new0(MailReport, 1);
    report->recipient = g_strdup(recipient);
    report->action = g_strdup(action);
    report->status = g_strdup(status);
    report->diagnostic = g_strdup(diagnostic);
    return report;
}

void mail_report_free(MailReport *report) {
    if (report == NULL)
        return;
    g_free(report->recipient);
    g_free(report->action);
    g_free(report->status);
    g_free(report->diagnostic);
    g_free(report);
}
