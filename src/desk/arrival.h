// One incoming message on its way into the store: what the steps of inbound know of it so far. Each
// step is a small function over this; inbound.c holds their order. Private to inbound; writer
// thread only.
#pragma once

#include "desk/channel_directory.h"
#include "desk/delivery.h"
#include "desk/prepared.h"
#include "model/threading.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/message.h"

typedef struct {
    const SecretKey *key;
    ChannelDirectory *channels;
} ArrivalContext;

typedef struct {
    Db *db;
    const ArrivalContext *context;
    Delivery *delivery;
    const Incoming *incoming;
    const Prepared *prepared;
    ChannelConfig *channel; // that it was delivered to
    ChannelConfig *home;    // first named in To, then Cc (metrics.md Waits 8); else channel
    Instant occurred_at;    // never after received_at
    gboolean is_automatic;
    gboolean
        is_done; // known before, or a further part of an album: the other steps have nothing to do

    const Party *customer_party; // who counts as the customer; borrowed from incoming
    Identity identity;
    Id agent_id; // who forwarded it, or wrote it elsewhere; 0: not known

    char *thread_key; // the chat's name by now; NULL for mail
    Id quoted_id;     // the message that it quotes; 0: none, or not here yet

    Placement placement;
    char *placement_reference; // the id or token that the rule used, or NULL
    gboolean is_stranger;      // attached by a signature, but no participant (reliability.md E15)
    Id reported_message_id;    // our mail that it is a report about; 0: none
    Id related_to;             // a match that did not count
    GArray *joined; // of Id: further conversations that this message shows to be the same
    gboolean has_conversation;
    Conversation conversation;

    Id message_id;
} Arrival;

void arrival_clear(Arrival *arrival);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arrival, arrival_clear)

// A step; FALSE with an error when the database failed.
typedef gboolean (*ArrivalStep)(Arrival *arrival, GError **error);

// arrival_known.c: deduplication at the door, albums.
gboolean arrival_find_known(Arrival *arrival, GError **error);
gboolean arrival_join_album(Arrival *arrival, GError **error);
// arrival_place.c: which conversation it belongs to.
gboolean arrival_choose_home(Arrival *arrival, GError **error);
gboolean arrival_choose_customer(Arrival *arrival, GError **error);
gboolean arrival_find_conversation(Arrival *arrival, GError **error);
// arrival_store.c: its rows.
// The scope of a kind's identities: the channel where they mean something within it only, else "".
// Owned.
char *identity_scope(const char *kind_name, Id channel_id) G_GNUC_WARN_UNUSED_RESULT;
gboolean arrival_find_or_add_customer(Arrival *arrival, GError **error);
gboolean arrival_begin_conversation(Arrival *arrival, GError **error);
gboolean arrival_find_quoted(Arrival *arrival, GError **error);
gboolean arrival_add_message(Arrival *arrival, GError **error);
gboolean arrival_add_attachments(Arrival *arrival, GError **error);
gboolean arrival_add_thread(Arrival *arrival, GError **error);
gboolean arrival_add_deliveries(Arrival *arrival, GError **error);
gboolean arrival_index(Arrival *arrival, GError **error);
// arrival_record.c: what follows from it.
gboolean arrival_record(Arrival *arrival, GError **error);
gboolean arrival_reopen(Arrival *arrival, GError **error);
gboolean arrival_join_conversations(Arrival *arrival, GError **error);
gboolean arrival_tag(Arrival *arrival, GError **error);
gboolean arrival_assign(Arrival *arrival, GError **error);
gboolean arrival_report(Arrival *arrival, GError **error);

// arrival_headers.c: the JSON that is kept beside the message. Pure.
json_t *arrival_headers(const Arrival *arrival) G_GNUC_WARN_UNUSED_RESULT;

// happening_apply.c: edits, removals, reactions, receipts. Applies one to its message, or keeps it
// until the message comes; and those that were kept for a message that has come.
gboolean happening_apply(Db *db, const Delivery *delivery, const Incoming *incoming,
                         GError **error);
gboolean arrival_apply_kept_happenings(Arrival *arrival, GError **error);
