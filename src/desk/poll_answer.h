// What one answer of a long poll brought, kept: its updates as deliveries and its cursor, in one
// transaction. Private to desk/poller; waits for the writer.
#pragma once

#include "desk/inbound.h"
#include "net/http_client.h"

typedef struct {
    Store *store;
    Inbound *inbound;
    HttpClient *client;
} PollContext;

// *count: how many updates it brought. FALSE with an error: unauthenticated when the token is
// refused; nothing was kept and the cursor stands where it stood.
gboolean poll_answer_store(const PollContext *context, const ChannelConfig *config,
                           const HttpAnswer *answer, guint *count, GError **error);

// Notes where the channel stands, in a job of its own; a failure of that is logged.
void poll_note_state(Store *store, Id channel_id, ChannelState state, const char *reason);
