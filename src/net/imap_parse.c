#include "net/imap_parse.h"

#include <string.h>

#include "base/error.h"

static const char *const statuses[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};

typedef struct {
    const char *at;
    const char *start;
    const char *end;
    const GArray *ends;
    const GPtrArray *literals;
    guint next_literal;
} Scanner;

static void value_free(ImapValue *value) {
    g_free(value->text);
    if (value->bytes != NULL)
        g_bytes_unref(value->bytes);
    if (value->values != NULL)
        g_ptr_array_unref(value->values);
    g_free(value);
}

static GPtrArray *values_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)value_free);
}

void imap_response_free(ImapResponse *response) {
    if (response == NULL)
        return;
    g_free(response->tag);
    g_free(response->status);
    g_free(response->code);
    g_free(response->text);
    g_ptr_array_unref(response->values);
    g_free(response);
}

static const char *status_find(const char *start, gsize length) {
    for (gsize at = 0; at < G_N_ELEMENTS(statuses); at++)
        if (strlen(statuses[at]) == length && g_ascii_strncasecmp(start, statuses[at], length) == 0)
            return statuses[at];
    return NULL;
}

gboolean imap_line_is_status(const char *line, gsize length) {
    if (length > 0 && line[0] == '+')
        return TRUE;
    const char *word = memchr(line, ' ', length);
    if (word == NULL)
        return FALSE;
    word++;
    gsize left = length - (gsize)(word - line);
    const char *end = memchr(word, ' ', left);
    return status_find(word, end != NULL ? (gsize)(end - word) : left) != NULL;
}

static ImapValue *value_add(GPtrArray *values, ImapValueType type) {
    ImapValue *value = g_new0(ImapValue, 1);
    value->type = type;
    g_ptr_array_add(values, value);
    return value;
}

// at stands behind the opening quote.
static gboolean scan_quoted(Scanner *scanner, GPtrArray *values) {
    GString *text = g_string_new(NULL);
    for (; scanner->at < scanner->end && *scanner->at != '"'; scanner->at++) {
        if (*scanner->at == '\\' && ++scanner->at == scanner->end)
            break;
        g_string_append_c(text, *scanner->at);
    }
    gboolean is_closed = scanner->at < scanner->end;
    scanner->at += is_closed ? 1 : 0;
    char *contents = g_string_free(text, FALSE);
    if (is_closed)
        value_add(values, IMAP_STRING)->text = contents;
    else
        g_free(contents);
    return is_closed;
}

// at stands on the opening brace.
static gboolean scan_literal(Scanner *scanner, GPtrArray *values) {
    if (scanner->next_literal >= scanner->literals->len)
        return FALSE;
    gsize end = g_array_index(scanner->ends, gsize, scanner->next_literal);
    const char *close = memchr(scanner->at, '}', (gsize)(scanner->end - scanner->at));
    if (close == NULL || (gsize)(close + 1 - scanner->start) != end)
        return FALSE;
    GBytes *bytes = g_ptr_array_index(scanner->literals, scanner->next_literal++);
    value_add(values, IMAP_STRING)->bytes = g_bytes_ref(bytes);
    scanner->at = close + 1;
    return TRUE;
}

// An atom; what stands in its brackets (BODY[HEADER.FIELDS (DATE)]) belongs to it.
static gboolean scan_atom(Scanner *scanner, GPtrArray *values) {
    const char *start = scanner->at;
    gboolean is_bracketed = FALSE;
    for (; scanner->at < scanner->end; scanner->at++) {
        char byte = *scanner->at;
        if (byte == '[')
            is_bracketed = TRUE;
        else if (byte == ']')
            is_bracketed = FALSE;
        else if (!is_bracketed && strchr(" ()\"{", byte) != NULL)
            break;
    }
    if (scanner->at == start || is_bracketed)
        return FALSE;
    char *text = g_strndup(start, (gsize)(scanner->at - start));
    gboolean is_nil = g_ascii_strcasecmp(text, "NIL") == 0;
    value_add(values, is_nil ? IMAP_NIL : IMAP_ATOM)->text = is_nil ? NULL : text;
    if (is_nil)
        g_free(text);
    return TRUE;
}

static gboolean scan_one(Scanner *scanner, GPtrArray *values) {
    if (*scanner->at == '"') {
        scanner->at++;
        return scan_quoted(scanner, values);
    }
    if (*scanner->at == '~' && scanner->at + 1 < scanner->end && scanner->at[1] == '{')
        scanner->at++;
    return *scanner->at == '{' ? scan_literal(scanner, values) : scan_atom(scanner, values);
}

// Values up to the end of the text. FALSE where they are not well formed; what was read stays.
static gboolean scan_values(Scanner *scanner, GPtrArray *values) {
    GPtrArray *open[IMAP_DEPTH_MAXIMUM];
    gsize depth = 0;
    open[0] = values;
    while (scanner->at < scanner->end) {
        if (*scanner->at == ' ') {
            scanner->at++;
        } else if (*scanner->at == '(') {
            if (depth + 1 == IMAP_DEPTH_MAXIMUM)
                return FALSE;
            ImapValue *list = value_add(open[depth], IMAP_LIST);
            list->values = open[++depth] = values_new();
            scanner->at++;
        } else if (*scanner->at == ')') {
            if (depth-- == 0)
                return FALSE;
            scanner->at++;
        } else if (!scan_one(scanner, open[depth])) {
            return FALSE;
        }
    }
    return depth == 0;
}

static char *scan_word(Scanner *scanner) {
    const char *space = memchr(scanner->at, ' ', (gsize)(scanner->end - scanner->at));
    const char *end = space != NULL ? space : scanner->end;
    char *word = g_strndup(scanner->at, (gsize)(end - scanner->at));
    scanner->at = space != NULL ? space + 1 : scanner->end;
    return word;
}

static void scan_status_text(Scanner *scanner, ImapResponse *response) {
    gsize left = (gsize)(scanner->end - scanner->at);
    const char *close = left > 0 && *scanner->at == '[' ? memchr(scanner->at, ']', left) : NULL;
    if (close != NULL) {
        response->code = g_strndup(scanner->at + 1, (gsize)(close - scanner->at - 1));
        scanner->at = close + 1;
        if (scanner->at < scanner->end && *scanner->at == ' ')
            scanner->at++;
    }
    g_free(response->text);
    response->text = g_strndup(scanner->at, (gsize)(scanner->end - scanner->at));
}

ImapResponse *imap_response_parse(const GString *text, const GArray *ends,
                                  const GPtrArray *literals, gboolean is_whole, GError **error) {
    Scanner scanner = {text->str, text->str, text->str + text->len, ends, literals, 0};
    g_autoptr(ImapResponse) response = g_new0(ImapResponse, 1);
    response->values = values_new();
    response->tag = scan_word(&scanner);
    response->text = g_strdup("");
    if (imap_line_is_status(text->str, text->len)) {
        if (!g_str_equal(response->tag, "+")) {
            g_autofree char *word = scan_word(&scanner);
            response->status = g_strdup(status_find(word, strlen(word)));
        }
        scan_status_text(&scanner, response);
        return g_steal_pointer(&response);
    }
    gboolean is_good = *response->tag != '\0' && scan_values(&scanner, response->values) &&
                       scanner.next_literal == literals->len;
    if (is_whole && !is_good) {
        error_set(error, ERROR_UPSTREAM, "imap_garbage",
                  "The mail server sent an answer that is not IMAP.");
        return NULL;
    }
    return g_steal_pointer(&response);
}

const ImapValue *imap_values_at(const GPtrArray *values, guint at) {
    return at < values->len ? g_ptr_array_index(values, at) : NULL;
}

gboolean imap_value_is(const ImapValue *value, const char *name) {
    return value != NULL && value->type == IMAP_ATOM && g_ascii_strcasecmp(value->text, name) == 0;
}

gboolean imap_value_number(const ImapValue *value, gint64 *number) {
    guint64 parsed = 0;
    if (value == NULL || value->type != IMAP_ATOM ||
        !g_ascii_string_to_unsigned(value->text, 10, 0, G_MAXINT64, &parsed, NULL))
        return FALSE;
    *number = (gint64)parsed;
    return TRUE;
}

char *imap_value_dup_text(const ImapValue *value) {
    if (value == NULL)
        return NULL;
    if (value->text != NULL)
        return g_strdup(value->text);
    if (value->bytes == NULL)
        return NULL;
    gsize length = 0;
    const char *bytes = g_bytes_get_data(value->bytes, &length);
    if (bytes == NULL)
        return g_strdup("");
    return memchr(bytes, '\0', length) != NULL ? NULL : g_strndup(bytes, length);
}
