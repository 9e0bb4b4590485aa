#include "mime/html_link.h"

#include <string.h>

static const struct {
    const char *prefix;
    HtmlLinkKind kind;
} schemes[] = {
    {"https://", HTML_LINK_WEB},
    {"http://", HTML_LINK_WEB},
    {"mailto:", HTML_LINK_WRITE},
    {"tel:", HTML_LINK_WRITE},
    {"cid:", HTML_LINK_INLINE},
    {"data:image/png;base64,", HTML_LINK_IMAGE},
    {"data:image/jpeg;base64,", HTML_LINK_IMAGE},
    {"data:image/jpg;base64,", HTML_LINK_IMAGE},
    {"data:image/gif;base64,", HTML_LINK_IMAGE},
    {"data:image/webp;base64,", HTML_LINK_IMAGE},
};

#define DATA_IMAGE_MAX (1024 * 1024)

// As the URL standard: control characters and blanks around it, tabs and line ends anywhere, do not
// count.
static char *address_trim(const char *address) {
    while (*address && (guchar)*address <= ' ') {
        address++;
    }
    gsize length = strlen(address);
    while (length > 0 && (guchar)address[length - 1] <= ' ') {
        length--;
    }
    GString *out = g_string_sized_new(length + 1);
    for (gsize at = 0; at < length; at++) {
        if (!strchr("\t\r\n", address[at])) {
            g_string_append_c(out, address[at]);
        }
    }
    return g_string_free(out, FALSE);
}

static gboolean has_control_characters(const char *text) {
    for (; *text; text++) {
        if ((guchar)*text < ' ' || *text == 0x7f) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_base64(const char *text) {
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
                             "% ")] == '\0';
}

static gboolean rest_is_right(HtmlLinkKind kind, const char *rest) {
    gsize length = strlen(rest);
    if (length == 0) {
        return FALSE;
    }
    if (kind == HTML_LINK_IMAGE) {
        return length <= DATA_IMAGE_MAX && is_base64(rest);
    }
    return length <= HTML_LINK_MAX && !has_control_characters(rest);
}

char *html_link_parse(const char *address, HtmlLinkKind *kind) {
    *kind = HTML_LINK_NONE;
    if (!address || strlen(address) > DATA_IMAGE_MAX + 64) {
        return NULL;
    }
    g_autofree char *text = address_trim(address);
    for (gsize at = 0; at < G_N_ELEMENTS(schemes); at++) {
        gsize size = strlen(schemes[at].prefix);
        if (g_ascii_strncasecmp(text, schemes[at].prefix, size) != 0) {
            continue;
        }
        if (!rest_is_right(schemes[at].kind, text + size)) {
            return NULL;
        }
        *kind = schemes[at].kind;
        return g_strconcat(schemes[at].prefix, text + size, NULL);
    }
    return NULL;
}
