#include "mime/header_parameters.h"

#include <stdlib.h>
#include <string.h>

#include "mime/charset.h"
#include "mime/header_text.h"

// One name=value as written. RFC 2231: "name*1*" is section 1 of name, percent-encoded.
typedef struct {
    char *name;
    char *value;
    gint64 section;       // -1: not split
    gboolean is_extended; // charset'language'percent-encoded
} Piece;

static void piece_free(gpointer data) {
    Piece *piece = data;
    g_free(piece->name);
    g_free(piece->value);
    g_free(piece);
}

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

// A quoted string; a backslash quotes whatever follows, Windows paths too.
static char *read_quoted(const char **at) {
    GString *text = g_string_new(NULL);
    const char *from = *at + 1;
    for (; *from != '\0' && *from != '"'; from++) {
        if (*from == '\\' && from[1] != '\0')
            from++;
        g_string_append_c(text, *from);
    }
    *at = from + strcspn(from, ";");
    return g_string_free(text, FALSE);
}

static char *read_value(const char **at) {
    *at = skip_blanks(*at);
    if (**at == '"')
        return read_quoted(at);
    const char *start = *at;
    *at += strcspn(*at, ";");
    char *text = g_strndup(start, (gsize)(*at - start));
    char *comment = strstr(text, " (");
    gsize length = strlen(text);
    if (comment != NULL && length > 0 && g_strstrip(text)[strlen(text) - 1] == ')')
        *comment = '\0';
    return g_strstrip(text);
}

static Piece *piece_new(const char *name, gsize length, char *value) {
    Piece *piece = g_new0(Piece, 1);
    piece->name = g_ascii_strdown(name, (gssize)length);
    g_strstrip(piece->name);
    piece->value = value;
    piece->section = -1;
    char *star = strchr(piece->name, '*');
    if (star == NULL)
        return piece;
    *star++ = '\0';
    if (g_ascii_isdigit(*star))
        piece->section = strtol(star, &star, 10);
    if (piece->section < 0 || *star == '*')
        piece->is_extended = TRUE;
    return piece;
}

static GPtrArray *pieces_read(const char *at) {
    GPtrArray *pieces = g_ptr_array_new_with_free_func(piece_free);
    while (*at != '\0' && pieces->len < HEADER_PARAMETERS_MAXIMUM) {
        at += strspn(at, "; \t");
        gsize length = strcspn(at, "=;");
        const char *name = at;
        at += length;
        if (*at != '=')
            continue;
        at++;
        g_ptr_array_add(pieces, piece_new(name, length, read_value(&at)));
    }
    return pieces;
}

static void append_percent(GString *bytes, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '%' && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2])) {
            int byte = g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2]);
            g_string_append_c(bytes, (char)byte);
            text += 2;
        } else {
            g_string_append_c(bytes, *text);
        }
    }
}

// charset'language'text: sets *charset (owned) and returns the text. Where the quotes are missing
// it is all text.
static const char *charset_split(const char *value, char **charset) {
    const char *language = strchr(value, '\'');
    const char *text = language != NULL ? strchr(language + 1, '\'') : NULL;
    if (text == NULL)
        return value;
    g_free(*charset);
    *charset = g_strndup(value, (gsize)(language - value));
    return text + 1;
}

static int piece_compare(gconstpointer a, gconstpointer b) {
    const Piece *first = *(Piece *const *)a;
    const Piece *second = *(Piece *const *)b;
    return (first->section > second->section) - (first->section < second->section);
}

static char *extended_join(const char *name, const GPtrArray *pieces) {
    g_autoptr(GPtrArray) sections = g_ptr_array_new();
    for (guint at = 0; at < pieces->len; at++) {
        Piece *piece = pieces->pdata[at];
        if (strcmp(piece->name, name) == 0 && (piece->section >= 0 || piece->is_extended))
            g_ptr_array_add(sections, piece);
    }
    g_ptr_array_sort(sections, piece_compare);
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autofree char *charset = NULL;
    for (guint at = 0; at < sections->len; at++) {
        const Piece *piece = sections->pdata[at];
        const char *text = piece->value;
        if (piece->is_extended && at == 0)
            text = charset_split(text, &charset);
        if (piece->is_extended)
            append_percent(bytes, text);
        else
            g_string_append(bytes, text);
    }
    g_autofree char *text = charset_to_utf8(charset, bytes->str, bytes->len);
    // Some mailers put encoded words into continuations.
    return strstr(text, "=?") != NULL ? header_text_decode(text) : g_steal_pointer(&text);
}

// The extended form counts where there is one, whatever the order.
static gboolean has_extended(const char *name, const GPtrArray *pieces) {
    for (guint at = 0; at < pieces->len; at++) {
        const Piece *piece = pieces->pdata[at];
        if (strcmp(piece->name, name) == 0 && (piece->section >= 0 || piece->is_extended))
            return TRUE;
    }
    return FALSE;
}

static void parameters_fill(HeaderParameters *parameters, const GPtrArray *pieces) {
    for (guint at = 0; at < pieces->len; at++) {
        const Piece *piece = pieces->pdata[at];
        if (header_parameters_get(parameters, piece->name) != NULL)
            continue;
        g_ptr_array_add(parameters->names, g_strdup(piece->name));
        g_ptr_array_add(parameters->values, has_extended(piece->name, pieces)
                                                ? extended_join(piece->name, pieces)
                                                : header_text_decode(piece->value));
    }
}

// Where the parameters begin: behind the first ";", or where that is missing ("text/plain
// charset=utf-8", "filename=x") at the first name=.
static gsize parameters_begin(const char *value) {
    gsize semicolon = strcspn(value, ";");
    gsize equals = strcspn(value, "=");
    if (equals >= semicolon || value[equals] == '\0')
        return semicolon;
    gsize blank = equals;
    while (blank > 0 && strchr(" \t,", value[blank - 1]) == NULL)
        blank--;
    return blank;
}

void header_parameters_parse(HeaderParameters *parameters, const char *value) {
    parameters->names = g_ptr_array_new_with_free_func(g_free);
    parameters->values = g_ptr_array_new_with_free_func(g_free);
    if (value == NULL)
        value = "";
    gsize length = parameters_begin(value);
    parameters->value = g_ascii_strdown(value, (gssize)length);
    g_strstrip(parameters->value);
    parameters->value[strcspn(parameters->value, " \t(,\"")] = '\0';
    g_autoptr(GPtrArray) pieces = pieces_read(value + length);
    parameters_fill(parameters, pieces);
}

void header_parameters_clear(HeaderParameters *parameters) {
    g_clear_pointer(&parameters->value, g_free);
    g_clear_pointer(&parameters->names, g_ptr_array_unref);
    g_clear_pointer(&parameters->values, g_ptr_array_unref);
}

const char *header_parameters_get(const HeaderParameters *parameters, const char *name) {
    for (guint at = 0; at < parameters->names->len; at++)
        if (strcmp(parameters->names->pdata[at], name) == 0)
            return parameters->values->pdata[at];
    return NULL;
}

void header_parameters_set(HeaderParameters *parameters, const char *name, const char *value) {
    for (guint at = 0; at < parameters->names->len; at++)
        if (strcmp(parameters->names->pdata[at], name) == 0) {
            g_free(parameters->values->pdata[at]);
            parameters->values->pdata[at] = g_strdup(value);
            return;
        }
    g_ptr_array_add(parameters->names, g_strdup(name));
    g_ptr_array_add(parameters->values, g_strdup(value));
}
