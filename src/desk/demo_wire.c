#include "desk/demo_wire.h"

#include <jansson.h>
#include <string.h>

// A picture of 8 by 8 pixels.
#define PICTURE                                                                                    \
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAA\r\n" \
    "AElFTkSuQmCC\r\n"

static char *encoded_word(const char *text) {
    g_autofree char *base64 = g_base64_encode((const guchar *)text, strlen(text));
    return g_str_is_ascii(text) ? g_strdup_printf("\"%s\"", text)
                                : g_strdup_printf("=?UTF-8?B?%s?=", base64);
}

static char *encoded_subject(const char *prefix, const char *subject) {
    g_autofree char *whole = g_strconcat(prefix, subject, NULL);
    g_autofree char *base64 = g_base64_encode((const guchar *)whole, strlen(whole));
    return g_str_is_ascii(whole) ? g_steal_pointer(&whole)
                                 : g_strdup_printf("=?UTF-8?B?%s?=", base64);
}

static char *mail_date(Instant at) {
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(at / 1000);
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return g_strdup_printf(
        "%s, %d %s %d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week(when) - 1],
        g_date_time_get_day_of_month(when), months[g_date_time_get_month(when) - 1],
        g_date_time_get_year(when), g_date_time_get_hour(when), g_date_time_get_minute(when),
        g_date_time_get_second(when));
}

static void add_headers(GString *mail, const DemoConversation *conversation, const char *to,
                        guint number, const DemoParent *parent, Instant at) {
    const DemoCustomer *customer = conversation->customer;
    g_autofree char *name = encoded_word(customer->name);
    g_autofree char *subject =
        encoded_subject(parent != NULL ? "Re: " : "", conversation->topic->subject);
    g_autofree char *date = mail_date(at);
    g_string_append_printf(mail,
                           "Return-Path: <%s>\r\nReceived: from mail.example by mx.example; "
                           "%s\r\nFrom: %s <%s>\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n"
                           "Message-ID: <demo-%u@mail.example>\r\nMIME-Version: 1.0\r\n",
                           customer->address, date, name, customer->address, to, subject, date,
                           number);
    if (parent != NULL && parent->message_id != NULL) {
        g_string_append_printf(mail, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n",
                               parent->message_id, parent->message_id);
    }
}

// As mail programs announce a quote.
static char *attribution(DemoLanguage language, Instant at) {
    static const char *const formats[DEMO_LANGUAGES] = {
        "%d.%m.%Y klo %H.%M Lamppukauppa kirjoitti:", "Den %Y-%m-%d kl. %H:%M skrev Lamppukauppa:",
        "On %d %b %Y at %H:%M, Lamppukauppa wrote:"};
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(at / 1000);
    return g_date_time_format(when, formats[language]);
}

static char *body_text(const DemoConversation *conversation, const char *text,
                       const DemoParent *parent) {
    g_autoptr(GString) body = g_string_new(text);
    g_string_append_printf(body, "\n\n-- \n%s\n", conversation->customer->name);
    if (parent != NULL && parent->text != NULL) {
        g_autofree char *line = attribution(conversation->language, parent->at);
        g_auto(GStrv) quoted = g_strsplit(parent->text, "\n", -1);
        g_string_append_printf(body, "\n%s\n", line);
        for (char **at = quoted; *at != NULL; at++) {
            g_string_append_printf(body, "> %s\n", *at);
        }
    }
    return g_string_free(g_steal_pointer(&body), FALSE);
}

static void add_base64(GString *mail, const char *data) {
    g_autofree char *base64 = g_base64_encode((const guchar *)data, strlen(data));
    gsize length = strlen(base64);
    for (gsize at = 0; at < length; at += 76) {
        g_string_append_len(mail, base64 + at, (gssize)MIN((gsize)76, length - at));
        g_string_append(mail, "\r\n");
    }
}

static void add_part(GString *mail, const char *type, const char *text) {
    g_string_append_printf(
        mail, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
    add_base64(mail, text);
}

static char *html_of(const char *text) {
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_auto(GStrv) paragraphs = g_strsplit(escaped, "\n\n", -1);
    g_autofree char *joined = g_strjoinv("</p>\n<p>", paragraphs);
    g_auto(GStrv) lines = g_strsplit(joined, "\n", -1);
    g_autofree char *body = g_strjoinv("<br>\n", lines);
    return g_strdup_printf("<html><body style=\"font-family:sans-serif\"><p>%s</p>\n"
                           "<img src=\"https://tracking.example/open.gif\" width=1 height=1>"
                           "</body></html>",
                           body);
}

static void add_text(GString *mail, const DemoConversation *conversation, const char *text) {
    if (!conversation->has_html) {
        add_part(mail, "text/plain", text);
        return;
    }
    g_autofree char *html = html_of(text);
    g_string_append(mail, "Content-Type: multipart/alternative; boundary=demo-two\r\n\r\n"
                          "--demo-two\r\n");
    add_part(mail, "text/plain", text);
    g_string_append(mail, "--demo-two\r\n");
    add_part(mail, "text/html", html);
    g_string_append(mail, "--demo-two--\r\n");
}

GBytes *demo_mail(const DemoConversation *conversation, const char *to, guint number,
                  const char *text, const DemoParent *parent, Instant at) {
    GString *mail = g_string_new(NULL);
    g_autofree char *body = body_text(conversation, text, parent);
    add_headers(mail, conversation, to, number, parent, at);
    if (conversation->has_attachment && parent == NULL) {
        g_string_append(mail, "Content-Type: multipart/mixed; boundary=demo-one\r\n\r\n"
                              "--demo-one\r\n");
        add_text(mail, conversation, body);
        g_string_append(mail,
                        "--demo-one\r\nContent-Type: image/png; name=lamp.png\r\n"
                        "Content-Disposition: attachment; filename=lamp.png\r\n"
                        "Content-Transfer-Encoding: base64\r\n\r\n" PICTURE "--demo-one--\r\n");
    } else {
        add_text(mail, conversation, body);
    }
    return g_string_free_to_bytes(mail);
}

GBytes *demo_bounce(const DemoConversation *conversation, const char *to, guint number,
                    const DemoParent *parent, Instant at) {
    const char *address = conversation->customer->address;
    g_autofree char *date = mail_date(at);
    GString *mail = g_string_new(NULL);
    g_string_append_printf(
        mail,
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: %s\r\nDate: %s\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <demo-%u@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=demo-one\r\n\r\n"
        "--demo-one\r\nContent-Type: text/plain\r\n\r\n<%s>: mailbox is full\r\n"
        "--demo-one\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\n"
        "Status: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox is full\r\n\r\n"
        "--demo-one\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        "Message-ID: <%s>\r\nTo: %s\r\n\r\n--demo-one--\r\n",
        to, date, number, address, address, parent->message_id != NULL ? parent->message_id : "",
        address);
    return g_string_free_to_bytes(mail);
}

GBytes *demo_absence(const DemoConversation *conversation, const char *to, guint number,
                     const DemoParent *parent, Instant at) {
    static const char *const texts[DEMO_LANGUAGES] = {
        "Olen lomalla ja vastaan viesteihin palattuani.",
        "Jag är på semester och svarar när jag är tillbaka.",
        "I am on holiday and will answer when I am back."};
    GString *mail = g_string_new("Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\n");
    add_headers(mail, conversation, to, number, parent, at);
    add_part(mail, "text/plain", texts[conversation->language]);
    return g_string_free_to_bytes(mail);
}

GBytes *demo_update(const DemoConversation *conversation, guint number, const char *text,
                    Instant at) {
    static const char *const languages[DEMO_LANGUAGES] = {"fi", "sv", "en"};
    const DemoCustomer *customer = conversation->customer;
    g_auto(GStrv) names = g_strsplit(customer->name, " ", 2);
    const char *last = names[1] != NULL ? names[1] : "";
    json_t *person = json_pack("{s:I, s:b, s:s, s:s, s:s}", "id", (json_int_t)conversation->chat,
                               "is_bot", 0, "first_name", names[0], "last_name", last,
                               "language_code", languages[conversation->language]);
    json_t *chat = json_pack("{s:I, s:s, s:s, s:s}", "id", (json_int_t)conversation->chat, "type",
                             "private", "first_name", names[0], "last_name", last);
    json_t *update =
        json_pack("{s:I, s:{s:I, s:o, s:o, s:I, s:s}}", "update_id", (json_int_t)number + 900000,
                  "message", "message_id", (json_int_t)number + 1000, "from", person, "chat", chat,
                  "date", (json_int_t)(at / 1000), "text", text);
    char *body = json_dumps(update, JSON_COMPACT);
    json_decref(update);
    return g_bytes_new_with_free_func(body, strlen(body), free, body);
}
