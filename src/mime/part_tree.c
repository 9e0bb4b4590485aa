#include "mime/part_tree.h"

#include <string.h>

#include "mime/charset.h"
#include "mime/mail_decode.h"

#define BOUNDARY_MAXIMUM 2048
#define GUESS_BYTES 65536 // of a body in which a boundary is looked for

// A multipart whose end has not been seen.
typedef struct {
    guint part;
    const char *boundary;
    gsize length;
} Open;

typedef struct {
    const char *data;
    gsize length;
    GArray *parts;
    GArray *open; // of Open, outermost first
} Reader;

// A boundary line: where it is, of which open multipart, and whether it closes that.
typedef struct {
    gsize line;  // offset of "--"
    gsize next;  // offset of the line behind
    guint level; // index in open
    gboolean is_final;
} Delimiter;

static const MailPart *part_at(const Reader *reader, guint index) {
    return &g_array_index(reader->parts, MailPart, index);
}

static gboolean is_end_of_line(const char *from, const char *end) {
    while (from < end && (*from == ' ' || *from == '\t' || *from == '\r'))
        from++;
    return from == end || *from == '\n';
}

// Whether the line at offset, which begins with "--", is a boundary of one of the open multiparts.
// Exact lines count first, then lines with something behind the boundary that are none of a longer
// one.
static gboolean delimiter_match(const Reader *reader, gsize offset, Delimiter *found) {
    const char *end = reader->data + reader->length;
    const char *text = reader->data + offset + 2;
    for (guint level = reader->open->len; level-- > 0;) {
        const Open *open = &g_array_index(reader->open, Open, level);
        if ((gsize)(end - text) < open->length || memcmp(text, open->boundary, open->length) != 0)
            continue;
        const char *after = text + open->length;
        gboolean is_final = end - after >= 2 && after[0] == '-' && after[1] == '-';
        if (!is_end_of_line(after, end) && !is_final)
            continue;
        const char *newline = memchr(after, '\n', (gsize)(end - after));
        found->line = offset;
        found->next = newline != NULL ? (gsize)(newline + 1 - reader->data) : reader->length;
        found->level = level;
        found->is_final = is_final;
        return TRUE;
    }
    return FALSE;
}

// The next boundary line at or after offset, which is the beginning of a line.
static gboolean delimiter_find(const Reader *reader, gsize offset, Delimiter *found) {
    if (reader->open->len == 0)
        return FALSE;
    const char *end = reader->data + reader->length;
    const char *at = reader->data + offset;
    if (end - at >= 2 && at[0] == '-' && at[1] == '-' && delimiter_match(reader, offset, found))
        return TRUE;
    while (at < end && (at = memmem(at, (gsize)(end - at), "\n--", 3)) != NULL) {
        if (delimiter_match(reader, (gsize)(at + 1 - reader->data), found))
            return TRUE;
        at += 3;
    }
    return FALSE;
}

// The line break before a boundary belongs to the boundary.
static gsize without_line_break(const char *data, gsize start, gsize end) {
    if (end > start && data[end - 1] == '\n')
        end--;
    if (end > start && data[end - 1] == '\r')
        end--;
    return end;
}

static const char *default_type(const Reader *reader, guint parent) {
    if (parent == PART_NONE)
        return "text/plain";
    const char *type = part_at(reader, parent)->type.value;
    return strcmp(type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain";
}

static gboolean is_type(const char *type) {
    const char *slash = strchr(type, '/');
    return slash != NULL && slash != type && slash[1] != '\0';
}

// "base64", out of '"Base64" (rfc2045)' too.
static char *encoding_word(const char *value) {
    const char *word = value != NULL ? value + strspn(value, " \t\"'") : "";
    return g_ascii_strdown(word, (gssize)strcspn(word, " \t;(\"'"));
}

// What to take a part for whose type is absent or none; a named file keeps what was declared.
static const char *mended_type(const Reader *reader, const MailPart *part) {
    const char *type = part->type.value;
    if (header_parameters_get(&part->type, "boundary") != NULL)
        return "multipart/mixed";
    gboolean is_file = header_parameters_get(&part->type, "name") != NULL ||
                       header_parameters_get(&part->disposition, "filename") != NULL;
    if (type[0] == '\0' || g_str_has_prefix(type, "text") || !is_file)
        return default_type(reader, part->parent);
    return type;
}

static void part_type_read(const Reader *reader, MailPart *part) {
    g_autofree char *type = header_block_get(&part->headers, "Content-Type");
    g_autofree char *disposition = header_block_get(&part->headers, "Content-Disposition");
    g_autofree char *encoding = header_block_get(&part->headers, "Content-Transfer-Encoding");
    header_parameters_parse(&part->type, type);
    header_parameters_parse(&part->disposition, disposition);
    if (!is_type(part->type.value)) {
        char *mended = g_strdup(mended_type(reader, part));
        g_free(part->type.value);
        part->type.value = mended;
    }
    part->encoding = encoding_word(encoding);
}

// Reads the headers of a part whose bytes end at end at the latest; its index.
static guint part_add(Reader *reader, guint parent, gsize start, gsize end) {
    MailPart part = {.parent = parent, .message = PART_NONE};
    if (parent != PART_NONE) {
        const MailPart *around = part_at(reader, parent);
        part.depth = around->depth + 1;
        part.message = g_str_has_prefix(around->type.value, "message/") ? parent : around->message;
    }
    header_block_scan(&part.headers, reader->data + start, end - start);
    part_type_read(reader, &part);
    part.body = reader->data + start + part.headers.body_offset;
    part.length = end - start - part.headers.body_offset;
    g_array_append_val(reader->parts, part);
    return reader->parts->len - 1;
}

static gboolean is_identity(const char *encoding) {
    return strcmp(encoding, "base64") != 0 && strcmp(encoding, "quoted-printable") != 0 &&
           !g_str_has_prefix(encoding, "x-uu") && !g_str_has_prefix(encoding, "uu");
}

static gboolean can_descend(const Reader *reader, const MailPart *part) {
    return part->depth < MAIL_DEPTH_MAXIMUM && reader->parts->len < MAIL_PARTS_MAXIMUM;
}

static gboolean is_message(const MailPart *part) {
    return strcmp(part->type.value, "message/rfc822") == 0 ||
           strcmp(part->type.value, "message/global") == 0 ||
           strcmp(part->type.value, "message/news") == 0;
}

static gboolean boundary_occurs(const MailPart *part, const char *boundary) {
    g_autofree char *line = g_strconcat("--", boundary, NULL);
    return memmem(part->body, part->length, line, strlen(line)) != NULL;
}

// The boundary that the body seems to have: the first line of "--" above a header of a part.
static char *boundary_guess(const MailPart *part) {
    const char *end = part->body + MIN(part->length, GUESS_BYTES);
    for (const char *line = part->body; line < end;) {
        const char *newline = memchr(line, '\n', (gsize)(end - line));
        if (newline == NULL)
            return NULL;
        gsize length = (gsize)(newline - line);
        if (length > 3 && length < 200 && line[0] == '-' && line[1] == '-' && end - newline > 8 &&
            g_ascii_strncasecmp(newline + 1, "Content-", 8) == 0)
            return g_strchomp(g_strndup(line + 2, length - 2));
        line = newline + 1;
    }
    return NULL;
}

// Declared, or guessed where the declared one is missing or stands nowhere. Borrowed; NULL: none.
static const char *boundary_get(MailPart *part) {
    const char *declared = header_parameters_get(&part->type, "boundary");
    if (declared != NULL && declared[0] != '\0' && strlen(declared) <= BOUNDARY_MAXIMUM &&
        boundary_occurs(part, declared))
        return declared;
    g_autofree char *guess = boundary_guess(part);
    if (guess == NULL || guess[0] == '\0')
        return NULL;
    header_parameters_set(&part->type, "boundary", guess);
    return header_parameters_get(&part->type, "boundary");
}

// Opens the multiparts that begin with this part: itself, or within the mail that it bears.
static void part_open(Reader *reader, guint index) {
    for (;;) {
        MailPart *part = &g_array_index(reader->parts, MailPart, index);
        if (!can_descend(reader, part))
            return;
        gboolean is_multipart = g_str_has_prefix(part->type.value, "multipart/");
        const char *boundary = is_multipart ? boundary_get(part) : NULL;
        if (boundary != NULL) {
            part->is_container = TRUE;
            Open open = {index, boundary, strlen(boundary)};
            g_array_append_val(reader->open, open);
            return;
        }
        if (!is_message(part) || !is_identity(part->encoding))
            return;
        part->is_container = TRUE;
        gsize start = (gsize)(part->body - reader->data);
        index = part_add(reader, index, start, start + part->length);
    }
}

// Closes what is open inside and including level; ends the bodies there.
static void close_from(Reader *reader, guint level, gsize end) {
    for (guint at = level; at < reader->open->len; at++) {
        MailPart *part =
            &g_array_index(reader->parts, MailPart, g_array_index(reader->open, Open, at).part);
        gsize start = (gsize)(part->body - reader->data);
        part->length = end > start ? end - start : 0;
    }
    g_array_set_size(reader->open, level);
}

// The part behind a boundary line, up to the next one; returns where reading goes on.
static gsize part_read(Reader *reader, guint parent, gsize start) {
    Delimiter next;
    gboolean has_next = delimiter_find(reader, start, &next);
    gsize end = has_next ? without_line_break(reader->data, start, next.line) : reader->length;
    guint index = part_add(reader, parent, start, end);
    guint before = reader->open->len;
    part_open(reader, index);
    if (reader->open->len == before)
        return has_next ? next.line : reader->length;
    const MailPart *inner = part_at(reader, reader->parts->len - 1);
    return (gsize)(inner->body - reader->data);
}

// Mailers that write raw 8-bit headers write them in the charset of the text.
static void headers_mend(Reader *reader) {
    for (guint at = 0; at < reader->parts->len; at++) {
        const MailPart *part = part_at(reader, at);
        const char *charset = header_parameters_get(&part->type, "charset");
        if (part->message != PART_NONE || !g_str_has_prefix(part->type.value, "text/") ||
            charset == NULL)
            continue;
        g_array_index(reader->parts, MailPart, 0).headers.charset =
            charset_is_regional(charset) ? charset : NULL;
        return;
    }
}

// A multipart in which no boundary was ever seen: its body is text, as far as anybody can tell.
static void parts_mend(Reader *reader) {
    g_autofree gboolean *has_parts = g_new0(gboolean, reader->parts->len);
    for (guint at = 1; at < reader->parts->len; at++)
        has_parts[part_at(reader, at)->parent] = TRUE;
    for (guint at = 0; at < reader->parts->len; at++) {
        MailPart *part = &g_array_index(reader->parts, MailPart, at);
        if (has_parts[at] || !g_str_has_prefix(part->type.value, "multipart/"))
            continue;
        part->is_container = FALSE;
        g_free(part->type.value);
        part->type.value = g_strdup("text/plain");
    }
}

void part_tree_read(PartTree *tree, const char *data, gsize length) {
    tree->parts = g_array_sized_new(FALSE, FALSE, sizeof(MailPart), 8);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
    Reader reader = {data, length, tree->parts, open};
    part_add(&reader, PART_NONE, 0, length);
    part_open(&reader, 0);
    gsize offset = (gsize)(part_at(&reader, reader.parts->len - 1)->body - data);
    Delimiter found;
    while (delimiter_find(&reader, offset, &found)) {
        guint parent = g_array_index(open, Open, found.level).part;
        guint keep = found.is_final ? found.level : found.level + 1;
        close_from(&reader, keep, without_line_break(data, 0, found.line));
        if (found.is_final || reader.parts->len >= MAIL_PARTS_MAXIMUM)
            offset = found.next;
        else
            offset = part_read(&reader, parent, found.next);
    }
    close_from(&reader, 0, length);
    parts_mend(&reader);
    headers_mend(&reader);
}

static void part_clear(MailPart *part) {
    header_block_clear(&part->headers);
    header_parameters_clear(&part->type);
    header_parameters_clear(&part->disposition);
    g_free(part->encoding);
}

void part_tree_clear(PartTree *tree) {
    for (guint at = 0; at < tree->parts->len; at++)
        part_clear(&g_array_index(tree->parts, MailPart, at));
    g_clear_pointer(&tree->parts, g_array_unref);
}

const MailPart *part_tree_get(const PartTree *tree, guint index) {
    return &g_array_index(tree->parts, MailPart, index);
}
