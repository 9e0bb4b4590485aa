// A real Dovecot on loopback for one test program: started by tests/net/dovecot.sh in a directory
// of its own, stopped and removed at the end.
#pragma once

#include "net/mail_account.h"

typedef struct {
    GPid pid;
    char *directory; // mail under mail/USER (Maildir), ca.pem beside it
    guint16 imap, imaps, pop3;
} Dovecot;

// NULL where none is installed (skip the test). Waits until it takes connections.
Dovecot *dovecot_start(void);
void dovecot_stop(Dovecot *dovecot);

// An account of that user: plain, STARTTLS or TLS with the test's authority.
MailAccount *dovecot_account(const Dovecot *dovecot, const char *user, MailTls tls);

// A port of 127.0.0.1 that is free at the moment.
guint16 free_port(void);
