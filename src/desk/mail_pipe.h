// Many mails of one channel on their way in, in order: pushed by one thread, read by the mail
// intake several at once, stored in batches of one transaction each, which also moves the folder's
// cursor. Bounded in mails and bytes. Used by desk/fetch* and desk/import.
#pragma once

#include "desk/mail_intake.h"

typedef struct MailPipe MailPipe;

typedef struct {
    Id channel_id;
    const char *folder; // NULL: no cursor is moved
    gint64 uid_validity;
    gint64 last_uid;      // where the cursor stands
    gboolean is_outbound; // all of them are ours: a Sent folder
    gboolean is_careful;  // one by one; what the database refuses for itself is quarantined
} MailPipePlace;

// How many became what, by DeliveryState.
typedef struct {
    guint64 states[DELIVERY_STATES];
} MailPipeCounts;

// Copies place; borrows intake.
MailPipe *mail_pipe_new(MailIntake *intake, const MailPipePlace *place) G_GNUC_WARN_UNUSED_RESULT;

// Waits for all that was pushed, and frees.
void mail_pipe_free(MailPipe *pipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailPipe, mail_pipe_free)

// Takes the delivery; waits while too much is on its way. FALSE with an error when something could
// not be stored: nothing behind it will be either.
gboolean mail_pipe_push(MailPipe *pipe, Delivery *delivery, GError **error);

// Waits until all is committed. FALSE with the first error. counts may be NULL.
gboolean mail_pipe_finish(MailPipe *pipe, MailPipeCounts *counts, GError **error);
