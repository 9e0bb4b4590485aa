// The pool's view of one parser process: its socket, the work that it holds, what has come back.
// Used by parser_pool on its one thread only. Never blocks.
#pragma once

#include <sys/types.h>

#include "mime/parser_frame.h"

// One piece of work on its way through the pool.
typedef struct {
    FrameKind kind;
    GBytes *payload;
    guint deaths;      // processes that died or overran with it
    gboolean is_alone; // must have a process of its own
    // Called once with the answer (FRAME_INCOMING or FRAME_CLEAN), or with NULL and an error, which
    // it takes.
    void (*answer)(GBytes *answer, GError *error, void *data);
    void *data;
} ParserWork;

typedef struct {
    int descriptor;
    pid_t pid;
    GQueue sending; // of ParserWork; the head may be half sent
    GQueue waiting; // of ParserWork, sent; the head is being worked on
    gsize sent;     // bytes of the head of sending, with its header
    guint32 next_id;
    guint32 answer_id; // that the next answer must bear
    FrameHeader header;
    char *answer;   // of the answer that is coming in
    gsize received; // bytes of it, with its header
    gint64 since;   // clock_monotonic() when the head was begun, or the last answer came
    guint served;
    guint64 served_bytes;
    gsize held_bytes; // payloads in both queues
} ParserChild;

// NULL with an error (unavailable) when no process can be started.
ParserChild *parser_child_new(GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Kills the process and reaps it. Work that it holds must have been taken away.
void parser_child_free(ParserChild *child);

// Takes the work. parser_child_write sends it.
void parser_child_push(ParserChild *child, ParserWork *work);

guint parser_child_count(const ParserChild *child);

// Sends what the socket takes. FALSE when the process is gone.
gboolean parser_child_write(ParserChild *child);
gboolean parser_child_wants_write(const ParserChild *child);

// Reads one answer if it is complete: *work and *answer are set then (owned, kind in header), else
// *work is NULL. FALSE when the process is gone or breaks the protocol.
gboolean parser_child_read(ParserChild *child, ParserWork **work, GBytes **answer, FrameKind *kind);

// The next piece of work that it holds, the one being worked on first; NULL when there is none.
ParserWork *parser_child_take(ParserChild *child);
