// The way in: makes rows of deliveries inside a writer job. For each incoming message: dedupe at
// the door, find or add customer and identity, find or begin the conversation (model/threading),
// message, attachments, events, waits, search row (architecture.md "Life of a message in"). Never
// looks at the network or at raw bytes.
#pragma once

#include "desk/channel_directory.h"
#include "desk/delivery.h"
#include "store/store.h"

typedef struct Inbound Inbound;

// Borrows the key (for our signed ids) and the channels.
Inbound *inbound_new(const SecretKey *key, ChannelDirectory *channels) G_GNUC_WARN_UNUSED_RESULT;
void inbound_free(Inbound *inbound);

// Stores one prepared delivery; writer thread only. A repetition is no error: delivery->state says
// what became of it. FALSE with an error when the database failed: nothing of the delivery is kept
// then, once the caller undoes its savepoint. May be called again for the same delivery if the
// batch is run twice.
gboolean inbound_store(Db *db, Inbound *inbound, Delivery *delivery, GError **error);

// As inbound_store for a delivery whose intake row stands already (delivery->intake_id): decoded
// again, its row is settled anew.
gboolean inbound_store_again(Db *db, Inbound *inbound, Delivery *delivery, GError **error);

// Queues a job of its own for one delivery; done runs on the writer thread after COMMIT (error
// NULL) or failure. Borrows the delivery until done.
typedef void (*InboundDone)(gpointer data, Delivery *delivery, const GError *error);
void inbound_submit(Writer *writer, Inbound *inbound, Delivery *delivery, InboundDone done,
                    gpointer data);

// As inbound_submit for many, in one job and so one transaction; waits. Not on the writer's thread.
gboolean inbound_store_all(Writer *writer, Inbound *inbound, GPtrArray *deliveries, GError **error);
