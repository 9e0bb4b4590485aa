// What tests of sending share: a desk with a mail channel whose SMTP server is a sink, a customer's
// mail, replies to it, and waiting for what becomes of them.
#pragma once

#include "../net/smtp_sink.h"
#include "desk/outbox.h"
#include "desk/reply.h"
#include "desk_fixture.h"

typedef struct {
    DeskFixture *desk;
    HttpClient *http;
    Outbox *outbox; // NULL until send_fixture_start
    Id channel_id;
    Id conversation_id;
    Id message_id; // the customer's
} SendFixture;

// The channel hands mail to that port of localhost; a customer has written to it.
SendFixture *send_fixture_new(guint16 smtp_port);
void send_fixture_free(SendFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SendFixture, send_fixture_free)

void send_fixture_start(SendFixture *fixture);
void send_fixture_stop(SendFixture *fixture); // as a restart does

// Sets a setting of the channel.
void send_fixture_set(SendFixture *fixture, Id channel_id, const char *name, const char *value);

// A reply to the customer with that text; takes nothing. Its id.
Id send_fixture_reply(SendFixture *fixture, const char *text);
// Prepares and writes it; asserts success.
void send_fixture_write(SendFixture *fixture, Reply *reply);

// Waits up to 10 s until the message is in that state.
void send_fixture_wait(SendFixture *fixture, Id message_id, const char *state);
char *send_fixture_state(SendFixture *fixture, Id message_id);
// How many events of that type there are.
gint64 send_fixture_events(SendFixture *fixture, const char *type);
