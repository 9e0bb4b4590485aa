// What goes over the socket between parser_pool and parser_process: frames of a header and a
// payload, and the payload of an answer. Both ends are the same program, so integers are native.
// The reading half treats answers as hostile: every length is checked against the bytes that came.
#pragma once

#include "model/incoming.h"

typedef enum {
    FRAME_MAIL = 1, // work: raw mail
    FRAME_HTML,     // work: HTML
    FRAME_INCOMING, // answer to FRAME_MAIL
    FRAME_CLEAN,    // answer to FRAME_HTML
    FRAME_ERROR,    // answer: it could not be decoded
} FrameKind;

typedef struct {
    guint32 kind;
    guint32 id; // answers bear the id of their work, in the order of the work
    guint64 length;
} FrameHeader;

#define FRAME_WORK_MAXIMUM (256ull << 20)   // bytes of one piece of work
#define FRAME_ANSWER_MAXIMUM (192ull << 20) // bytes of one answer

// Blocking, for the process. FALSE when the socket has closed.
gboolean frame_read(int descriptor, FrameHeader *header, GBytes **payload);
gboolean frame_write_incoming(int descriptor, guint32 id, Incoming *incoming);
gboolean frame_write_clean(int descriptor, guint32 id, const char *clean, const char *text);
gboolean frame_write_error(int descriptor, guint32 id, const GError *error);

// For the pool. The attachments share payload's memory. NULL with an error (invalid
// "parser_answer") when the payload is not what it should be.
Incoming *frame_parse_incoming(GBytes *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean frame_parse_clean(GBytes *payload, char **clean, char **text, GError **error);

// The error that the process reported, as ours.
void frame_parse_error(GBytes *payload, GError **error);
