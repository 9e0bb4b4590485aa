// Mail that people bring by hand: archives (dialogctl import) and single mails from a pipe
// (dialogctl deliver). Stored as any other; repeating it is harmless, since the key is the bytes'
// hash. Blocks: on work threads only.
#pragma once

#include "desk/channel_directory.h"
#include "desk/mail_pipe.h"

// Stores a list of ImportMail into an email channel. FALSE with an error; what was stored stays.
gboolean mail_import(MailIntake *intake, Id channel_id, const GPtrArray *mails,
                     gboolean is_outbound, MailPipeCounts *counts, GError **error);

typedef struct {
    const char *recipient; // whose channel takes it, or NULL with channel_id
    const char *sender;    // envelope sender, "" for the null path, NULL when not known
    Id channel_id;         // 0: by recipient
} MailEnvelope;

// Stores one mail. Owned, with its results; NULL with an error (not_found: no such channel).
Delivery *mail_deliver(MailIntake *intake, ChannelDirectory *channels, GBytes *mail,
                       const MailEnvelope *envelope, GError **error) G_GNUC_WARN_UNUSED_RESULT;
