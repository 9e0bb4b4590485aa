// A delivery: one raw mail or web hook body as it reached us, with what a codec made of it.
// Fetchers, LMTP, hooks, polls and imports make deliveries; inbound stores them. Owned by one
// thread at a time; nothing here writes.
#pragma once

#include "model/incoming.h"
#include "store/blob.h"
#include "store/search.h"

// What became of it; the state of its intake row.
typedef enum {
    DELIVERY_STORED,
    DELIVERY_DUPLICATE,   // held before: by delivery key, or all of its messages are known
    DELIVERY_QUARANTINED, // could not be decoded; raw bytes kept, can be decoded again
    DELIVERY_REFUSED,     // not taken (too large, unwanted); failure says why
    DELIVERY_STATES,
} DeliveryState;

const char *delivery_state_name(DeliveryState state);

// Where a mail stands on its server; the ledger's key. All zero for other sources.
typedef struct {
    char *folder;
    gint64 uid_validity;
    gint64 uid;
} DeliveryPlace;

typedef struct {
    Id channel_id;
    const char *source; // static: "imap", "pop3", "lmtp", "webhook", "poll", "import", "deliver"
    char *delivery_key; // unique within the channel
    DeliveryPlace place;
    GBytes *raw;         // NULL only when refused unread
    json_t *envelope;    // what the transport said, or NULL; kept with the intake row
    Instant occurred_at; // the transport's instant of arrival (metrics.md "Times"), INSTANT_NONE:
                         // see incoming
    Instant received_at;
    GPtrArray *incoming; // of Incoming; NULL when it could not be decoded or was refused
    char *failure;       // why it is quarantined or refused, one line; NULL otherwise
    gboolean is_refused; // with failure: refused rather than quarantined
    Id placed_in; // the conversation that it belongs to, where an import knows it; 0: to be found

    // Made by delivery_prepare:
    Blob *raw_blob;      // NULL for small web hooks, which stand in the intake row itself
    GPtrArray *prepared; // private to inbound: one for each incoming

    // Results, valid after COMMIT:
    DeliveryState state;
    Id intake_id;
    Id message_id; // the (last) message made or repeated; 0: none
    Id conversation_id;
} Delivery;

// Takes raw (may be NULL). received_at is now.
Delivery *delivery_new(Id channel_id, const char *source, const char *delivery_key,
                       GBytes *raw) G_GNUC_WARN_UNUSED_RESULT;
void delivery_free(Delivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

// Takes one decoded thing.
void delivery_take_incoming(Delivery *delivery, Incoming *incoming);

// Marks it as not decodable (quarantined, raw kept) or as refused (nothing of it kept but the row).
void delivery_quarantine(Delivery *delivery, const char *why);
void delivery_refuse(Delivery *delivery, const char *why);

// Brought from an archive by somebody whom we believe what it says.
gboolean delivery_is_import(const Delivery *delivery);

// When this one reached the channel: by the transport for mail, else by the platform; never after
// received_at (metrics.md "Times and durations").
Instant delivery_instant(const Delivery *delivery, const Incoming *incoming);

// All the work that needs no database: hashes, compression, writing large blobs as files, search
// analysis. Slow; on any thread but the writer's, before inbound_store. FALSE with an error
// (unavailable) when a file could not be written.
gboolean delivery_prepare(Delivery *delivery, Store *store, GError **error);
