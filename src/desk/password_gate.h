// Hashing of passwords: two at once, 32 that wait, then no more, so that strangers cannot use up
// memory or cores (reliability.md 4, A20). Used by the resources of signing in.
#pragma once

#include <glib.h>

typedef struct PasswordGate PasswordGate;

PasswordGate *password_gate_new(void) G_GNUC_WARN_UNUSED_RESULT;

// Waits for what is queued and running.
void password_gate_free(PasswordGate *gate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PasswordGate, password_gate_free)

// Calls run with data on one of the two threads. FALSE with an error (unavailable:
// sign_in_busy) when 32 wait already; run is not called then. Any thread.
gboolean password_gate_submit(PasswordGate *gate, void (*run)(gpointer data), gpointer data,
                              GError **error);
