// Sends the mails that dialogd itself writes to agents (store/system_mail.h) through the SMTP
// settings of an email channel, and tries again while they are of use. One thread; a mail may go
// out twice after a crash, which harms nobody.
#pragma once

#include "desk/outbox_task.h"

typedef struct SystemMails SystemMails;

// context and public_url ("" when unset) are borrowed.
SystemMails *system_mails_new(const OutboxContext *context,
                              const char *public_url) G_GNUC_WARN_UNUSED_RESULT;

// Waits for the mail that is being sent, if any.
void system_mails_free(SystemMails *mails);

// Queues one: a token for its link (NULL: it has none) is sealed. Within a writer job.
gboolean system_mails_queue(Db *db, const SecretKey *key, Id agent_id, const char *purpose,
                            const char *token, Instant expires_at, GError **error);
