#include "mime/forwarded.h"

#include <string.h>

#include "mime/address_list.h"
#include "mime/header_text.h"
#include "mime/mail_headers.h"
#include "model/reply_headers.h"

#define TEXT_MAXIMUM 262144 // bytes that are searched
#define LINES_MAXIMUM 2000

// How subjects of forwarded mails begin, before the colon.
static const char *const prefixes[] = {
    "doorst", "enc",     "enk", "fs",   "fw",   "fwd",        "i",
    "ilt",    "inoltra", "pd",  "rv",   "tr",   "továbbítás", "vb",
    "vl",     "vs-fwd",  "wg",  "转发", "轉寄", "転送",       "välitetty",
};

static gboolean is_forward_subject(const char *subject) {
    subject += strspn(subject, "[ "); // "[Fwd: ...]"
    gsize length = strcspn(subject, ":：");
    if (subject[length] == '\0' || length > 20)
        return FALSE;
    g_autofree char *head = g_utf8_strdown(subject, (gssize)length);
    g_strstrip(head);
    for (gsize at = 0; at < G_N_ELEMENTS(prefixes); at++)
        if (strcmp(head, prefixes[at]) == 0)
            return TRUE;
    return FALSE;
}

// Lines without quote marks, as Apple's forwards are quoted as a whole.
static char *without_marks(const char *text) {
    GString *result = g_string_new(NULL);
    for (const char *line = text; *line != '\0' && result->len < TEXT_MAXIMUM;) {
        line += strspn(line, "> \t");
        gsize length = strcspn(line, "\n");
        g_string_append_len(result, line, (gssize)length);
        g_string_append_c(result, '\n');
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return g_string_free(result, FALSE);
}

// Appends what stands behind the colon, without the stars of bold text.
static void value_append(GString *value, const ReplyLine *line, gboolean is_first) {
    g_autofree char *text = g_strndup(line->start, line->length);
    char *colon = is_first ? strchr(text, ':') : NULL;
    char *wide = is_first ? strstr(text, "：") : NULL;
    char *from = wide != NULL && (colon == NULL || wide < colon) ? wide + strlen("：")
                 : colon != NULL                                 ? colon + 1
                                                                 : text;
    from += strspn(from, "* \t");
    g_string_append_printf(value, "%s%s", value->len > 0 ? " " : "", from);
}

// The value of the block's first header of that kind, with its continuation lines, or NULL.
static char *block_value(const GArray *lines, guint start, guint end, guint kind) {
    g_autoptr(GString) value = g_string_new(NULL);
    gboolean is_within = FALSE, is_found = FALSE;
    for (guint at = start; at < end; at++) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, at);
        guint found = reply_header_kind(line);
        if (found != 0 && is_found)
            break;
        is_within = found == kind || (found == 0 && is_within);
        is_found |= found == kind;
        if (is_within)
            value_append(value, line, found == kind);
    }
    return is_found ? g_strdup(g_strstrip(value->str)) : NULL;
}

// "Anna [mailto:anna@example.com]" is Anna <anna@example.com>.
static Party *party_of(const char *value) {
    g_autofree char *text = g_strdup(value);
    for (char *at = text; *at != '\0'; at++)
        if (*at == '[' || *at == ']')
            *at = *at == '[' ? '<' : '>';
    g_autoptr(GPtrArray) parties = party_list_new();
    address_list_parse(text, parties);
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        if (strchr(party->address, '@') != NULL)
            return party_new(party->address, party->name);
    }
    return NULL;
}

static gboolean block_read(const GArray *lines, guint start, guint end, Mail *mail) {
    g_autofree char *from = block_value(lines, start, end, HEADER_FROM);
    Party *party = from != NULL ? party_of(from) : NULL;
    if (party == NULL)
        return FALSE;
    mail->forwarded_from = party;
    mail->forwarded_subject = block_value(lines, start, end, HEADER_SUBJECT);
    return TRUE;
}

static gboolean text_read(const char *text, gboolean is_forward, Mail *mail) {
    g_autofree char *plain = without_marks(text);
    g_autoptr(GArray) lines = reply_lines_split(plain);
    gboolean is_marked = FALSE; // a delimiter stands above
    for (guint at = 0; at < MIN(lines->len, LINES_MAXIMUM); at++) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, at);
        DelimiterKind delimiter = reply_delimiter_match(line);
        guint end;
        if (delimiter == DELIMITER_FORWARDED || (delimiter == DELIMITER_ORIGINAL && is_forward)) {
            is_marked = TRUE;
        } else if ((is_marked || is_forward) && reply_headers_match(lines, at, is_marked, &end) &&
                   block_read(lines, at, end, mail)) {
            return TRUE;
        } else if (!reply_line_is_blank(line)) {
            is_marked = FALSE;
        }
    }
    return FALSE;
}

static gboolean is_digest(const PartTree *tree, const MailPart *part) {
    return part->parent != PART_NONE &&
           strcmp(part_tree_get(tree, part->parent)->type.value, "multipart/digest") == 0;
}

// The one mail that is attached; a digest of many has no one sender.
static void attached_read(const PartTree *tree, Mail *mail) {
    guint found = PART_NONE;
    for (guint at = 0; at + 1 < tree->parts->len; at++) {
        const MailPart *part = part_tree_get(tree, at);
        if (part->message != PART_NONE || !part->is_container ||
            !g_str_has_prefix(part->type.value, "message/") || is_digest(tree, part))
            continue;
        if (found != PART_NONE)
            return;
        found = at;
    }
    if (found == PART_NONE)
        return;
    const HeaderBlock *headers = &part_tree_get(tree, found + 1)->headers;
    g_autoptr(Party) from = mail_headers_party(headers, "From");
    if (from == NULL || strchr(from->address, '@') == NULL)
        return;
    g_autofree char *subject = header_block_get(headers, "Subject");
    mail->forwarded_from = g_steal_pointer(&from);
    mail->forwarded_subject = subject != NULL ? header_text_decode(subject) : NULL;
}

void forwarded_read(const PartTree *tree, Incoming *incoming) {
    Mail *mail = incoming->mail;
    if (mail->class != MAIL_ORDINARY && mail->class != MAIL_LIST)
        return;
    if (!text_read(incoming->text, is_forward_subject(mail->subject), mail))
        attached_read(tree, mail);
}
