// Entities of Telegram (bold, links ...) as HTML. Their offsets count UTF-16 units; they nest or
// stand apart, never overlap, but strangers' data may claim anything.
#include "channels/json_path.h"
#include "channels/telegram_codec.h"

#include <string.h>

#define ENTITIES_MAX 200

typedef struct {
    const char *type;
    const char *open;
    const char *close;
} Format;

static const Format formats[] = {
    {"bold", "<b>", "</b>"},
    {"italic", "<i>", "</i>"},
    {"underline", "<u>", "</u>"},
    {"strikethrough", "<s>", "</s>"},
    {"code", "<code>", "</code>"},
    {"pre", "<pre>", "</pre>"},
    {"blockquote", "<blockquote>", "</blockquote>"},
    {"expandable_blockquote", "<blockquote>", "</blockquote>"},
    {"text_link", "<a href=\"", "</a>"},
};

typedef struct {
    gint64 start; // UTF-16 units
    gint64 end;
    const Format *format;
    const char *url; // text_link only
} Entity;

static const Format *format_find(const char *type) {
    for (gsize at = 0; type != NULL && at < G_N_ELEMENTS(formats); at++)
        if (strcmp(formats[at].type, type) == 0)
            return &formats[at];
    return NULL;
}

static gboolean is_safe_url(const char *url) {
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:", "tg://"};
    for (gsize at = 0; url != NULL && at < G_N_ELEMENTS(schemes); at++)
        if (g_ascii_strncasecmp(url, schemes[at], strlen(schemes[at])) == 0)
            return TRUE;
    return FALSE;
}

static gboolean entity_read(const json_t *json, gint64 length, Entity *entity) {
    entity->start = json_path_integer(json, "offset", -1);
    gint64 size = json_path_integer(json, "length", -1);
    entity->format = format_find(json_path_string(json, "type"));
    entity->url = json_path_string(json, "url");
    if (entity->format == NULL || entity->start < 0 || size <= 0 || entity->start > length ||
        size > length - entity->start)
        return FALSE;
    entity->end = entity->start + size;
    return strcmp(entity->format->type, "text_link") != 0 || is_safe_url(entity->url);
}

// Outer ones first.
static gint entity_compare(gconstpointer a, gconstpointer b) {
    const Entity *left = a;
    const Entity *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return left->end > right->end ? -1 : left->end < right->end;
}

static GArray *entities_read(const json_t *json, gint64 length) {
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Entity));
    for (gsize at = 0; at < json_array_size(json) && list->len < ENTITIES_MAX; at++) {
        Entity entity;
        if (entity_read(json_array_get(json, at), length, &entity))
            g_array_append_val(list, entity);
    }
    g_array_sort(list, entity_compare);
    return list;
}

static void append_char(GString *html, gunichar c) {
    switch (c) {
    case '<':
        g_string_append(html, "&lt;");
        break;
    case '>':
        g_string_append(html, "&gt;");
        break;
    case '&':
        g_string_append(html, "&amp;");
        break;
    case '"':
        g_string_append(html, "&quot;");
        break;
    case '\n':
        g_string_append(html, "<br>");
        break;
    default:
        g_string_append_unichar(html, c);
    }
}

static void append_open(GString *html, const Entity *entity) {
    g_string_append(html, entity->format->open);
    if (strcmp(entity->format->type, "text_link") != 0)
        return;
    for (const char *at = entity->url; *at != '\0'; at = g_utf8_next_char(at))
        append_char(html, g_utf8_get_char(at));
    g_string_append(html, "\">");
}

// Opens what begins here, cut to its parent's end so that they always nest.
static void open_entities(GString *html, GArray *list, guint *next, gint64 offset, GArray *stack) {
    for (; *next < list->len; (*next)++) {
        Entity entity = g_array_index(list, Entity, *next);
        if (entity.start > offset)
            return;
        if (stack->len > 0)
            entity.end = MIN(entity.end, g_array_index(stack, Entity, stack->len - 1).end);
        if (entity.end <= offset)
            continue;
        append_open(html, &entity);
        g_array_append_val(stack, entity);
    }
}

static void close_entities(GString *html, gint64 offset, GArray *stack) {
    while (stack->len > 0) {
        const Entity *top = &g_array_index(stack, Entity, stack->len - 1);
        if (top->end > offset)
            return;
        g_string_append(html, top->format->close);
        g_array_set_size(stack, stack->len - 1);
    }
}

static gint64 utf16_length(const char *text) {
    gint64 length = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        length += g_utf8_get_char(at) > 0xffff ? 2 : 1;
    return length;
}

char *telegram_entities_to_html(const char *text, const json_t *entities) {
    if (json_array_size(entities) == 0)
        return NULL;
    g_autoptr(GArray) list = entities_read(entities, utf16_length(text));
    if (list->len == 0)
        return NULL;
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(Entity));
    GString *html = g_string_new(NULL);
    guint next = 0;
    gint64 offset = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        close_entities(html, offset, stack);
        open_entities(html, list, &next, offset, stack);
        append_char(html, c);
        offset += c > 0xffff ? 2 : 1;
    }
    close_entities(html, G_MAXINT64, stack);
    return g_string_free(html, FALSE);
}
