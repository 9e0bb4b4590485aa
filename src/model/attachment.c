#include "model/attachment.h"

#include <string.h>

#define NAME_BYTES_MAX 200

Attachment *attachment_new(const char *name, const char *type) {
    Attachment *attachment = g_new0(Attachment, 1);
    attachment->name = name != NULL ? attachment_name_clean(name) : NULL;
    attachment->type = g_ascii_strdown(type, -1);
    attachment->size = -1;
    return attachment;
}

void attachment_free(Attachment *attachment) {
    if (attachment == NULL)
        return;
    g_free(attachment->name);
    g_free(attachment->type);
    g_free(attachment->content_id);
    g_free(attachment->reference);
    g_clear_pointer(&attachment->bytes, g_bytes_unref);
    g_free(attachment);
}

GPtrArray *attachment_list_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
}

static gboolean is_direction_override(gunichar c) {
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
           c == 0x200f;
}

static const char *last_component(const char *name) {
    const char *start = name;
    for (const char *at = name; *at != '\0'; at++)
        if ((*at == '/' || *at == '\\') && at[1] != '\0')
            start = at + 1;
    return start;
}

char *attachment_name_clean(const char *name) {
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    GString *clean = g_string_new(NULL);
    for (const char *at = last_component(valid); *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        gboolean is_leading_dot = clean->len == 0 && c == '.';
        if (g_unichar_iscntrl(c) || is_direction_override(c) || is_leading_dot || c == '/' ||
            c == '\\')
            continue;
        if (clean->len + (gsize)g_unichar_to_utf8(c, NULL) > NAME_BYTES_MAX)
            break;
        g_string_append_unichar(clean, c);
    }
    g_autofree char *text = g_strstrip(g_string_free(clean, FALSE));
    return *text != '\0' ? g_steal_pointer(&text) : NULL;
}
