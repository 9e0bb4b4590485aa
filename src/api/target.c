#include "api/target.h"

#include <string.h>

#include "base/error.h"

#define TARGET_MAX 8192
#define PARAMETERS_MAX 64

static char *wrong(GError **error, const char *what) {
    error_set(error, ERROR_INVALID, "target_invalid", "the address of the request is wrong: %s",
              what);
    return NULL;
}

static gboolean has_controls(const char *text) {
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        if (*at < ' ' || *at == 0x7f)
            return TRUE;
    return FALSE;
}

// plus: form encoding, where + is a blank.
static char *decode(const char *start, gsize length, gboolean plus, GError **error) {
    g_autofree char *raw = g_strndup(start, length);
    if (plus)
        g_strdelimit(raw, "+", ' ');
    g_autofree char *text = g_uri_unescape_string(raw, NULL);
    if (text == NULL)
        return wrong(error, "a bad % escape");
    if (!g_utf8_validate(text, -1, NULL))
        return wrong(error, "it is not UTF-8");
    if (has_controls(text))
        return wrong(error, "it has control characters");
    return g_steal_pointer(&text);
}

char **target_split_path(const char *target, GError **error) {
    if (target[0] != '/' || strlen(target) > TARGET_MAX) {
        wrong(error, "it must begin with / and be at most 8192 bytes long");
        return NULL;
    }
    g_autoptr(GStrvBuilder) segments = g_strv_builder_new();
    gsize end = strcspn(target, "?");
    for (gsize at = 1; at <= end;) {
        gsize length = strcspn(target + at, "/?");
        g_autofree char *segment = decode(target + at, length, FALSE, error);
        if (segment == NULL)
            return NULL;
        g_strv_builder_add(segments, segment);
        at += length + 1;
    }
    return g_strv_builder_end(segments);
}

static gboolean is_accepted(const char *accepted, const char *name) {
    if (accepted == NULL)
        return FALSE;
    if (strcmp(accepted, "*") == 0)
        return TRUE;
    gsize length = strlen(name);
    for (const char *at = accepted; *at != '\0'; at += strspn(at, " ")) {
        gsize word = strcspn(at, " ");
        if (word == length && strncmp(at, name, length) == 0)
            return TRUE;
        at += word;
    }
    return FALSE;
}

static gboolean add_parameter(GHashTable *query, const char *pair, gsize length,
                              const char *accepted, GError **error) {
    const char *equals = memchr(pair, '=', length);
    gsize name_length = equals != NULL ? (gsize)(equals - pair) : length;
    const char *value_start = equals != NULL ? equals + 1 : pair + length;
    g_autofree char *name = decode(pair, name_length, TRUE, error);
    if (name == NULL)
        return FALSE;
    g_autofree char *value = decode(value_start, (gsize)(pair + length - value_start), TRUE, error);
    if (value == NULL)
        return FALSE;
    if (!is_accepted(accepted, name)) {
        error_set(error, ERROR_INVALID, "query_unknown", "this path takes no parameter \"%.40s\"",
                  name);
        return FALSE;
    }
    if (!g_hash_table_insert(query, g_steal_pointer(&name), g_steal_pointer(&value))) {
        error_set(error, ERROR_INVALID, "query_repeated", "a query parameter is given twice");
        return FALSE;
    }
    return TRUE;
}

GHashTable *target_parse_query(const char *target, const char *accepted, GError **error) {
    g_autoptr(GHashTable) query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const char *at = strchr(target, '?');
    for (guint count = 0; at != NULL; count++) {
        at++;
        gsize length = strcspn(at, "&");
        if (count >= PARAMETERS_MAX) {
            wrong(error, "too many parameters");
            return NULL;
        }
        if (length > 0 && !add_parameter(query, at, length, accepted, error))
            return NULL;
        at = at[length] == '&' ? at + length : NULL;
    }
    return g_steal_pointer(&query);
}
