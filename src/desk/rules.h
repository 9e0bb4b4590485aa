// The rules at work: one thread follows the committed events by their sequence, and the time, asks
// the rules in their order and has what they say done (doc/decisions/0086). How far events are
// settled stands in the store and moves in the same job, so that a stop loses nothing and repeats
// nothing. Used by dialogd.
#pragma once

#include "desk/reply.h"

typedef struct Rules Rules;

// Borrows the parts of the context.
Rules *rules_new(const ReplyContext *context) G_GNUC_WARN_UNUSED_RESULT;

// Waits for the case in hand. Any thread but the writer's.
void rules_free(Rules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rules, rules_free)
