// A web hook out: whom we tell what happens, and what of it; when to try again. Pure: used by
// store/webhook.h, the desk that sends and the API.
#pragma once

#include <jansson.h>

#include "model/channel_kind.h"
#include "model/event.h"

typedef enum {
    WEBHOOK_ACTIVE,
    WEBHOOK_PAUSED,   // by us
    WEBHOOK_DISABLED, // by itself: failing for five days, or the receiver said 410 Gone
} WebhookState;

const char *webhook_state_name(WebhookState state);
gboolean webhook_state_parse(const char *name, WebhookState *state);

typedef struct {
    Id id;
    char *name;
    char *url;
    gboolean wants_all; // also types that later versions bring
    gboolean wants[EVENT_TYPES];
    GArray *channels; // of Id; empty: any
    GArray *teams;    // of Id; empty: any
    gboolean includes_conversation;
    gboolean includes_message;
    char *secret;         // "whsec_..."
    char *former;         // valid until former_until; NULL: none
    Instant former_until; // INSTANT_NONE: none
    WebhookState state;
    char *state_reason; // one line, or NULL
    Instant failing_since;
    gint64 event_seq; // of the log, up to here it was told
    Instant created_at;
    gint64 version;
} Webhook;

Webhook *webhook_new(void) G_GNUC_WARN_UNUSED_RESULT; // active, wants nothing
void webhook_free(Webhook *webhook);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Webhook, webhook_free)

// The JSON lists that the store and the API have of it: names of event types or "*", names of what
// is included. FALSE with an error (invalid) that names what is unknown.
gboolean webhook_read_types(Webhook *webhook, const json_t *list, GError **error);
gboolean webhook_read_include(Webhook *webhook, const json_t *list, GError **error);
json_t *webhook_types_to_json(const Webhook *webhook) G_GNUC_WARN_UNUSED_RESULT;
json_t *webhook_include_to_json(const Webhook *webhook) G_GNUC_WARN_UNUSED_RESULT;

// An absolute https address (or http where allow_http) without a user, of at most 2,000 bytes.
gboolean webhook_check_url(const char *url, gboolean allow_http, GError **error);

// Where the conversation of an event stands: the channels that show it and its team.
typedef struct {
    const Id *channels;
    gsize channel_count;
    Id team_id; // 0: none
} WebhookPlace;

// Whether the hook is to be told. What is about no conversation passes a filter by channel only
// with that channel, and never one by team.
gboolean webhook_matches(const Webhook *webhook, const Event *event, const WebhookPlace *place);

// What an attempt came to.
typedef enum { WEBHOOK_DELIVERED, WEBHOOK_RETRY, WEBHOOK_FAILED } WebhookOutcome;

// After the attempts-th attempt (from 1): 2xx is delivered; all else is tried again after 5 s,
// 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, or later where Retry-After says so, and has
// failed after that. *wait_ms is set for a retry; jitter (0 to 1) spreads it by up to a tenth.
WebhookOutcome webhook_judge(const HttpAnswer *answer, gint64 attempts, double jitter,
                             gint64 *wait_ms);
