#include "net/smtp_trace.h"

#include <string.h>

#define TEXT_LIMIT 500

SmtpTrace *smtp_trace_new(const char *client, gsize recipients) {
    SmtpTrace *trace = g_new0(SmtpTrace, 1);
    trace->client = client;
    trace->count = recipients;
    trace->recipients = g_new0(SmtpReply, recipients);
    return trace;
}

void smtp_reply_clear(SmtpReply *reply) {
    g_free(reply->status);
    g_free(reply->text);
    *reply = (SmtpReply){0};
}

void smtp_trace_free(SmtpTrace *trace) {
    if (trace == NULL)
        return;
    for (gsize at = 0; at < trace->count; at++)
        smtp_reply_clear(&trace->recipients[at]);
    smtp_reply_clear(&trace->auth);
    smtp_reply_clear(&trace->sender);
    smtp_reply_clear(&trace->data);
    smtp_reply_clear(&trace->message);
    g_free(trace->recipients);
    g_free(trace->failure);
    g_free(trace);
}

// A server's words as one line of valid UTF-8 without control characters.
static char *words_clean(const char *text, gsize length) {
    g_autofree char *part = g_strndup(text, MIN(length, TEXT_LIMIT));
    char *valid = g_utf8_make_valid(part, -1);
    for (char *at = valid; *at != '\0'; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    return g_strstrip(valid);
}

void smtp_reply_set(SmtpReply *reply, unsigned code, const char *status, const char *text) {
    char *words = words_clean(text != NULL ? text : "", text != NULL ? strlen(text) : 0);
    char *copy = g_strdup(status);
    smtp_reply_clear(reply);
    reply->code = code;
    reply->status = copy;
    reply->text = words;
}

// The length of "d.ddd.ddd" at text, 0 when there is none.
static gsize enhanced_code_length(const char *text, gsize length) {
    gsize at = 0;
    guint dots = 0;
    while (at < length && (g_ascii_isdigit(text[at]) || text[at] == '.'))
        dots += text[at++] == '.';
    gboolean is_ended = at == length || text[at] == ' ' || text[at] == '\r' || text[at] == '\n';
    return dots == 2 && is_ended && at >= 5 && at <= 9 ? at : 0;
}

gboolean smtp_reply_parse(const char *line, gsize length, SmtpReply *reply) {
    if (length < 3 || line[0] < '2' || line[0] > '5' || !g_ascii_isdigit(line[1]) ||
        !g_ascii_isdigit(line[2]))
        return FALSE;
    unsigned code = (unsigned)(line[0] - '0') * 100 + (unsigned)(line[1] - '0') * 10 +
                    (unsigned)(line[2] - '0');
    gsize at = MIN(length, 4), enhanced = enhanced_code_length(line + at, length - at);
    g_autofree char *status = enhanced > 0 ? g_strndup(line + at, enhanced) : NULL;
    g_autofree char *text = words_clean(line + at + enhanced, length - at - enhanced);
    smtp_reply_set(reply, code, status, text);
    return TRUE;
}

void smtp_report_free(SmtpReport *report) {
    if (report == NULL)
        return;
    g_ptr_array_unref(report->results);
    g_free(report);
}

static void result_free(SmtpResult *result) {
    g_free(result->recipient);
    g_free(result->status);
    g_free(result->response);
    g_free(result);
}

static ReceiptState code_state(unsigned code) {
    if (code >= 200 && code < 300)
        return RECEIPT_SENT;
    return code >= 500 ? RECEIPT_REFUSED : RECEIPT_RETRY;
}

static gboolean reply_is_negative(const SmtpReply *reply) {
    return reply->code >= 400;
}

// "Authentication required": of the account, whatever command it answers.
static gboolean reply_refuses_account(const SmtpReply *reply) {
    return reply->code == 530 || reply->code == 535 || reply->code == 534 || reply->code == 538;
}

// The reply that decides a recipient's fate, NULL when the session ended without one.
static const SmtpReply *trace_deciding(const SmtpTrace *trace, const SmtpReply *recipient) {
    if (reply_is_negative(&trace->sender))
        return &trace->sender;
    if (reply_is_negative(recipient))
        return recipient;
    if (trace->message.code != 0 && recipient->code != 0)
        return &trace->message;
    return reply_is_negative(&trace->data) && recipient->code != 0 ? &trace->data : NULL;
}

static void result_decide(SmtpResult *result, const SmtpReply *reply) {
    result->state = reply_refuses_account(reply) ? RECEIPT_RETRY : code_state(reply->code);
    result->code = reply->code;
    result->status = g_strdup(reply->status);
    result->response = g_strdup_printf("%u%s%s %s", reply->code, reply->status != NULL ? " " : "",
                                       reply->status != NULL ? reply->status : "", reply->text);
}

static void result_undecided(SmtpResult *result, const SmtpTrace *trace, const SmtpReply *own) {
    gboolean may_have_gone = trace->is_handed_over && own->code >= 200 && own->code < 300;
    result->state = may_have_gone ? RECEIPT_UNKNOWN : RECEIPT_RETRY;
    if (trace->auth.code != 0)
        result->response =
            g_strdup_printf("%u sign-in refused: %s", trace->auth.code, trace->auth.text);
    else if (trace->lacks_auth)
        result->response = g_strdup("the server offers no sign-in that we can use");
    else
        result->response = g_strdup(trace->failure != NULL ? trace->failure : "connection lost");
    result->code = trace->auth.code;
}

static SmtpResult *trace_result(const SmtpTrace *trace, gsize at, const char *recipient) {
    SmtpResult *result = g_new0(SmtpResult, 1);
    const SmtpReply *own = &trace->recipients[at], *deciding = trace_deciding(trace, own);
    result->recipient = g_strdup(recipient);
    if (deciding != NULL)
        result_decide(result, deciding);
    else
        result_undecided(result, trace, own);
    return result;
}

static gboolean trace_stops_channel(const SmtpTrace *trace) {
    if (trace->auth.code >= 500 || trace->lacks_auth || reply_refuses_account(&trace->sender) ||
        reply_refuses_account(&trace->data))
        return TRUE;
    for (gsize at = 0; at < trace->count; at++)
        if (reply_refuses_account(&trace->recipients[at]))
            return TRUE;
    return FALSE;
}

SmtpReport *smtp_trace_judge(const SmtpTrace *trace, char *const *recipients) {
    SmtpReport *report = g_new0(SmtpReport, 1);
    report->results = g_ptr_array_new_with_free_func((GDestroyNotify)result_free);
    report->client = trace->client;
    report->stops_channel = trace_stops_channel(trace);
    for (gsize at = 0; at < trace->count; at++)
        g_ptr_array_add(report->results, trace_result(trace, at, recipients[at]));
    return report;
}
