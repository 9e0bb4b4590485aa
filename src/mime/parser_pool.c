#include "mime/parser_pool.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "mime/parser_child.h"

#define PROCESSES_MAXIMUM 16
#define WORK_PER_PROCESS 16           // pieces that a process holds
#define BYTES_PER_PROCESS (2ul << 20) // of work that a process holds, but always one piece
#define SUSPECT_MS 700                // after this, what others wait behind is tried alone
#define TIME_MAXIMUM_MS 10000         // for one piece of work
#define IDLE_MAXIMUM_MS 60000         // then a process ends
#define SERVED_MAXIMUM 20000          // pieces, then a new process takes over
#define SERVED_BYTES_MAXIMUM (1024ull << 20)
#define DEATHS_MAXIMUM 2
#define STARTS_FAILED_PAUSE_MS 1000

struct ParserPool {
    guint maximum;
    GThread *thread;
    int wake; // eventfd
    GMutex mutex;
    GQueue incoming;   // of ParserWork; guarded by mutex
    gboolean is_ended; // guarded by mutex
    guint starts;      // guarded by mutex
    // The thread's own:
    GQueue queue;        // of ParserWork, waiting for a process
    GQueue suspects;     // of ParserWork that must have a process to itself, one at a time
    GPtrArray *children; // of ParserChild
    gint64 not_before;   // no process is started before this, after one that failed
};

static void work_answer(ParserWork *work, GBytes *answer, GError *error) {
    work->answer(answer, error, work->data);
    g_bytes_unref(work->payload);
    g_free(work);
}

static void work_fail(ParserWork *work, ErrorKind kind, const char *code, const char *message) {
    GError *error = NULL;
    error_set(&error, kind, code, "%s", message);
    work_answer(work, NULL, error);
}

static gboolean is_retiring(const ParserChild *child) {
    return child->served >= SERVED_MAXIMUM || child->served_bytes >= SERVED_BYTES_MAXIMUM;
}

static gboolean is_alone(const ParserChild *child) {
    const ParserWork *first = g_queue_peek_head((GQueue *)(guintptr)&child->waiting);
    if (first == NULL)
        first = g_queue_peek_head((GQueue *)(guintptr)&child->sending);
    return first != NULL && first->is_alone;
}

static gboolean has_room(const ParserChild *child) {
    if (is_retiring(child) || is_alone(child))
        return FALSE;
    return parser_child_count(child) == 0 ||
           (parser_child_count(child) < WORK_PER_PROCESS && child->held_bytes < BYTES_PER_PROCESS);
}

static gboolean has_suspect(const ParserPool *pool) {
    for (guint at = 0; at < pool->children->len; at++)
        if (is_alone(pool->children->pdata[at]))
            return TRUE;
    return FALSE;
}

// The one that holds least.
static ParserChild *child_find(const ParserPool *pool) {
    ParserChild *found = NULL;
    for (guint at = 0; at < pool->children->len; at++) {
        ParserChild *child = pool->children->pdata[at];
        if (has_room(child) &&
            (found == NULL || parser_child_count(child) < parser_child_count(found)))
            found = child;
    }
    return found;
}

// A suspect's process comes on top of the others, which go on meanwhile.
static ParserChild *child_start(ParserPool *pool) {
    guint maximum = pool->maximum + (has_suspect(pool) || pool->suspects.length > 0 ? 1 : 0);
    if (pool->children->len >= maximum || clock_monotonic() < pool->not_before)
        return NULL;
    ParserChild *child = parser_child_new(NULL);
    if (child == NULL) {
        pool->not_before = clock_monotonic() + STARTS_FAILED_PAUSE_MS;
        return NULL;
    }
    g_ptr_array_add(pool->children, child);
    g_mutex_lock(&pool->mutex);
    pool->starts++;
    g_mutex_unlock(&pool->mutex);
    return child;
}

// Ends a process; what it was at is returned, the rest is done again.
static ParserWork *child_end(ParserPool *pool, ParserChild *child) {
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    ParserWork *first = parser_child_take(child);
    ParserWork *other;
    while ((other = parser_child_take(child)) != NULL)
        g_ptr_array_add(others, other);
    for (guint at = others->len; at-- > 0;)
        g_queue_push_head(&pool->queue, others->pdata[at]);
    g_ptr_array_remove(pool->children, child);
    parser_child_free(child);
    return first;
}

static void work_suspect(ParserPool *pool, ParserWork *work) {
    work->is_alone = TRUE;
    g_queue_push_tail(&pool->suspects, work);
}

// The process has died, overrun or lied: what it was at is blamed.
static void child_bury(ParserPool *pool, ParserChild *child) {
    ParserWork *blamed = child_end(pool, child);
    if (blamed == NULL)
        return;
    if (++blamed->deaths < DEATHS_MAXIMUM)
        work_suspect(pool, blamed);
    else
        work_fail(blamed, ERROR_INVALID, "parser_died",
                  "it killed or overran its parser process twice");
}

static gboolean dispatch_one(ParserPool *pool, ParserWork *work) {
    ParserChild *child = child_find(pool);
    if (child == NULL || parser_child_count(child) > 0) {
        ParserChild *started = child_start(pool);
        child = started != NULL ? started : child;
    }
    if (child == NULL || (work->is_alone && parser_child_count(child) > 0))
        return FALSE;
    parser_child_push(child, work);
    return TRUE;
}

static void dispatch_suspect(ParserPool *pool) {
    ParserWork *work = has_suspect(pool) ? NULL : g_queue_peek_head(&pool->suspects);
    if (work != NULL && dispatch_one(pool, work))
        g_queue_pop_head(&pool->suspects);
}

static void dispatch(ParserPool *pool) {
    dispatch_suspect(pool);
    ParserWork *work;
    while ((work = g_queue_pop_head(&pool->queue)) != NULL)
        if (!dispatch_one(pool, work)) {
            g_queue_push_head(&pool->queue, work);
            break;
        }
    for (guint at = pool->children->len; at-- > 0;)
        if (!parser_child_write(pool->children->pdata[at]))
            child_bury(pool, pool->children->pdata[at]);
}

static void child_serve(ParserPool *pool, ParserChild *child) {
    for (;;) {
        ParserWork *work;
        GBytes *answer;
        FrameKind kind;
        if (!parser_child_read(child, &work, &answer, &kind)) {
            child_bury(pool, child);
            return;
        }
        if (work == NULL)
            return;
        GError *error = NULL;
        if (kind == FRAME_ERROR)
            frame_parse_error(answer, &error);
        work_answer(work, error == NULL ? answer : NULL, error);
        g_bytes_unref(answer);
    }
}

// How long the process may go on as it is.
static gint64 time_allowed(const ParserChild *child) {
    guint count = parser_child_count(child);
    return count == 0 ? IDLE_MAXIMUM_MS : count == 1 ? TIME_MAXIMUM_MS : SUSPECT_MS;
}

// Ends processes that have overrun, served long enough, been idle, or keep others waiting.
static void children_tend(ParserPool *pool) {
    gint64 now = clock_monotonic();
    for (guint at = pool->children->len; at-- > 0;) {
        ParserChild *child = pool->children->pdata[at];
        gint64 taken = now - child->since;
        if (parser_child_count(child) > 1 && taken >= SUSPECT_MS)
            work_suspect(pool, child_end(pool, child));
        else if (taken >= time_allowed(child) ||
                 (parser_child_count(child) == 0 && is_retiring(child)))
            child_bury(pool, child);
    }
}

// Milliseconds until children_tend has something to do; -1: never.
static int timeout_next(const ParserPool *pool) {
    gint64 now = clock_monotonic();
    gboolean has_work = pool->queue.length + pool->suspects.length > 0;
    gint64 nearest = has_work && pool->not_before > now ? STARTS_FAILED_PAUSE_MS : G_MAXINT;
    for (guint at = 0; at < pool->children->len; at++) {
        const ParserChild *child = pool->children->pdata[at];
        nearest = MIN(nearest, MAX(0, child->since + time_allowed(child) - now));
    }
    return nearest == G_MAXINT ? -1 : (int)nearest;
}

// Takes over what was handed in; FALSE when the pool is to end.
static gboolean work_fetch(ParserPool *pool) {
    g_mutex_lock(&pool->mutex);
    ParserWork *work;
    while ((work = g_queue_pop_head(&pool->incoming)) != NULL)
        g_queue_push_tail(&pool->queue, work);
    gboolean is_ended = pool->is_ended;
    g_mutex_unlock(&pool->mutex);
    return !is_ended;
}

static void wait_and_serve(ParserPool *pool) {
    struct pollfd polls[PROCESSES_MAXIMUM + 2] = {{.fd = pool->wake, .events = POLLIN}};
    ParserChild *children[PROCESSES_MAXIMUM + 1];
    guint count = pool->children->len;
    for (guint at = 0; at < count; at++) {
        children[at] = pool->children->pdata[at];
        polls[at + 1].fd = children[at]->descriptor;
        polls[at + 1].events = parser_child_wants_write(children[at]) ? POLLIN | POLLOUT : POLLIN;
    }
    if (poll(polls, count + 1, timeout_next(pool)) < 0)
        return;
    guint64 ignored;
    if ((polls[0].revents & POLLIN) != 0 && read(pool->wake, &ignored, sizeof ignored) < 0)
        return;
    for (guint at = 0; at < count; at++)
        if ((polls[at + 1].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
            child_serve(pool, children[at]);
}

static void work_end_all(ParserPool *pool) {
    for (guint at = 0; at < pool->children->len; at++) {
        ParserWork *work;
        while ((work = parser_child_take(pool->children->pdata[at])) != NULL)
            g_queue_push_tail(&pool->queue, work);
    }
    ParserWork *work;
    while ((work = g_queue_pop_head(&pool->suspects)) != NULL)
        g_queue_push_tail(&pool->queue, work);
    while ((work = g_queue_pop_head(&pool->queue)) != NULL)
        work_fail(work, ERROR_UNAVAILABLE, "parser_stopped", "the parser pool has ended");
    for (guint at = 0; at < pool->children->len; at++)
        parser_child_free(pool->children->pdata[at]);
}

static gpointer pool_run(gpointer data) {
    ParserPool *pool = data;
    while (work_fetch(pool)) {
        children_tend(pool);
        dispatch(pool);
        wait_and_serve(pool);
    }
    work_end_all(pool);
    return NULL;
}

ParserPool *parser_pool_new(guint processes) {
    // A program that forgot to ask parser_process_is_wanted would start itself without end.
    g_assert(g_getenv("DIALOGD_PARSER") == NULL);
    ParserPool *pool = g_new0(ParserPool, 1);
    pool->maximum = CLAMP(processes > 0 ? processes : g_get_num_processors(), 1, PROCESSES_MAXIMUM);
    pool->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    g_assert(pool->wake >= 0);
    g_mutex_init(&pool->mutex);
    pool->children = g_ptr_array_new();
    pool->thread = g_thread_new("parsers", pool_run, pool);
    return pool;
}

static void pool_wake(ParserPool *pool) {
    guint64 one = 1;
    while (write(pool->wake, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

void parser_pool_free(ParserPool *pool) {
    if (pool == NULL)
        return;
    g_mutex_lock(&pool->mutex);
    pool->is_ended = TRUE;
    g_mutex_unlock(&pool->mutex);
    pool_wake(pool);
    g_thread_join(pool->thread);
    close(pool->wake);
    g_mutex_clear(&pool->mutex);
    g_ptr_array_unref(pool->children);
    g_free(pool);
}

guint parser_pool_starts(ParserPool *pool) {
    g_mutex_lock(&pool->mutex);
    guint starts = pool->starts;
    g_mutex_unlock(&pool->mutex);
    return starts;
}

static void pool_submit(ParserPool *pool, FrameKind kind, GBytes *payload,
                        void (*answer)(GBytes *, GError *, void *), void *data) {
    ParserWork *work = g_new0(ParserWork, 1);
    work->kind = kind;
    work->payload = g_bytes_ref(payload);
    work->answer = answer;
    work->data = data;
    if (g_bytes_get_size(payload) > FRAME_WORK_MAXIMUM) {
        work_fail(work, ERROR_TOO_LARGE, "mail_too_large", "it is too large to be parsed");
        return;
    }
    g_mutex_lock(&pool->mutex);
    gboolean was_empty = pool->incoming.length == 0;
    g_queue_push_tail(&pool->incoming, work);
    g_mutex_unlock(&pool->mutex);
    if (was_empty)
        pool_wake(pool);
}

typedef struct {
    ParserDone done;
    void *data;
} Decoding;

static void decoding_answered(GBytes *answer, GError *error, void *data) {
    g_autofree Decoding *decoding = data;
    Incoming *incoming = answer != NULL ? frame_parse_incoming(answer, &error) : NULL;
    decoding->done(incoming, error, decoding->data);
}

void parser_pool_decode(ParserPool *pool, GBytes *raw, ParserDone done, void *data) {
    Decoding *decoding = g_new(Decoding, 1);
    decoding->done = done;
    decoding->data = data;
    pool_submit(pool, FRAME_MAIL, raw, decoding_answered, decoding);
}

// Somebody who waits for an answer.
typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean is_answered;
    GBytes *answer;
    GError *error;
} Waiter;

static void waiter_answered(GBytes *answer, GError *error, void *data) {
    Waiter *waiter = data;
    g_mutex_lock(&waiter->mutex);
    waiter->answer = answer != NULL ? g_bytes_ref(answer) : NULL;
    waiter->error = error;
    waiter->is_answered = TRUE;
    g_cond_signal(&waiter->cond);
    g_mutex_unlock(&waiter->mutex);
}

static GBytes *pool_wait(ParserPool *pool, FrameKind kind, GBytes *payload, GError **error) {
    Waiter waiter = {.answer = NULL};
    g_mutex_init(&waiter.mutex);
    g_cond_init(&waiter.cond);
    pool_submit(pool, kind, payload, waiter_answered, &waiter);
    g_mutex_lock(&waiter.mutex);
    while (!waiter.is_answered)
        g_cond_wait(&waiter.cond, &waiter.mutex);
    g_mutex_unlock(&waiter.mutex);
    g_mutex_clear(&waiter.mutex);
    g_cond_clear(&waiter.cond);
    if (waiter.error != NULL)
        g_propagate_error(error, waiter.error);
    return waiter.answer;
}

Incoming *parser_pool_decode_wait(ParserPool *pool, GBytes *raw, GError **error) {
    g_autoptr(GBytes) answer = pool_wait(pool, FRAME_MAIL, raw, error);
    return answer != NULL ? frame_parse_incoming(answer, error) : NULL;
}

gboolean parser_pool_clean_html_wait(ParserPool *pool, const char *html, char **clean, char **text,
                                     GError **error) {
    g_autoptr(GBytes) bytes = g_bytes_new(html, strlen(html));
    g_autoptr(GBytes) answer = pool_wait(pool, FRAME_HTML, bytes, error);
    return answer != NULL && frame_parse_clean(answer, clean, text, error);
}
