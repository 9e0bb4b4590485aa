#include "mime/mail_headers.h"

#include <string.h>

#include "mime/address_list.h"
#include "mime/charset.h"
#include "mime/header_text.h"
#include "mime/mail_date.h"
#include "mime/mail_decode.h"
#include "mime/message_ids.h"

#define FIELDS_MAXIMUM 20 // of one name that are looked at
#define LABELS_MAXIMUM 20
#define LABEL_BYTES_MAXIMUM 100
#define AUTHENTICATION_MAXIMUM 20 // Authentication-Results values kept

static void parties_read(const HeaderBlock *headers, const char *name, GPtrArray *parties) {
    g_autoptr(GPtrArray) values = header_block_list(headers, name, FIELDS_MAXIMUM);
    for (guint at = 0; at < values->len; at++)
        address_list_parse(values->pdata[at], parties);
}

Party *mail_headers_party(const HeaderBlock *headers, const char *name) {
    g_autoptr(GPtrArray) parties = party_list_new();
    parties_read(headers, name, parties);
    for (guint at = 0; at < parties->len; at++) {
        Party *party = parties->pdata[at];
        if (party->address[0] != '\0' || at + 1 == parties->len)
            return party_new(party->address, party->name);
    }
    return NULL;
}

static void from_read(const HeaderBlock *headers, Incoming *incoming) {
    Mail *mail = incoming->mail;
    Party *from = mail_headers_party(headers, "From");
    Party *sender = mail_headers_party(headers, "Sender");
    if (from == NULL)
        from = g_steal_pointer(&sender);
    if (from != NULL) {
        party_free(incoming->from);
        incoming->from = from;
    }
    if (sender != NULL && g_ascii_strcasecmp(sender->address, incoming->from->address) != 0)
        mail->sender = g_steal_pointer(&sender);
    party_free(sender);
}

static char **ids_read(const HeaderBlock *headers, const char *name) {
    g_autoptr(GPtrArray) values = header_block_list(headers, name, FIELDS_MAXIMUM);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint at = 0; at < values->len; at++)
        g_string_append_printf(all, "%s ", (const char *)values->pdata[at]);
    return message_ids_parse(all->str, MAIL_REFERENCES_MAXIMUM);
}

static void ids_fill(const HeaderBlock *headers, Mail *mail) {
    g_autofree char *id = header_block_get(headers, "Message-ID");
    mail->message_id = message_id_parse(id);
    g_strfreev(mail->in_reply_to);
    mail->in_reply_to = ids_read(headers, "In-Reply-To");
    g_strfreev(mail->references);
    mail->references = ids_read(headers, "References");
}

// "" for the null path.
static char *return_path_read(const HeaderBlock *headers) {
    g_autofree char *value = header_block_get(headers, "Return-Path");
    if (value == NULL)
        return NULL;
    g_autoptr(GPtrArray) parties = party_list_new();
    address_list_parse(value, parties);
    return g_strdup(parties->len > 0 ? ((Party *)parties->pdata[0])->address : "");
}

static char **delivered_to_read(const HeaderBlock *headers) {
    static const char *const names[] = {"Delivered-To", "X-Original-To", "Envelope-To",
                                        "X-Envelope-To"};
    g_autoptr(GPtrArray) parties = party_list_new();
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        parties_read(headers, names[at], parties);
    g_autoptr(GPtrArray) addresses = g_ptr_array_new();
    for (guint at = 0; at < parties->len; at++)
        if (!g_ptr_array_find_with_equal_func(addresses, ((Party *)parties->pdata[at])->address,
                                              g_str_equal, NULL))
            g_ptr_array_add(addresses, ((Party *)parties->pdata[at])->address);
    g_ptr_array_add(addresses, NULL);
    return g_strdupv((char **)addresses->pdata);
}

// The topmost Received field; its instant stands behind the last ";".
static Instant received_at_read(const HeaderBlock *headers) {
    g_autofree char *value = header_block_get(headers, "Received");
    const char *mark = value != NULL ? strrchr(value, ';') : NULL;
    return mark != NULL ? mail_date_parse(mark + 1) : INSTANT_NONE;
}

static void authentication_read(const HeaderBlock *headers, GPtrArray *authentication) {
    g_autoptr(GPtrArray) values =
        header_block_list(headers, "Authentication-Results", AUTHENTICATION_MAXIMUM);
    for (guint at = 0; at < values->len; at++)
        g_ptr_array_add(authentication,
                        charset_to_utf8(NULL, values->pdata[at], strlen(values->pdata[at])));
}

// What stands in <>, else all of it.
static char *list_id_read(const HeaderBlock *headers) {
    g_autofree char *value = header_block_get(headers, "List-Id");
    if (value == NULL)
        return NULL;
    char *open = strrchr(value, '<');
    char *text = header_text_decode(open != NULL ? open + 1 : value);
    text[strcspn(text, ">")] = '\0';
    return text;
}

// Google's archives name the labels of a mail: words with commas between.
static char **labels_read(const HeaderBlock *headers) {
    g_autofree char *value = header_block_get(headers, "X-Gmail-Labels");
    g_autofree char *text = header_text_decode(value != NULL ? value : "");
    g_auto(GStrv) words = g_strsplit(text, ",", LABELS_MAXIMUM + 1);
    g_autoptr(GPtrArray) labels = g_ptr_array_new();
    for (char **word = words; *word != NULL && labels->len < LABELS_MAXIMUM; word++)
        if (*g_strstrip(*word) != '\0' && strlen(*word) <= LABEL_BYTES_MAXIMUM)
            g_ptr_array_add(labels, *word);
    g_ptr_array_add(labels, NULL);
    return g_strdupv((char **)labels->pdata);
}

static void subject_read(const HeaderBlock *headers, Incoming *incoming) {
    g_autofree char *value = header_block_get(headers, "Subject");
    g_free(incoming->mail->subject);
    incoming->mail->subject = header_text_decode(value != NULL ? value : "");
    incoming->subject = g_strdup(incoming->mail->subject);
}

void mail_headers_read(const HeaderBlock *headers, Incoming *incoming) {
    Mail *mail = incoming->mail;
    from_read(headers, incoming);
    subject_read(headers, incoming);
    ids_fill(headers, mail);
    incoming->message_key = g_strdup(mail->message_id);
    parties_read(headers, "Reply-To", mail->reply_to);
    parties_read(headers, "To", mail->to);
    parties_read(headers, "Cc", mail->cc);
    parties_read(headers, "Bcc", mail->bcc);
    mail->return_path = return_path_read(headers);
    g_strfreev(mail->delivered_to);
    mail->delivered_to = delivered_to_read(headers);
    g_autofree char *date = header_block_get(headers, "Date");
    mail->date = mail_date_parse(date);
    mail->received_at = received_at_read(headers);
    authentication_read(headers, mail->authentication);
    mail->list_id = list_id_read(headers);
    g_strfreev(mail->labels);
    mail->labels = labels_read(headers);
}
