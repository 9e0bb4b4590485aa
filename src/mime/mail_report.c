#include "mime/mail_report.h"

#include <string.h>

#include "mime/address_list.h"
#include "mime/header_text.h"
#include "mime/message_ids.h"
#include "mime/part_body.h"

static const struct {
    const char *type;
    ReportParts part;
} report_types[] = {
    {"message/delivery-status", REPORT_DELIVERY},
    {"message/global-delivery-status", REPORT_DELIVERY},
    {"message/disposition-notification", REPORT_DISPOSITION},
    {"message/global-disposition-notification", REPORT_DISPOSITION},
    {"message/feedback-report", REPORT_FEEDBACK},
};

void mail_report_add(Mail *mail, const char *recipient, const char *action, const char *status,
                     const char *diagnostic) {
    for (guint at = 0; at < mail->reports->len; at++) {
        const MailReport *report = mail->reports->pdata[at];
        if (g_ascii_strcasecmp(report->recipient, recipient) == 0)
            return;
    }
    if (mail->reports->len < REPORTS_MAXIMUM)
        g_ptr_array_add(mail->reports, mail_report_new(recipient, action, status, diagnostic));
}

// "rfc822; <bob@example.com>" -> bob@example.com; what is no address stays as it is, without type.
static char *recipient_read(const HeaderBlock *block, const char *name) {
    g_autofree char *value = header_block_get(block, name);
    if (value == NULL)
        return NULL;
    const char *semicolon = strchr(value, ';');
    char *address = address_find(semicolon != NULL ? semicolon + 1 : value);
    if (address != NULL)
        return address;
    address = header_text_decode(semicolon != NULL ? semicolon + 1 : value);
    if (address[0] == '\0')
        g_clear_pointer(&address, g_free);
    return address;
}

// The address that we sent to, where the report names it.
static char *recipient_find(const HeaderBlock *block) {
    g_autofree char *original = recipient_read(block, "Original-Recipient");
    g_autofree char *final = recipient_read(block, "Final-Recipient");
    if (original != NULL && strchr(original, '@') != NULL)
        return g_steal_pointer(&original);
    return final != NULL ? g_steal_pointer(&final) : g_steal_pointer(&original);
}

// The first word, in lower case: "failed (will not retry)".
static char *word_read(const HeaderBlock *block, const char *name) {
    g_autofree char *value = header_block_get(block, name);
    if (value == NULL)
        return NULL;
    char *word = g_ascii_strdown(value, (gssize)strcspn(value, " \t;("));
    if (word[0] == '\0')
        g_clear_pointer(&word, g_free);
    return word;
}

static char *diagnostic_read(const HeaderBlock *block) {
    g_autofree char *value = header_block_get(block, "Diagnostic-Code");
    if (value == NULL)
        return NULL;
    const char *semicolon = strchr(value, ';');
    return header_text_decode(semicolon != NULL ? semicolon + 1 : value);
}

// RFC 3464 2.3.3, and what is written in its place ("failure", "error", "deliverable").
static const char *action_of(const char *action, const char *status) {
    static const char *const known[] = {"failed", "delayed", "delivered", "relayed", "expanded"};
    for (gsize at = 0; at < G_N_ELEMENTS(known) && action != NULL; at++)
        if (strcmp(action, known[at]) == 0)
            return known[at];
    if (status != NULL && status[0] == '2')
        return "delivered";
    gboolean is_temporary = status != NULL && status[0] == '4';
    return is_temporary || (action != NULL && g_str_has_prefix(action, "delay")) ? "delayed"
                                                                                 : "failed";
}

static void recipient_block_read(const HeaderBlock *block, Mail *mail) {
    g_autofree char *recipient = recipient_find(block);
    if (recipient == NULL)
        return;
    g_autofree char *action = word_read(block, "Action");
    g_autofree char *status = word_read(block, "Status");
    g_autofree char *diagnostic = diagnostic_read(block);
    mail_report_add(mail, recipient, action_of(action, status), status, diagnostic);
}

// xtext (RFC 3461 4): +41 is a byte in hexadecimal.
static char *xtext_decode(const char *text) {
    GString *result = g_string_new(NULL);
    for (; *text != '\0'; text++) {
        if (*text == '+' && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2])) {
            int byte = g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2]);
            if (byte > 32 && byte < 127)
                g_string_append_c(result, (char)byte);
            text += 2;
        } else {
            g_string_append_c(result, *text);
        }
    }
    return g_string_free(result, FALSE);
}

static void about_set(Mail *mail, const char *value) {
    if (mail->report_about == NULL && value != NULL)
        mail->report_about = message_id_parse(value);
}

static void block_read(const HeaderBlock *block, Mail *mail) {
    g_autofree char *envelope = header_block_get(block, "Original-Envelope-Id");
    g_autofree char *about = header_block_get(block, "Original-Message-ID");
    if (envelope != NULL && mail->report_envelope == NULL) {
        g_autofree char *text = header_text_decode(envelope);
        mail->report_envelope = xtext_decode(text);
    }
    about_set(mail, about);
    // Where boundaries are broken, the returned original runs on behind the report.
    g_autofree char *id = header_block_get(block, "Message-ID");
    about_set(mail, id);
}

// A disposition notification by which a filter refuses the mail (RFC 5429 2.2).
static gboolean is_rejection(const HeaderBlock *block) {
    g_autofree char *value = header_block_get(block, "Disposition");
    if (value == NULL)
        return FALSE;
    g_autofree char *lower = g_ascii_strdown(value, -1);
    return g_str_has_prefix(lower, "automatic-action") && strstr(lower, "deleted") != NULL;
}

// Blocks of fields, separated by empty lines.
static void blocks_read(const char *text, gsize length, ReportParts kind, Mail *mail) {
    gsize offset = 0;
    for (guint count = 0; offset < length && count < REPORTS_MAXIMUM + 1; count++) {
        while (offset < length && (text[offset] == '\r' || text[offset] == '\n'))
            offset++;
        HeaderBlock block;
        header_block_scan(&block, text + offset, length - offset);
        block_read(&block, mail);
        if (kind == REPORT_DELIVERY || is_rejection(&block))
            recipient_block_read(&block, mail);
        gsize step = block.body_offset;
        header_block_clear(&block);
        if (step == 0)
            break;
        offset += step;
    }
}

static void part_read(const MailPart *part, GBytes *raw, ReportParts kind, Mail *mail) {
    g_autoptr(GBytes) bytes = part_body_decode(part, raw);
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    if (data != NULL)
        blocks_read(data, MIN(length, 1u << 20), kind, mail);
}

// The returned original: a mail, or its headers.
static void original_read(const PartTree *tree, guint index, GBytes *raw, Mail *mail) {
    const MailPart *part = part_tree_get(tree, index);
    if (part->is_container && index + 1 < tree->parts->len &&
        g_str_has_prefix(part->type.value, "message/")) {
        g_autofree char *id =
            header_block_get(&part_tree_get(tree, index + 1)->headers, "Message-ID");
        about_set(mail, id);
    } else if (strcmp(part->type.value, "text/rfc822-headers") == 0 ||
               strcmp(part->type.value, "message/rfc822-headers") == 0 ||
               strcmp(part->type.value, "message/global-headers") == 0 ||
               strcmp(part->type.value, "message/rfc822") == 0) {
        g_autoptr(GBytes) bytes = part_body_decode(part, raw);
        gsize length;
        const char *data = g_bytes_get_data(bytes, &length);
        HeaderBlock block;
        header_block_scan(&block, data != NULL ? data : "", length);
        g_autofree char *id = header_block_get(&block, "Message-ID");
        header_block_clear(&block);
        about_set(mail, id);
    }
}

// The report parts within that mail: PART_NONE is the mail itself.
static guint parts_read(const PartTree *tree, guint message, GBytes *raw, Mail *mail) {
    guint found = 0;
    for (guint at = 0; at < tree->parts->len; at++) {
        const MailPart *part = part_tree_get(tree, at);
        if (part->message != message)
            continue;
        for (gsize row = 0; row < G_N_ELEMENTS(report_types); row++)
            if (strcmp(part->type.value, report_types[row].type) == 0) {
                found |= report_types[row].part;
                part_read(part, raw, report_types[row].part, mail);
            }
    }
    return found;
}

// Gateways wrap a report as an attached mail, and tell so in their own type.
static guint wrapped_read(const PartTree *tree, GBytes *raw, Mail *mail) {
    const MailPart *root = part_tree_get(tree, 0);
    if (header_parameters_get(&root->type, "report-type") == NULL)
        return 0;
    for (guint at = 1; at < tree->parts->len; at++)
        if (part_tree_get(tree, at)->parent == 0 && part_tree_get(tree, at)->is_container &&
            g_str_has_prefix(part_tree_get(tree, at)->type.value, "message/"))
            return parts_read(tree, at, raw, mail);
    return 0;
}

guint mail_report_read(const PartTree *tree, GBytes *raw, Mail *mail) {
    guint found = parts_read(tree, PART_NONE, raw, mail);
    if (found == 0)
        found = wrapped_read(tree, raw, mail);
    for (guint at = 0; at < tree->parts->len; at++)
        if (part_tree_get(tree, at)->message == PART_NONE)
            original_read(tree, at, raw, mail);
    return found;
}
