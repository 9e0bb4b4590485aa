// The thread that finishes what was begun to be forgotten (desk/erasure.h), also after a crash.
// Lives with dialogd; dialogctl without a server calls erasure_work itself.
#pragma once

#include "store/store.h"

typedef struct Eraser Eraser;

// Looks once a second. Borrows the store.
Eraser *eraser_new(Store *store) G_GNUC_WARN_UNUSED_RESULT;

// Ends after the step that runs. Any thread but its own.
void eraser_free(Eraser *eraser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Eraser, eraser_free)
