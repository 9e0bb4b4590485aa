#include "mime/mail_content.h"

#include <string.h>

#include "mime/file_type.h"
#include "mime/header_text.h"
#include "mime/html_clean.h"
#include "mime/html_text.h"
#include "mime/mail_decode.h"
#include "mime/part_body.h"

// One piece of the body: a text part, or all of a multipart/alternative.
typedef struct {
    guint part; // the outermost alternative, or the text part itself
    GString *plain;
    GString *html;
} Slot;

typedef struct {
    const PartTree *tree;
    GBytes *raw;
    GArray *slots;
    Incoming *incoming;
} Walk;

static void slot_clear(gpointer data) {
    Slot *slot = data;
    g_string_free(slot->plain, TRUE);
    g_string_free(slot->html, TRUE);
}

static const char *part_file_name(const MailPart *part) {
    const char *name = header_parameters_get(&part->disposition, "filename");
    if (name == NULL || name[0] == '\0')
        name = header_parameters_get(&part->type, "name");
    return name != NULL && name[0] != '\0' ? name : NULL;
}

static gboolean is_body_type(const MailPart *part) {
    return strcmp(part->type.value, "text/plain") == 0 ||
           strcmp(part->type.value, "text/html") == 0;
}

// The outermost alternative around the part, within its own mail; else the part.
static guint slot_part(const PartTree *tree, guint index) {
    guint message = part_tree_get(tree, index)->message;
    guint found = index;
    for (guint at = part_tree_get(tree, index)->parent; at != PART_NONE && at != message;
         at = part_tree_get(tree, at)->parent)
        if (strcmp(part_tree_get(tree, at)->type.value, "multipart/alternative") == 0)
            found = at;
    return found;
}

static Slot *slot_find_or_add(Walk *walk, guint part) {
    for (guint at = walk->slots->len; at-- > 0;) {
        Slot *slot = &g_array_index(walk->slots, Slot, at);
        if (slot->part == part)
            return slot;
    }
    Slot slot = {part, g_string_new(NULL), g_string_new(NULL)};
    g_array_append_val(walk->slots, slot);
    return &g_array_index(walk->slots, Slot, walk->slots->len - 1);
}

static void text_add(GString *to, const char *text) {
    if (to->len > 0 && to->str[to->len - 1] != '\n')
        g_string_append_c(to, '\n');
    if (to->len < MAIL_TEXT_BYTES_MAXIMUM)
        g_string_append(to, text);
}

static void body_add(Walk *walk, guint index) {
    const MailPart *part = part_tree_get(walk->tree, index);
    Slot *slot = slot_find_or_add(walk, slot_part(walk->tree, index));
    g_autofree char *text = part_body_text(part, walk->raw);
    text_add(strcmp(part->type.value, "text/html") == 0 ? slot->html : slot->plain, text);
}

static char *content_id(const MailPart *part) {
    g_autofree char *value = header_block_get(&part->headers, "Content-ID");
    if (value == NULL)
        return NULL;
    g_autofree char *text = header_text_decode(value);
    char *from = text + strspn(text, "< ");
    from[strcspn(from, "> ")] = '\0';
    return from[0] != '\0' ? g_strdup(from) : NULL;
}

static gboolean is_inline(const PartTree *tree, const MailPart *part, const char *id) {
    if (strcmp(part->disposition.value, "attachment") == 0)
        return FALSE;
    if (strcmp(part->disposition.value, "inline") == 0)
        return TRUE;
    return id != NULL && part->parent != PART_NONE &&
           strcmp(part_tree_get(tree, part->parent)->type.value, "multipart/related") == 0;
}

// Mere bytes are taken for what their name says.
static const char *attachment_type(const MailPart *part, const char *name) {
    const char *type = part->type.value;
    const char *found = strcmp(type, "application/octet-stream") == 0 ? file_type_find(name) : NULL;
    return found != NULL ? found : type;
}

static void attachment_add(Walk *walk, guint index) {
    const MailPart *part = part_tree_get(walk->tree, index);
    const char *name = part_file_name(part);
    g_autofree char *clean = name != NULL ? attachment_name_clean(name) : NULL;
    Attachment *attachment = attachment_new(clean, attachment_type(part, clean));
    attachment->content_id = content_id(part);
    attachment->is_inline = is_inline(walk->tree, part, attachment->content_id);
    attachment->bytes = part_body_decode(part, walk->raw);
    attachment->size = (gint64)g_bytes_get_size(attachment->bytes);
    g_ptr_array_add(walk->incoming->attachments, attachment);
}

typedef enum { ROLE_NONE, ROLE_BODY, ROLE_NAMED_TEXT, ROLE_ATTACHMENT } Role;

// What a part is; a text that has a file name may be either.
static Role part_role(const MailPart *part) {
    if (part->is_container && g_str_has_prefix(part->type.value, "multipart/"))
        return ROLE_NONE;
    if (!is_body_type(part) || strcmp(part->disposition.value, "attachment") == 0)
        return ROLE_ATTACHMENT;
    return part_file_name(part) != NULL ? ROLE_NAMED_TEXT : ROLE_BODY;
}

// A mail within the mail is read along unless it is an attachment by name or a returned original.
static gboolean is_shown(const PartTree *tree, guint message) {
    for (; message != PART_NONE; message = part_tree_get(tree, message)->message) {
        const MailPart *part = part_tree_get(tree, message);
        if (strcmp(part->disposition.value, "attachment") == 0)
            return FALSE;
        if (part->parent != PART_NONE &&
            strcmp(part_tree_get(tree, part->parent)->type.value, "multipart/report") == 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean has_body(const PartTree *tree, guint message) {
    for (guint at = 0; at < tree->parts->len; at++) {
        const MailPart *part = part_tree_get(tree, at);
        if (part->message == message && part_role(part) == ROLE_BODY && part->length > 0)
            return TRUE;
    }
    return FALSE;
}

// Who wrote the mail within the mail, above its text.
static void headers_add(Walk *walk, guint message) {
    static const char *const names[] = {"From", "Date", "Subject"};
    const MailPart *part = part_tree_get(walk->tree, message + 1);
    Slot *slot = slot_find_or_add(walk, message);
    if (walk->slots->len > 1)
        g_string_append_c(slot->plain, '\n');
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        g_autofree char *value = header_block_get(&part->headers, names[at]);
        g_autofree char *text = value != NULL ? header_text_decode(value) : NULL;
        if (text != NULL)
            g_string_append_printf(slot->plain, "%s: %s\n", names[at], text);
    }
    g_string_append_c(slot->plain, '\n');
}

static void part_sort(Walk *walk, guint index, gboolean named_is_body) {
    const MailPart *part = part_tree_get(walk->tree, index);
    Role role = part_role(part);
    gboolean is_own = part->message == PART_NONE;
    if (role == ROLE_NONE || (!is_own && !is_shown(walk->tree, part->message)))
        return;
    if (!is_own && index == part->message + 1)
        headers_add(walk, part->message);
    if (role == ROLE_BODY || (role == ROLE_NAMED_TEXT && named_is_body))
        body_add(walk, index);
    else if (is_own)
        attachment_add(walk, index);
}

static void parts_sort(Walk *walk) {
    gboolean named_is_body = !has_body(walk->tree, PART_NONE);
    for (guint at = 0; at < walk->tree->parts->len; at++)
        part_sort(walk, at, named_is_body);
}

// Plain text as it stands beside HTML parts.
static void html_append_plain(GString *html, const char *plain) {
    g_autofree char *escaped = g_markup_escape_text(plain, -1);
    g_string_append_printf(html, "<div style=\"white-space: pre-wrap\">%s</div>\n", escaped);
}

static gboolean is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

// Text: each slot's plain form, made from its HTML where there is none.
static char *slots_to_text(const GArray *slots) {
    GString *text = g_string_new(NULL);
    for (guint at = 0; at < slots->len; at++) {
        const Slot *slot = &g_array_index(slots, Slot, at);
        if (!is_blank(slot->plain->str) || slot->html->len == 0) {
            text_add(text, slot->plain->str);
        } else {
            g_autofree char *plain = html_text(slot->html->str, slot->html->len);
            text_add(text, plain);
        }
    }
    return g_string_free(text, FALSE);
}

// HTML: NULL when no slot has any; plain slots in between are kept.
static char *slots_to_html(const GArray *slots) {
    g_autoptr(GString) html = g_string_new(NULL);
    gboolean has_html = FALSE;
    for (guint at = 0; at < slots->len; at++) {
        const Slot *slot = &g_array_index(slots, Slot, at);
        has_html |= slot->html->len > 0;
        if (slot->html->len > 0)
            g_string_append_len(html, slot->html->str, (gssize)slot->html->len);
        else if (!is_blank(slot->plain->str))
            html_append_plain(html, slot->plain->str);
    }
    return has_html ? html_clean(html->str, html->len, NULL) : NULL;
}

void mail_content_read(const PartTree *tree, GBytes *raw, Incoming *incoming) {
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    g_array_set_clear_func(slots, slot_clear);
    Walk walk = {tree, raw, slots, incoming};
    parts_sort(&walk);
    g_free(incoming->text);
    incoming->text = slots_to_text(slots);
    g_free(incoming->html);
    incoming->html = slots_to_html(slots);
}
