// A desk with parsers, a mail intake and a real Dovecot, for tests of desk/fetch*. Mails are put
// into Dovecot's Maildir as files.
#pragma once

#include "../net/dovecot_fixture.h"
#include "desk/fetch.h"
#include "desk_fixture.h"

typedef struct {
    DeskFixture *desk;
    ParserPool *parsers;
    MailIntake *intake;
    Dovecot *dovecot;
} FetchFixture;

// NULL where there is no Dovecot.
FetchFixture *fetch_fixture_new(void);
void fetch_fixture_free(FetchFixture *fixture);

// An email channel user@example.org that is fetched from Dovecot. more: pairs of setting and value,
// ended by NULL, over the usual ones.
Id fetch_fixture_add_channel(FetchFixture *fixture, const char *user, ...) G_GNUC_NULL_TERMINATED;

// Puts mails numbered from..to-1 into a folder ("INBOX", "Sent") of user.
void fetch_fixture_put(FetchFixture *fixture, const char *user, const char *folder, int from,
                       int to);
// One mail of that text.
void fetch_fixture_put_text(FetchFixture *fixture, const char *user, const char *folder,
                            const char *text, gsize length);

// Waits up to forty seconds until the query gives that number.
void fetch_fixture_await(FetchFixture *fixture, const char *sql, gint64 expected);

// The same for so long; whether it came.
gboolean fetch_fixture_reaches(FetchFixture *fixture, const char *sql, gint64 expected,
                               gint64 milliseconds);
