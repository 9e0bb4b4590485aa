// Looks whether the database is sound: some time after the start and then once a day, with low
// priority on a thread of its own. What is wrong is logged, with what to do; nothing is mended
// (reliability.md F5). Made by dialogd.
#pragma once

#include "store/store.h"

typedef struct Soundness Soundness;

Soundness *soundness_new(Store *store) G_GNUC_WARN_UNUSED_RESULT;
// Breaks off what is going on.
void soundness_free(Soundness *soundness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Soundness, soundness_free)
