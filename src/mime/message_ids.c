#include "mime/message_ids.h"

#include <string.h>

#define ID_BYTES_MAXIMUM 998

// Blanks (folding) inside an id are none of its own, but for those in a quoted local part.
static char *id_new(const char *start, gsize length) {
    if (length > ID_BYTES_MAXIMUM)
        return NULL;
    char *id = g_malloc(length + 1);
    gsize size = 0;
    gboolean is_quoted = FALSE;
    for (gsize at = 0; at < length; at++) {
        is_quoted ^= start[at] == '"';
        if (((guchar)start[at] > 32 && start[at] != 127) || (is_quoted && start[at] == ' '))
            id[size++] = start[at];
    }
    id[size] = '\0';
    if (size > 0 && g_utf8_validate(id, -1, NULL))
        return id;
    g_free(id);
    return NULL;
}

static void id_add(GPtrArray *ids, const char *start, gsize length) {
    char *id = id_new(start, length);
    if (id == NULL)
        return;
    for (guint at = 0; at < ids->len; at++)
        if (strcmp(ids->pdata[at], id) == 0) {
            g_free(id);
            return;
        }
    g_ptr_array_add(ids, id);
}

static void add_bracketed(GPtrArray *ids, const char *value, guint maximum) {
    const char *open;
    while ((open = strchr(value, '<')) != NULL) {
        open += strspn(open, "<");
        gsize length = strcspn(open, "<>");
        if (open[length] == '>' || length > 0)
            id_add(ids, open, length);
        value = open + length;
        if (ids->len > maximum)
            g_ptr_array_remove_index(ids, 0);
    }
}

static void add_words(GPtrArray *ids, const char *value, guint maximum) {
    while (*(value += strspn(value, " \t,;")) != '\0') {
        gsize length = strcspn(value, " \t,;");
        if (memchr(value, '@', length) != NULL)
            id_add(ids, value, length);
        if (ids->len > maximum)
            g_ptr_array_remove_index(ids, 0);
        value += length;
    }
}

char **message_ids_parse(const char *value, guint maximum) {
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    if (value != NULL) {
        add_bracketed(ids, value, maximum);
        if (ids->len == 0)
            add_words(ids, value, maximum);
    }
    g_ptr_array_add(ids, NULL);
    return (char **)g_ptr_array_steal(ids, NULL);
}

char *message_id_parse(const char *value) {
    if (value == NULL)
        return NULL;
    const char *open = strchr(value, '<');
    if (open == NULL)
        return id_new(value, strlen(value));
    open += strspn(open, "<");
    return id_new(open, strcspn(open, ">"));
}
