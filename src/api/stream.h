// The body of an answer that is made while it is sent: exports, CSV, server-sent events. A bounded
// queue of bytes between one producer (a work thread, the live events' thread) and one consumer
// (the HTTP server, dialogctl in process). Reference-counted, any thread.
#pragma once

#include <glib.h>

typedef struct ApiStream ApiStream;

#define API_STREAM_BACKLOG (1024 * 1024) // bytes that may wait for a slow reader

// One reference for the producer; the consumer takes its own.
ApiStream *api_stream_new(void) G_GNUC_WARN_UNUSED_RESULT;
ApiStream *api_stream_ref(ApiStream *stream) G_GNUC_WARN_UNUSED_RESULT;
void api_stream_unref(ApiStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiStream, api_stream_unref)

// Producer: queues bytes and waits while the backlog is full. FALSE when the reader has gone, or
// took nothing for 60 s. Only on threads that may block.
gboolean api_stream_write(ApiStream *stream, const void *data, gsize length);

// Producer: queues bytes without waiting. FALSE, and the stream is cut, when the reader has gone or
// the backlog would pass API_STREAM_BACKLOG.
gboolean api_stream_offer(ApiStream *stream, const void *data, gsize length);

// Producer: bytes that wait to be read.
gsize api_stream_backlog(ApiStream *stream);

// Producer: all is written. A stream unreferenced without it ends as an error, so that a reader
// cannot take half an export for the whole.
void api_stream_end(ApiStream *stream);

// Producer: gives up; the reader sees a broken answer.
void api_stream_cut(ApiStream *stream);

typedef enum { STREAM_BYTES, STREAM_EMPTY, STREAM_ENDED, STREAM_CUT } StreamState;

// Called when bytes or the end have come after STREAM_EMPTY, once for each; with the stream locked,
// so it must only wake somebody.
typedef void (*ApiStreamWake)(gpointer data);

// Consumer: up to size bytes into buffer. On STREAM_EMPTY, wake (may be NULL) is called later.
// before_wait, if any, runs first, under the same lock, so that no wake can be missed.
StreamState api_stream_read(ApiStream *stream, void *buffer, gsize size, gsize *length,
                            ApiStreamWake before_wait, ApiStreamWake wake, gpointer data);

// Consumer: what to call when the producer cuts the stream, at most once and not after
// api_stream_close; with the stream locked. For a consumer that may be stuck with the bytes it
// took.
void api_stream_on_cut(ApiStream *stream, ApiStreamWake cut, gpointer data);

// Consumer: waits for bytes or the end.
StreamState api_stream_read_wait(ApiStream *stream, void *buffer, gsize size, gsize *length);

// Consumer: reads no more; the producer's next write says FALSE. No wake comes after it.
void api_stream_close(ApiStream *stream);
