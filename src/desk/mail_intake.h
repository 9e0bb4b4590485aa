// From raw mail to a delivery that is ready for the writer: decoded in a parser process, hashed,
// compressed and analysed on threads of its own, several mails at once. Used by everything that
// takes in mail: IMAP, POP3, LMTP, import, deliver. Writes no rows.
#pragma once

#include "desk/delivery.h"
#include "desk/inbound.h"
#include "mime/parser_pool.h"

typedef struct MailIntake MailIntake;

// Borrows all three; starts two threads.
MailIntake *mail_intake_new(Store *store, Inbound *inbound,
                            ParserPool *parsers) G_GNUC_WARN_UNUSED_RESULT;
// Waits for what is being read.
void mail_intake_free(MailIntake *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailIntake, mail_intake_free)

Store *mail_intake_store(const MailIntake *intake);
Inbound *mail_intake_inbound(const MailIntake *intake);

// delivery is ready for inbound_store (perhaps quarantined, because it could not be decoded), or
// error says why we cannot now (unavailable). Called on one of the intake's threads; owns nothing
// of error.
typedef void (*MailReady)(gpointer data, Delivery *delivery, const GError *error);

// Decodes delivery->raw, unless the delivery bears a failure already, and prepares it. Where the
// transport told no occurred_at it becomes the topmost Received header's instant, else the receipt
// (metrics.md "Times"). is_outbound: a mail of our Sent folder. Borrows delivery until ready. Any
// thread.
void mail_intake_read(MailIntake *intake, Delivery *delivery, gboolean is_outbound, MailReady ready,
                      gpointer data);

// The same, waiting. FALSE with an error (unavailable). Not on the intake's or the parser pool's
// threads.
gboolean mail_intake_read_wait(MailIntake *intake, Delivery *delivery, gboolean is_outbound,
                               GError **error);

// Reads, stores in a writer job of its own and waits for COMMIT; delivery has the results. FALSE
// with an error that can be tried again. A mail that the database refuses for itself is
// quarantined.
gboolean mail_intake_store_wait(MailIntake *intake, Delivery *delivery, gboolean is_outbound,
                                GError **error);
