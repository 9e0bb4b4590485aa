// Tells ThreadSanitizer about GLib's locks. GLib waits on futexes, which the sanitizer does not
// see, so that every correctly locked access would be reported. Linked into builds of
// --enable-sanitize=thread only: these definitions stand before the library's, call it and say what
// was ordered by it.
#include <dlfcn.h>
#include <glib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

// The library's own function of that name, looked up once.
#define REAL(name)                                                                                 \
    __extension__({                                                                                \
        static __typeof__(&name) real;                                                             \
        if (__atomic_load_n(&real, __ATOMIC_RELAXED) == NULL)                                      \
            __atomic_store_n(&real, (__typeof__(&name))(guintptr)dlsym(RTLD_NEXT, #name),          \
                             __ATOMIC_RELAXED);                                                    \
        real;                                                                                      \
    })

void g_mutex_lock(GMutex *mutex) {
    REAL(g_mutex_lock)(mutex);
    __tsan_acquire(mutex);
}

gboolean g_mutex_trylock(GMutex *mutex) {
    gboolean locked = REAL(g_mutex_trylock)(mutex);
    if (locked)
        __tsan_acquire(mutex);
    return locked;
}

void g_mutex_unlock(GMutex *mutex) {
    __tsan_release(mutex);
    REAL(g_mutex_unlock)(mutex);
}

void g_cond_wait(GCond *cond, GMutex *mutex) {
    __tsan_release(mutex);
    REAL(g_cond_wait)(cond, mutex);
    __tsan_acquire(mutex);
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end) {
    __tsan_release(mutex);
    gboolean signalled = REAL(g_cond_wait_until)(cond, mutex, end);
    __tsan_acquire(mutex);
    return signalled;
}

void g_async_queue_push(GAsyncQueue *queue, gpointer data) {
    __tsan_release(queue);
    REAL(g_async_queue_push)(queue, data);
}

gpointer g_async_queue_pop(GAsyncQueue *queue) {
    gpointer data = REAL(g_async_queue_pop)(queue);
    __tsan_acquire(queue);
    return data;
}

gpointer g_async_queue_try_pop(GAsyncQueue *queue) {
    gpointer data = REAL(g_async_queue_try_pop)(queue);
    __tsan_acquire(queue);
    return data;
}

gpointer g_async_queue_timeout_pop(GAsyncQueue *queue, guint64 timeout) {
    gpointer data = REAL(g_async_queue_timeout_pop)(queue, timeout);
    __tsan_acquire(queue);
    return data;
}

// A thread pool hands over what is pushed, and is over when it is freed.
typedef struct {
    GFunc function;
    gpointer data;
} PoolWork;

static char pools; // one order for all pools

static void run_pool_work(gpointer item, gpointer data) {
    PoolWork *work = data;
    __tsan_acquire(&pools);
    work->function(item, work->data);
    __tsan_release(&pools);
}

GThreadPool *g_thread_pool_new(GFunc function, gpointer data, gint threads, gboolean exclusive,
                               GError **error) {
    PoolWork *work = g_new(PoolWork, 1); // lives as long as the process: pools are few
    *work = (PoolWork){function, data};
    return REAL(g_thread_pool_new)(run_pool_work, work, threads, exclusive, error);
}

gboolean g_thread_pool_push(GThreadPool *pool, gpointer item, GError **error) {
    __tsan_release(&pools);
    return REAL(g_thread_pool_push)(pool, item, error);
}

void g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait) {
    REAL(g_thread_pool_free)(pool, immediate, wait);
    __tsan_acquire(&pools);
}

void g_atomic_rc_box_release_full(gpointer block, GDestroyNotify clear) {
    __tsan_release(block);
    __tsan_acquire(block);
    REAL(g_atomic_rc_box_release_full)(block, clear);
}

void g_atomic_rc_box_release(gpointer block) {
    __tsan_release(block);
    __tsan_acquire(block);
    REAL(g_atomic_rc_box_release)(block);
}

void(g_once_init_leave)(volatile void *location, gsize result) {
    __tsan_release((void *)(guintptr)location);
    REAL(g_once_init_leave)(location, result);
}

gboolean(g_once_init_enter)(volatile void *location) {
    gboolean first = REAL(g_once_init_enter)(location);
    if (!first)
        __tsan_acquire((void *)(guintptr)location);
    return first;
}
