#include <string.h>

#include "mime/html_text.h"

static const struct {
    const char *name;
    const char *text;
} entities[] = {{"&amp;", "&"},   {"&lt;", "<"},  {"&gt;", ">"},
                {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}};

static gsize write_entity(GString *out, const char *at) {
    for (gsize which = 0; which < G_N_ELEMENTS(entities); which++) {
        gsize size = strlen(entities[which].name);
        if (strncmp(at, entities[which].name, size) == 0) {
            g_string_append(out, entities[which].text);
            return size;
        }
    }
    g_string_append_c(out, *at);
    return 1;
}

static gboolean tag_is(const char *at, const char *name) {
    gsize size = strlen(name);
    return g_ascii_strncasecmp(at + 1, name, size) == 0 && !g_ascii_isalnum(at[1 + size]);
}

// Past the element's end tag, or the end of the text. Its start tag begins at at.
static const char *skip_element(const char *at, const char *name) {
    g_autofree char *end = g_strconcat("/", name, NULL);
    while ((at = strchr(at + 1, '<'))) {
        if (tag_is(at, end)) {
            return at;
        }
    }
    return NULL;
}

// From a '<' to behind its '>', or NULL at the end of the text.
static const char *skip_tag(const char *at) {
    if (g_str_has_prefix(at, "<!--")) {
        const char *end = strstr(at, "-->");
        return end ? end + 3 : NULL;
    }
    if (tag_is(at, "script") || tag_is(at, "style") || tag_is(at, "title")) {
        at = skip_element(at, tag_is(at, "script")  ? "script"
                              : tag_is(at, "style") ? "style"
                                                    : "title");
    }
    const char *end = at ? strchr(at, '>') : NULL;
    return end ? end + 1 : NULL;
}

static gboolean breaks_line(const char *at) {
    static const char *const names[] = {"br", "p", "div", "tr", "li", "/p", "/div", "hr", "/tr"};
    for (gsize which = 0; which < G_N_ELEMENTS(names); which++) {
        if (tag_is(at, names[which])) {
            return TRUE;
        }
    }
    return FALSE;
}

static void write_character(GString *out, const char **at) {
    if (**at == '&') {
        *at += write_entity(out, *at);
        return;
    }
    char character = *(*at)++;
    gboolean blank = strchr(" \t\r\n\f", character) != NULL;
    if (!blank) {
        g_string_append_c(out, character);
    } else if (out->len > 0 && !strchr(" \n", out->str[out->len - 1])) {
        g_string_append_c(out, ' ');
    }
}

char *html_strip(const char *html, gsize length) {
    g_autofree char *text = g_utf8_make_valid(html, (gssize)length);
    GString *out = g_string_sized_new(length);
    const char *at = text;
    while (at && *at) {
        if (*at != '<' || !(g_ascii_isalpha(at[1]) || strchr("/!?", at[1]))) {
            write_character(out, &at);
            continue;
        }
        if (breaks_line(at) && out->len > 0 && out->str[out->len - 1] != '\n') {
            g_string_append_c(out, '\n');
        }
        at = skip_tag(at);
    }
    return g_strstrip(g_string_free(out, FALSE));
}
