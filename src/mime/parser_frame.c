#include "mime/parser_frame.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/error.h"

// The payload of an answer: Preface, one length for each segment, the JSON, the segments.
typedef struct {
    guint32 json_length;
    guint32 segments;
} Preface;

#define SEGMENT_ABSENT G_MAXUINT64     // NULL
#define SEGMENT_TEXT (G_MAXUINT64 - 1) // the same as the first segment
#define SEGMENTS_MAXIMUM 2048
#define TEXTS 4 // text, new_text, html, quoted_text come before the attachments
#define SENDMSG_PIECES 512

static gboolean read_all(int descriptor, void *to, gsize length) {
    char *at = to;
    while (length > 0) {
        ssize_t count = recv(descriptor, at, length, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return FALSE;
        at += count;
        length -= (gsize)count;
    }
    return TRUE;
}

gboolean frame_read(int descriptor, FrameHeader *header, GBytes **payload) {
    if (!read_all(descriptor, header, sizeof *header) || header->length > FRAME_WORK_MAXIMUM)
        return FALSE;
    char *data = g_malloc(header->length + 1);
    if (!read_all(descriptor, data, header->length)) {
        g_free(data);
        return FALSE;
    }
    *payload = g_bytes_new_take(data, header->length);
    return TRUE;
}

static void piece_add(GArray *pieces, const void *data, gsize length) {
    struct iovec piece = {(void *)(guintptr)data, length};
    if (length > 0)
        g_array_append_val(pieces, piece);
}

static void pieces_advance(GArray *pieces, guint *first, gsize count) {
    while (count > 0) {
        struct iovec *piece = &g_array_index(pieces, struct iovec, *first);
        gsize step = MIN(count, piece->iov_len);
        piece->iov_base = (char *)piece->iov_base + step;
        piece->iov_len -= step;
        count -= step;
        if (piece->iov_len == 0)
            (*first)++;
    }
}

static gboolean write_pieces(int descriptor, GArray *pieces) {
    guint first = 0;
    while (first < pieces->len) {
        struct msghdr message = {0};
        message.msg_iov = &g_array_index(pieces, struct iovec, first);
        message.msg_iovlen = MIN(pieces->len - first, SENDMSG_PIECES);
        ssize_t count = sendmsg(descriptor, &message, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return FALSE;
        pieces_advance(pieces, &first, (gsize)count);
    }
    return TRUE;
}

// header, preface and lengths are completed here; segments are those of lengths that are present.
static gboolean write_answer(int descriptor, FrameHeader header, const char *json,
                             const GArray *lengths, const GArray *segments) {
    Preface preface = {(guint32)strlen(json), lengths->len};
    header.length = sizeof preface + lengths->len * sizeof(guint64) + preface.json_length;
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    piece_add(pieces, &header, sizeof header);
    piece_add(pieces, &preface, sizeof preface);
    piece_add(pieces, lengths->data, lengths->len * sizeof(guint64));
    piece_add(pieces, json, preface.json_length);
    for (guint at = 0; at < segments->len; at++) {
        const struct iovec *segment = &g_array_index(segments, struct iovec, at);
        header.length += segment->iov_len;
        piece_add(pieces, segment->iov_base, segment->iov_len);
    }
    return write_pieces(descriptor, pieces);
}

static void segment_add(GArray *lengths, GArray *segments, const void *data, gsize length) {
    guint64 size = length;
    g_array_append_val(lengths, size);
    piece_add(segments, data, length);
}

static void text_add(GArray *lengths, GArray *segments, const char *text) {
    guint64 absent = SEGMENT_ABSENT;
    if (text == NULL)
        g_array_append_val(lengths, absent);
    else
        segment_add(lengths, segments, text, strlen(text));
}

static void texts_add(GArray *lengths, GArray *segments, char *const texts[TEXTS]) {
    guint64 same = SEGMENT_TEXT;
    text_add(lengths, segments, texts[0]);
    if (strcmp(texts[0], texts[1]) == 0)
        g_array_append_val(lengths, same);
    else
        text_add(lengths, segments, texts[1]);
    text_add(lengths, segments, texts[2]);
    text_add(lengths, segments, texts[3]);
}

// The long texts travel beside the JSON, where they need no escaping.
gboolean frame_write_incoming(int descriptor, guint32 id, Incoming *incoming) {
    char *texts[TEXTS] = {g_steal_pointer(&incoming->text), g_steal_pointer(&incoming->new_text),
                          g_steal_pointer(&incoming->html),
                          g_steal_pointer(&incoming->quoted_text)};
    g_autoptr(GArray) lengths = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    texts_add(lengths, segments, texts);
    for (guint at = 0; at < incoming->attachments->len; at++) {
        gsize length;
        const Attachment *attachment = incoming->attachments->pdata[at];
        const void *data = g_bytes_get_data(attachment->bytes, &length);
        segment_add(lengths, segments, data, length);
    }
    json_t *json = incoming_to_json(incoming);
    char *meta = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    FrameHeader header = {FRAME_INCOMING, id, 0};
    gboolean is_written = write_answer(descriptor, header, meta, lengths, segments);
    free(meta);
    for (gsize at = 0; at < TEXTS; at++)
        g_free(texts[at]);
    return is_written;
}

gboolean frame_write_clean(int descriptor, guint32 id, const char *clean, const char *text) {
    g_autoptr(GArray) lengths = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    text_add(lengths, segments, clean);
    text_add(lengths, segments, text);
    FrameHeader header = {FRAME_CLEAN, id, 0};
    return write_answer(descriptor, header, "", lengths, segments);
}

gboolean frame_write_error(int descriptor, guint32 id, const GError *error) {
    g_autoptr(GArray) lengths = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    text_add(lengths, segments, error_code(error));
    text_add(lengths, segments, error->message);
    FrameHeader header = {FRAME_ERROR, id, 0};
    return write_answer(descriptor, header, "", lengths, segments);
}

// An answer taken apart; the spans borrow from its payload.
typedef struct {
    GBytes *payload;
    const char *json;
    gsize json_length;
    guint segments;
    gsize offsets[SEGMENTS_MAXIMUM];
    guint64 lengths[SEGMENTS_MAXIMUM];
} Answer;

static gboolean fail(GError **error) {
    error_set(error, ERROR_INVALID, "parser_answer", "a parser process gave a broken answer");
    return FALSE;
}

static gboolean answer_split(Answer *answer, GBytes *payload, GError **error) {
    gsize size;
    const char *data = g_bytes_get_data(payload, &size);
    Preface preface;
    if (size < sizeof preface)
        return fail(error);
    memcpy(&preface, data, sizeof preface);
    gsize offset = sizeof preface + preface.segments * sizeof(guint64);
    if (preface.segments > SEGMENTS_MAXIMUM || offset > size || preface.json_length > size - offset)
        return fail(error);
    answer->payload = payload;
    answer->segments = preface.segments;
    answer->json = data + offset;
    answer->json_length = preface.json_length;
    offset += preface.json_length;
    memcpy(answer->lengths, data + sizeof preface, preface.segments * sizeof(guint64));
    for (guint at = 0; at < preface.segments; at++) {
        guint64 length = answer->lengths[at];
        answer->offsets[at] = offset;
        if (length == SEGMENT_ABSENT || length == SEGMENT_TEXT)
            continue;
        if (length > size - offset)
            return fail(error);
        offset += length;
    }
    return TRUE;
}

// The segment as text, or NULL when it is absent or no UTF-8.
static char *answer_text(const Answer *answer, guint segment) {
    if (segment >= answer->segments)
        return NULL;
    if (answer->lengths[segment] == SEGMENT_TEXT)
        segment = 0;
    guint64 length = answer->lengths[segment];
    if (length == SEGMENT_ABSENT || length == SEGMENT_TEXT)
        return NULL;
    const char *data = g_bytes_get_data(answer->payload, NULL);
    data += answer->offsets[segment];
    return g_utf8_validate_len(data, length, NULL) ? g_strndup(data, length) : NULL;
}

static gboolean attachments_fill(const Answer *answer, Incoming *incoming, GError **error) {
    if (answer->segments != incoming->attachments->len + TEXTS)
        return fail(error);
    for (guint at = 0; at < incoming->attachments->len; at++) {
        Attachment *attachment = incoming->attachments->pdata[at];
        guint64 length = answer->lengths[at + TEXTS];
        if (length == SEGMENT_ABSENT || length == SEGMENT_TEXT ||
            (gint64)length != attachment->size)
            return fail(error);
        attachment->bytes =
            g_bytes_new_from_bytes(answer->payload, answer->offsets[at + TEXTS], length);
    }
    return TRUE;
}

Incoming *frame_parse_incoming(GBytes *payload, GError **error) {
    g_autofree Answer *answer = g_new(Answer, 1);
    if (!answer_split(answer, payload, error))
        return NULL;
    json_t *json = json_loadb(answer->json, answer->json_length, 0, NULL);
    g_autoptr(Incoming) incoming = json != NULL ? incoming_from_json(json, NULL) : NULL;
    json_decref(json);
    char *text = answer_text(answer, 0);
    char *new_text = answer_text(answer, 1);
    if (incoming == NULL || incoming->mail == NULL || text == NULL || new_text == NULL) {
        g_free(text);
        g_free(new_text);
        fail(error);
        return NULL;
    }
    g_free(incoming->text);
    g_free(incoming->new_text);
    g_free(incoming->html);
    g_free(incoming->quoted_text);
    incoming->text = text;
    incoming->new_text = new_text;
    incoming->html = answer_text(answer, 2);
    incoming->quoted_text = answer_text(answer, 3);
    if (!attachments_fill(answer, incoming, error))
        return NULL;
    return g_steal_pointer(&incoming);
}

gboolean frame_parse_clean(GBytes *payload, char **clean, char **text, GError **error) {
    g_autofree Answer *answer = g_new(Answer, 1);
    if (!answer_split(answer, payload, error))
        return FALSE;
    g_autofree char *first = answer_text(answer, 0);
    g_autofree char *second = answer_text(answer, 1);
    if (first == NULL || second == NULL)
        return fail(error);
    *clean = g_steal_pointer(&first);
    *text = g_steal_pointer(&second);
    return TRUE;
}

void frame_parse_error(GBytes *payload, GError **error) {
    g_autofree Answer *answer = g_new(Answer, 1);
    if (!answer_split(answer, payload, error))
        return;
    g_autofree char *code = answer_text(answer, 0);
    gboolean is_empty = g_strcmp0(code, "mail_empty") == 0;
    error_set(error, ERROR_INVALID, is_empty ? "mail_empty" : "mail_undecodable",
              is_empty ? "the mail has no bytes" : "the mail could not be decoded");
}
