#include "mime/header_block.h"

#include <string.h>

#include "mime/charset.h"
#include "mime/mail_decode.h"

typedef struct {
    const char *start;
    gsize length; // without the line break
    gsize next;   // offset of the next line
} Line;

static Line line_at(const char *data, gsize length, gsize offset) {
    const char *start = data + offset;
    const char *newline = memchr(start, '\n', length - offset);
    gsize end = newline != NULL ? (gsize)(newline - data) : length;
    Line line = {start, end - offset, newline != NULL ? end + 1 : length};
    if (line.length > 0 && start[line.length - 1] == '\r')
        line.length--;
    return line;
}

// Length of the field name if the line begins a field, else 0. Blanks before the colon are allowed.
static gsize field_name_length(const Line *line) {
    gsize at = 0;
    while (at < line->length && (guchar)line->start[at] > 32 && line->start[at] != ':')
        at++;
    gsize name = at;
    while (at < line->length && (line->start[at] == ' ' || line->start[at] == '\t'))
        at++;
    return at < line->length && line->start[at] == ':' ? name : 0;
}

static gboolean is_blank(const Line *line) {
    return line->length == 0;
}

static gboolean is_continuation(const Line *line) {
    return line->length > 0 && (line->start[0] == ' ' || line->start[0] == '\t');
}

// What looks like a boundary where headers should begin.
static gboolean is_dashed(const Line *line) {
    return line->length > 2 && line->start[0] == '-' && line->start[1] == '-';
}

// A line that is no field: junk among headers if another field follows before the empty line,
// or the empty line stands near, else the body has begun without one.
static gboolean is_junk_line(const char *data, gsize length, gsize offset,
                             gboolean is_behind_fields) {
    for (guint lines = 0; lines < 4 && offset < length; lines++) {
        Line line = line_at(data, length, offset);
        if (is_blank(&line))
            return is_behind_fields;
        if (field_name_length(&line) > 0)
            return TRUE;
        offset = line.next;
    }
    return FALSE;
}

static void field_add(HeaderBlock *block, const Line *line, gsize name_length) {
    if (block->fields->len >= MAIL_HEADERS_MAXIMUM)
        return;
    const char *colon = memchr(line->start, ':', line->length);
    const char *value = colon + 1;
    HeaderField field = {line->start, name_length, value,
                         line->length - (gsize)(value - line->start)};
    field.value_length = MIN(field.value_length, MAIL_HEADER_LINE_MAXIMUM);
    g_array_append_val(block->fields, field);
}

static void field_extend(HeaderBlock *block, const Line *line) {
    HeaderField *field = &g_array_index(block->fields, HeaderField, block->fields->len - 1);
    gsize length = (gsize)(line->start + line->length - field->value);
    field->value_length = MIN(length, MAIL_HEADER_LINE_MAXIMUM);
}

void header_block_scan(HeaderBlock *block, const char *data, gsize length) {
    block->charset = NULL;
    block->fields = g_array_sized_new(FALSE, FALSE, sizeof(HeaderField), 32);
    gboolean is_open = FALSE; // the last field may go on
    gsize offset = 0;
    while (offset < length) {
        Line line = line_at(data, length, offset);
        if (is_blank(&line)) {
            block->body_offset = line.next;
            return;
        }
        gboolean is_within = offset <= MAIL_HEADER_BYTES_MAXIMUM;
        gsize name_length;
        if (is_continuation(&line)) {
            if (is_open && is_within)
                field_extend(block, &line);
        } else if ((name_length = field_name_length(&line)) > 0) {
            is_open = is_within && block->fields->len < MAIL_HEADERS_MAXIMUM;
            if (is_within)
                field_add(block, &line, name_length);
        } else if (!(block->fields->len == 0 && is_dashed(&line)) &&
                   is_junk_line(data, length, line.next, block->fields->len > 0)) {
            is_open = FALSE;
        } else {
            block->body_offset = offset;
            return;
        }
        offset = line.next;
    }
    block->body_offset = length;
}

void header_block_clear(HeaderBlock *block) {
    g_clear_pointer(&block->fields, g_array_unref);
}

static gboolean is_named(const HeaderField *field, const char *name, gsize length) {
    return field->name_length == length && g_ascii_strncasecmp(field->name, name, length) == 0;
}

const HeaderField *header_block_find(const HeaderBlock *block, const char *name) {
    gsize length = strlen(name);
    for (guint at = 0; at < block->fields->len; at++) {
        const HeaderField *field = &g_array_index(block->fields, HeaderField, at);
        if (is_named(field, name, length))
            return field;
    }
    return NULL;
}

char *header_field_unfold(const HeaderField *field) {
    char *text = g_malloc(field->value_length + 1);
    gsize length = 0;
    for (gsize at = 0; at < field->value_length; at++) {
        char byte = field->value[at];
        if (byte != '\r' && byte != '\n' && byte != '\0')
            text[length++] = byte;
    }
    text[length] = '\0';
    return g_strstrip(text);
}

static char *field_read(const HeaderBlock *block, const HeaderField *field) {
    char *text = header_field_unfold(field);
    if (block->charset == NULL || g_utf8_validate(text, -1, NULL))
        return text;
    char *converted = charset_to_utf8(block->charset, text, strlen(text));
    g_free(text);
    return converted;
}

char *header_block_get(const HeaderBlock *block, const char *name) {
    const HeaderField *field = header_block_find(block, name);
    return field != NULL ? field_read(block, field) : NULL;
}

GPtrArray *header_block_list(const HeaderBlock *block, const char *name, guint maximum) {
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    gsize length = strlen(name);
    for (guint at = 0; at < block->fields->len && values->len < maximum; at++) {
        const HeaderField *field = &g_array_index(block->fields, HeaderField, at);
        if (is_named(field, name, length))
            g_ptr_array_add(values, field_read(block, field));
    }
    return values;
}
