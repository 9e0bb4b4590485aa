// The limits of signing in as handlers use them: an attempt made of a call, and 429 with
// Retry-After where it comes too soon.
#pragma once

#include "api/call.h"
#include "desk/sign_in.h"

// An attempt of this call; account is borrowed, device is owned: free with g_free. email NULL: no
// device is looked for.
Attempt sign_in_attempt(const ApiCall *call, AttemptKind kind, const char *account,
                        const char *email);

// FALSE: the call has its answer (429, or 503 where no signing in runs).
gboolean sign_in_admit_call(ApiCall *call, const Attempt *attempt);
