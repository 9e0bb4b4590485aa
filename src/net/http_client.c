#include "net/http_client.h"

#include "net/http_transfer.h"

#define LOCAL_BODY_LIMIT ((gsize)256 << 20)
#define LOCAL_TIMEOUT_MS ((gint64)3600 * 1000)
#define CONNECTIONS_PER_HOST 64L // every long poll keeps one where the provider speaks no HTTP/2
#define CONNECTIONS 400L

struct HttpClient {
    CURLM *multi;
    GThread *thread;
    GAsyncQueue *waiting; // of HttpTransfer
    GHashTable *running;  // set of HttpTransfer; the thread's own
    gint is_stopping;
    GMutex mutex;        // guards is_stopped against a send at the last moment
    gboolean is_stopped; // nobody looks at waiting any more
};

static void curl_start(void) {
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
}

static void client_begin_waiting(HttpClient *client) {
    HttpTransfer *transfer;
    while ((transfer = g_async_queue_try_pop(client->waiting)) != NULL) {
        g_hash_table_add(client->running, transfer);
        curl_multi_add_handle(client->multi, http_transfer_easy(transfer));
    }
}

static void client_end(HttpClient *client, HttpTransfer *transfer, CURLcode result) {
    curl_multi_remove_handle(client->multi, http_transfer_easy(transfer));
    if (http_transfer_redirect(transfer, result)) {
        curl_multi_add_handle(client->multi, http_transfer_easy(transfer));
        return;
    }
    g_hash_table_remove(client->running, transfer);
    http_transfer_finish(transfer, http_transfer_answer(transfer, result));
    http_transfer_free(transfer);
}

static void client_end_finished(HttpClient *client) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(client->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE)
            client_end(client, http_transfer_from_easy(message->easy_handle), message->data.result);
}

static void client_abort_all(HttpClient *client) {
    GHashTableIter running;
    gpointer transfer;
    client_begin_waiting(client);
    g_hash_table_iter_init(&running, client->running);
    while (g_hash_table_iter_next(&running, &transfer, NULL)) {
        curl_multi_remove_handle(client->multi, http_transfer_easy(transfer));
        http_transfer_finish(transfer, http_transfer_answer(transfer, CURLE_ABORTED_BY_CALLBACK));
        http_transfer_free(transfer);
        g_hash_table_iter_remove(&running);
    }
}

static gpointer client_run(gpointer data) {
    HttpClient *client = data;
    while (!g_atomic_int_get(&client->is_stopping)) {
        int running;
        client_begin_waiting(client);
        curl_multi_perform(client->multi, &running);
        client_end_finished(client);
        if (g_async_queue_length(client->waiting) <= 0)
            curl_multi_poll(client->multi, NULL, 0, 60000, NULL);
    }
    client_abort_all(client);
    return NULL;
}

HttpClient *http_client_new(void) {
    curl_start();
    HttpClient *client = g_new0(HttpClient, 1);
    client->multi = curl_multi_init();
    curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS, CONNECTIONS_PER_HOST);
    curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNECTIONS);
    g_mutex_init(&client->mutex);
    client->waiting = g_async_queue_new();
    client->running = g_hash_table_new(NULL, NULL);
    client->thread = g_thread_new("outbound", client_run, client);
    return client;
}

void http_client_stop(HttpClient *client) {
    if (client->thread == NULL)
        return;
    g_atomic_int_set(&client->is_stopping, 1);
    curl_multi_wakeup(client->multi);
    g_thread_join(g_steal_pointer(&client->thread));
    g_mutex_lock(&client->mutex);
    client->is_stopped = TRUE;
    g_mutex_unlock(&client->mutex);
    client_abort_all(client);
}

void http_client_free(HttpClient *client) {
    if (client == NULL)
        return;
    http_client_stop(client);
    curl_multi_cleanup(client->multi);
    g_async_queue_unref(client->waiting);
    g_hash_table_unref(client->running);
    g_mutex_clear(&client->mutex);
    g_free(client);
}

static void refuse(HttpTransfer *transfer) {
    http_transfer_finish(transfer, http_transfer_answer(transfer, CURLE_ABORTED_BY_CALLBACK));
    http_transfer_free(transfer);
}

void http_client_send(HttpClient *client, HttpRequest *request, const HttpPolicy *policy,
                      HttpDone done, gpointer data) {
    HttpTransfer *transfer = http_transfer_new(request, policy, NULL, done, data);
    g_mutex_lock(&client->mutex);
    gboolean is_stopped = client->is_stopped;
    if (!is_stopped)
        g_async_queue_push(client->waiting, transfer);
    g_mutex_unlock(&client->mutex);
    if (is_stopped)
        refuse(transfer);
    else
        curl_multi_wakeup(client->multi);
}

typedef struct {
    GMutex mutex;
    GCond cond;
    HttpAnswer *answer;
} Waiter;

static void waiter_take(HttpAnswer *answer, gpointer data) {
    Waiter *waiter = data;
    g_mutex_lock(&waiter->mutex);
    waiter->answer = answer;
    g_cond_signal(&waiter->cond);
    g_mutex_unlock(&waiter->mutex);
}

HttpAnswer *http_client_send_wait(HttpClient *client, HttpRequest *request,
                                  const HttpPolicy *policy) {
    Waiter waiter = {0};
    g_mutex_init(&waiter.mutex);
    g_cond_init(&waiter.cond);
    http_client_send(client, request, policy, waiter_take, &waiter);
    g_mutex_lock(&waiter.mutex);
    while (waiter.answer == NULL)
        g_cond_wait(&waiter.cond, &waiter.mutex);
    g_mutex_unlock(&waiter.mutex);
    g_mutex_clear(&waiter.mutex);
    g_cond_clear(&waiter.cond);
    return waiter.answer;
}

HttpAnswer *http_client_call_local(const char *socket_path, HttpRequest *request) {
    curl_start();
    HttpPolicy policy = {.allow_private = TRUE, .allow_http = TRUE, .body_limit = LOCAL_BODY_LIMIT};
    if (request->timeout_ms == 0)
        request->timeout_ms = LOCAL_TIMEOUT_MS;
    HttpTransfer *transfer = http_transfer_new(request, &policy, socket_path, NULL, NULL);
    CURLcode result = curl_easy_perform(http_transfer_easy(transfer));
    HttpAnswer *answer = http_transfer_answer(transfer, result);
    http_transfer_free(transfer);
    return answer;
}
