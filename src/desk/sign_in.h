// What strangers may try, and how often: limits by address, by account and for all together, that
// slow down and never lock out, and the memory of failures that tells a spray (reliability.md A01,
// A02, A04, A20). A browser that has signed in before is known by its device cookie and has a limit
// of its own, so nobody else can use it up. All in memory and bounded. Used by the resources of
// signing in. Any thread.
#pragma once

#include "desk/password_gate.h"
#include "store/store.h"

typedef struct SignIn SignIn;

SignIn *sign_in_new(Store *store) G_GNUC_WARN_UNUSED_RESULT;
void sign_in_free(SignIn *sign_in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignIn, sign_in_free)

PasswordGate *sign_in_gate(SignIn *sign_in);

typedef enum {
    ATTEMPT_PASSWORD,
    ATTEMPT_SECOND_FACTOR,
    ATTEMPT_RESET,  // asking for a mail
    ATTEMPT_TICKET, // invitation, reset or set-up code redeemed; a provider asked
} AttemptKind;

typedef struct {
    AttemptKind kind;
    const char *address; // of the browser; "" in process
    const char *account; // email or id, as it came; "" where none is named
    const char *device;  // of a browser that is known for this account, or NULL
} Attempt;

// 0: try; else the milliseconds after which it may be tried again.
gint64 sign_in_admit(SignIn *sign_in, const Attempt *attempt);

// It was good: what it took from the limits is given back.
void sign_in_succeeded(SignIn *sign_in, const Attempt *attempt);

// It was not. agent_id 0: of nobody. Makes an audit row, not more than a few a minute, and a line
// of the log when many accounts fail.
void sign_in_failed(SignIn *sign_in, const Attempt *attempt, Id agent_id);

// Somebody known was refused (403): an audit row, a few a minute for each (reliability.md K06).
// route: its pattern, static.
void sign_in_note_refusal(SignIn *sign_in, Id agent_id, Id token_id, const char *route,
                          const char *code);

// 0: the token may make this request; else the milliseconds to wait.
gint64 sign_in_admit_token(SignIn *sign_in, Id token_id);

// The value of a device cookie for this email address, and whether one is genuine: its nonce,
// owned, or NULL.
char *sign_in_device_new(SignIn *sign_in, const char *email) G_GNUC_WARN_UNUSED_RESULT;
char *sign_in_device_read(SignIn *sign_in, const char *email,
                          const char *value) G_GNUC_WARN_UNUSED_RESULT;
