#include "net/smtp_watchdog.h"

struct SmtpWatchdog {
    GThread *thread;
    GMutex mutex;
    GCond cond;
    gboolean is_over;
    gint64 deadline; // g_get_monotonic_time
    void (*bite)(gpointer data);
    gpointer data;
};

static gpointer watchdog_run(gpointer data) {
    SmtpWatchdog *watchdog = data;
    g_mutex_lock(&watchdog->mutex);
    while (!watchdog->is_over)
        if (!g_cond_wait_until(&watchdog->cond, &watchdog->mutex, watchdog->deadline)) {
            watchdog->bite(watchdog->data);
            break;
        }
    g_mutex_unlock(&watchdog->mutex);
    return NULL;
}

SmtpWatchdog *smtp_watchdog_new(gint64 limit_ms, void (*bite)(gpointer data), gpointer data) {
    SmtpWatchdog *watchdog = g_new0(SmtpWatchdog, 1);
    g_mutex_init(&watchdog->mutex);
    g_cond_init(&watchdog->cond);
    watchdog->deadline = g_get_monotonic_time() + limit_ms * 1000;
    watchdog->bite = bite;
    watchdog->data = data;
    watchdog->thread = g_thread_new("watchdog", watchdog_run, watchdog);
    return watchdog;
}

void smtp_watchdog_free(SmtpWatchdog *watchdog) {
    g_mutex_lock(&watchdog->mutex);
    watchdog->is_over = TRUE;
    g_cond_signal(&watchdog->cond);
    g_mutex_unlock(&watchdog->mutex);
    g_thread_join(watchdog->thread);
    g_mutex_clear(&watchdog->mutex);
    g_cond_clear(&watchdog->cond);
    g_free(watchdog);
}
