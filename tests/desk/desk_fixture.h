// A store in a scratch directory with channels, for tests of desk/: deliveries in, rows looked at.
// One test at a time.
#pragma once

#include "../store/scratch.h"
#include "desk/channel_directory.h"
#include "desk/inbound.h"
#include "store/store.h"

typedef struct {
    Scratch scratch;
    Store *store;
    ChannelDirectory *channels;
    Inbound *inbound;
    guint deliveries; // numbers the delivery keys
} DeskFixture;

DeskFixture *desk_fixture_new(void);
void desk_fixture_free(DeskFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeskFixture, desk_fixture_free)

// Adds a channel whose waits count from waits_from.
Id desk_fixture_add_channel(DeskFixture *fixture, const char *kind, const char *name,
                            const char *address, Instant waits_from);

// A delivery of one incoming (taken) with a fresh key; received_at as given.
Delivery *desk_fixture_delivery(DeskFixture *fixture, Id channel_id, Incoming *incoming,
                                Instant received_at);

// Prepares and stores it; asserts that it was kept.
void desk_fixture_store(DeskFixture *fixture, Delivery *delivery);

// A mail as the parser would give it.
Incoming *desk_fixture_mail(const char *from, const char *to, const char *message_id,
                            const char *subject, const char *text);

// The one integer, or the one text (owned, NULL for no row), of a query.
gint64 desk_fixture_int(DeskFixture *fixture, const char *sql);
char *desk_fixture_text(DeskFixture *fixture, const char *sql);

// Runs something within a writer job and asserts that it succeeded.
void desk_fixture_write(DeskFixture *fixture, WriterRun run, gpointer data);
