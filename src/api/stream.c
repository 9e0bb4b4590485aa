#include "api/stream.h"

#include <string.h>

#define READER_PATIENCE (60 * G_TIME_SPAN_SECOND)

struct ApiStream {
    gatomicrefcount references;
    GMutex mutex;
    GCond changed;
    GByteArray *bytes;
    gsize taken; // bytes at the front that were read already
    gboolean is_ended;
    gboolean is_cut;
    gboolean is_closed;
    ApiStreamWake wake;
    gpointer wake_data;
    ApiStreamWake cut;
    gpointer cut_data;
};

ApiStream *api_stream_new(void) {
    ApiStream *stream = g_new0(ApiStream, 1);
    g_atomic_ref_count_init(&stream->references);
    g_mutex_init(&stream->mutex);
    g_cond_init(&stream->changed);
    stream->bytes = g_byte_array_new();
    return stream;
}

ApiStream *api_stream_ref(ApiStream *stream) {
    g_atomic_ref_count_inc(&stream->references);
    return stream;
}

void api_stream_unref(ApiStream *stream) {
    if (stream == NULL || !g_atomic_ref_count_dec(&stream->references))
        return;
    g_byte_array_unref(stream->bytes);
    g_cond_clear(&stream->changed);
    g_mutex_clear(&stream->mutex);
    g_free(stream);
}

static void wake_reader(ApiStream *stream) {
    ApiStreamWake wake = stream->wake;
    stream->wake = NULL;
    if (wake != NULL)
        wake(stream->wake_data);
    g_cond_broadcast(&stream->changed);
}

static void cut(ApiStream *stream) {
    ApiStreamWake call = stream->is_cut || stream->is_closed ? NULL : stream->cut;
    stream->is_cut = TRUE;
    if (call != NULL)
        call(stream->cut_data);
    wake_reader(stream);
}

static gsize backlog(const ApiStream *stream) {
    return stream->bytes->len - stream->taken;
}

static void append(ApiStream *stream, const void *data, gsize length) {
    if (stream->taken > 0 && stream->taken == stream->bytes->len) {
        g_byte_array_set_size(stream->bytes, 0);
        stream->taken = 0;
    } else if (stream->taken > API_STREAM_BACKLOG) {
        g_byte_array_remove_range(stream->bytes, 0, (guint)stream->taken);
        stream->taken = 0;
    }
    g_byte_array_append(stream->bytes, data, (guint)length);
    wake_reader(stream);
}

gboolean api_stream_write(ApiStream *stream, const void *data, gsize length) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    gint64 deadline = g_get_monotonic_time() + READER_PATIENCE;
    while (!stream->is_closed && backlog(stream) >= API_STREAM_BACKLOG)
        if (!g_cond_wait_until(&stream->changed, &stream->mutex, deadline))
            stream->is_closed = TRUE;
    if (stream->is_closed)
        return FALSE;
    append(stream, data, length);
    return TRUE;
}

gboolean api_stream_offer(ApiStream *stream, const void *data, gsize length) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    if (stream->is_closed || stream->is_cut)
        return FALSE;
    if (backlog(stream) + length > API_STREAM_BACKLOG) {
        cut(stream);
        return FALSE;
    }
    append(stream, data, length);
    return TRUE;
}

gsize api_stream_backlog(ApiStream *stream) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    return backlog(stream);
}

void api_stream_end(ApiStream *stream) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    stream->is_ended = TRUE;
    wake_reader(stream);
}

void api_stream_cut(ApiStream *stream) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    cut(stream);
}

static StreamState take(ApiStream *stream, void *buffer, gsize size, gsize *length) {
    *length = 0;
    if (stream->is_cut)
        return STREAM_CUT;
    gsize waiting = backlog(stream);
    if (waiting == 0)
        return stream->is_ended ? STREAM_ENDED : STREAM_EMPTY;
    *length = MIN(waiting, size);
    memcpy(buffer, stream->bytes->data + stream->taken, *length);
    stream->taken += *length;
    g_cond_broadcast(&stream->changed);
    return STREAM_BYTES;
}

StreamState api_stream_read(ApiStream *stream, void *buffer, gsize size, gsize *length,
                            ApiStreamWake before_wait, ApiStreamWake wake, gpointer data) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    StreamState state = take(stream, buffer, size, length);
    if (state == STREAM_EMPTY) {
        if (before_wait != NULL)
            before_wait(data);
        stream->wake = wake;
        stream->wake_data = data;
    }
    return state;
}

void api_stream_on_cut(ApiStream *stream, ApiStreamWake call, gpointer data) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    stream->cut = call;
    stream->cut_data = data;
    if (stream->is_cut)
        call(data);
}

StreamState api_stream_read_wait(ApiStream *stream, void *buffer, gsize size, gsize *length) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    StreamState state;
    while ((state = take(stream, buffer, size, length)) == STREAM_EMPTY)
        g_cond_wait(&stream->changed, &stream->mutex);
    return state;
}

void api_stream_close(ApiStream *stream) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&stream->mutex);
    stream->is_closed = TRUE;
    stream->wake = NULL;
    g_cond_broadcast(&stream->changed);
}
