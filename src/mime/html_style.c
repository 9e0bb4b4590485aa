#include "mime/html_style.h"

#include <stdlib.h>
#include <string.h>

// Sorted. What a mail needs to look right and that can neither load, run nor leave its place.
static const char *const properties[] = {
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-left-radius",
    "border-bottom-right-radius",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-left-radius",
    "border-top-right-radius",
    "border-top-style",
    "border-top-width",
    "border-width",
    "box-sizing",
    "caption-side",
    "clear",
    "color",
    "direction",
    "display",
    "empty-cells",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-position",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "opacity",
    "overflow-wrap",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "unicode-bidi",
    "vertical-align",
    "visibility",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
};

#define VALUE_MAX 200

static int compare_property(const void *name, const void *entry) {
    return strcmp(name, *(const char *const *)entry);
}

static gboolean property_is_allowed(const char *name) {
    return bsearch(name, properties, G_N_ELEMENTS(properties), sizeof *properties,
                   compare_property) != NULL;
}

static gboolean name_ends_before(const char *value, const char *bracket, const char *function) {
    gsize size = strlen(function);
    if ((gsize)(bracket - value) < size ||
        g_ascii_strncasecmp(bracket - size, function, size) != 0) {
        return FALSE;
    }
    return bracket - value == (gssize)size || strchr(" ,", bracket[-(gssize)size - 1]);
}

// Only colour functions; and brackets that close.
static gboolean functions_are_colours(const char *value) {
    int open = 0;
    for (const char *at = value; *at; at++) {
        if (*at == '(') {
            gboolean colour =
                name_ends_before(value, at, "rgb") || name_ends_before(value, at, "rgba") ||
                name_ends_before(value, at, "hsl") || name_ends_before(value, at, "hsla");
            if (!colour || open++) {
                return FALSE;
            }
        } else if (*at == ')' && open-- == 0) {
            return FALSE;
        }
    }
    return open == 0;
}

static gboolean quotes_are_closed(const char *value) {
    char open = '\0';
    for (; *value; value++) {
        if (open) {
            open = *value == open ? '\0' : open;
        } else if (*value == '"' || *value == '\'') {
            open = *value;
        }
    }
    return !open;
}

static gboolean is_plain_character(guchar character) {
    return character >= 0x80 || g_ascii_isalnum(character) ||
           (character && strchr(" #.,%()'\"+-/_!", (char)character));
}

static gboolean value_is_plain(const char *value) {
    if (!*value || strlen(value) > VALUE_MAX) {
        return FALSE;
    }
    for (const char *at = value; *at; at++) {
        if (!is_plain_character((guchar)*at)) {
            return FALSE;
        }
    }
    return !strstr(value, "//") && functions_are_colours(value) && quotes_are_closed(value);
}

// Negative margins and indents lay an element over its neighbours.
static gboolean value_stays_in_place(const char *name, const char *value) {
    gboolean moves = g_str_has_prefix(name, "margin") || g_str_equal(name, "text-indent") ||
                     g_str_equal(name, "letter-spacing") || g_str_equal(name, "word-spacing");
    return !moves || !strchr(value, '-');
}

static char *declaration_filter(const char *text, gsize length, guint *remote) {
    const char *colon = memchr(text, ':', length);
    if (!colon) {
        return NULL;
    }
    g_autofree char *name = g_ascii_strdown(text, colon - text);
    g_strstrip(name);
    char *value = g_strndup(colon + 1, length - (gsize)(colon + 1 - text));
    g_autofree char *owned = value;
    for (char *at = value; *at; at++) {
        *at = g_ascii_isspace(*at) ? ' ' : *at;
    }
    g_strstrip(value);
    g_autofree char *lower = g_ascii_strdown(value, -1);
    if (remote && strstr(lower, "url(")) {
        (*remote)++;
    }
    gboolean keep =
        property_is_allowed(name) && value_is_plain(value) && value_stays_in_place(name, value);
    return keep ? g_strconcat(name, ":", value, NULL) : NULL;
}

// The length of the declaration that begins here: to a ';' outside quotes and brackets.
static gsize declaration_length(const char *text) {
    char quote = '\0';
    int open = 0;
    const char *at = text;
    for (; *at; at++) {
        if (quote) {
            quote = *at == quote ? '\0' : quote;
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '(') {
            open++;
        } else if (*at == ')') {
            open = MAX(open - 1, 0);
        } else if (*at == ';' && open == 0) {
            break;
        }
    }
    return (gsize)(at - text);
}

char *html_style_filter(const char *style, guint *remote) {
    if (strlen(style) > HTML_STYLE_MAX) {
        return NULL;
    }
    GString *out = g_string_new(NULL);
    while (*style) {
        gsize length = declaration_length(style);
        g_autofree char *kept = declaration_filter(style, length, remote);
        if (kept) {
            g_string_append_printf(out, "%s%s", out->len ? ";" : "", kept);
        }
        style += length + (style[length] == ';');
    }
    gboolean empty = out->len == 0;
    return g_string_free(out, empty);
}

static const char *const hiding[] = {
    "display:none",  "visibility:hidden", "mso-hide:all", "font-size:0;",  "font-size:0px",
    "max-height:0;", "max-height:0px",    "opacity:0;",   "font-size:0pt",
};

gboolean html_style_is_hidden(const char *style) {
    GString *plain = g_string_sized_new(256);
    for (; *style && plain->len < HTML_STYLE_MAX; style++) {
        if (!g_ascii_isspace(*style)) {
            g_string_append_c(plain, g_ascii_tolower(*style));
        }
    }
    g_string_append_c(plain, ';');
    gboolean found = FALSE;
    for (gsize at = 0; at < G_N_ELEMENTS(hiding) && !found; at++) {
        const char *place = strstr(plain->str, hiding[at]);
        found = place && (place == plain->str || place[-1] == ';');
    }
    g_string_free(plain, TRUE);
    return found;
}
