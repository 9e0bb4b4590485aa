// One visit to a POP3 drop: what is new by UIDL is fetched and stored; deleted there, where the
// channel says so, only once it is committed here. Used by desk/fetch_mailbox. Blocks.
#pragma once

#include "desk/mail_intake.h"
#include "net/mail_account.h"

typedef struct {
    MailIntake *intake;
    const MailAccount *account;
    Id channel_id;
    gint64 mail_limit; // bytes
    gboolean deletes;
    gboolean is_careful;
    const gint *stopping; // atomic; not 0: end soon
} FetchPop3;

// FALSE with an error; what was committed stays. *fetched counts the mails taken.
gboolean fetch_pop3(const FetchPop3 *job, guint64 *fetched, GError **error);
