#include "desk/password_gate.h"

#include "base/error.h"
#include "base/secret.h"

#define THREADS 2
#define QUEUE_MAX 32

typedef struct {
    void (*run)(gpointer data);
    gpointer data;
} Task;

struct PasswordGate {
    GThreadPool *pool;
    gint waiting; // atomic: with those that run
};

static void task_run(gpointer item, gpointer data) {
    PasswordGate *gate = data;
    Task task = *(Task *)item;
    g_free(item);
    task.run(task.data);
    g_atomic_int_add(&gate->waiting, -1);
}

static void prepare(gpointer data) {
    (void)data;
    secret_password_matches(NULL, ""); // makes the hash of nobody, so that no sign-in waits for it
}

PasswordGate *password_gate_new(void) {
    PasswordGate *gate = g_new0(PasswordGate, 1);
    gate->pool = g_thread_pool_new(task_run, gate, THREADS, FALSE, NULL);
    password_gate_submit(gate, prepare, NULL, NULL);
    return gate;
}

void password_gate_free(PasswordGate *gate) {
    if (gate == NULL)
        return;
    g_thread_pool_free(gate->pool, FALSE, TRUE);
    g_free(gate);
}

gboolean password_gate_submit(PasswordGate *gate, void (*run)(gpointer data), gpointer data,
                              GError **error) {
    if (g_atomic_int_add(&gate->waiting, 1) >= THREADS + QUEUE_MAX) {
        g_atomic_int_add(&gate->waiting, -1);
        error_set(error, ERROR_UNAVAILABLE, "sign_in_busy",
                  "too many are signing in: try again in a moment");
        return FALSE;
    }
    Task *task = g_new(Task, 1);
    *task = (Task){.run = run, .data = data};
    g_thread_pool_push(gate->pool, task, NULL);
    return TRUE;
}
