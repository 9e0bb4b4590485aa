// Mail that is brought by LMTP: which addresses are ours (the channels', with or without a +token),
// and what becomes of a mail: decoded, stored, and answered after COMMIT, each recipient for
// itself.
#pragma once

#include "desk/channel_directory.h"
#include "desk/mail_intake.h"
#include "net/lmtp_server.h"

typedef struct Lmtp Lmtp;

// Listens at listen (a path, or a loopback address and port). Borrows the others. NULL with an
// error.
Lmtp *lmtp_new(const char *listen, gint64 mail_limit, ChannelDirectory *channels,
               MailIntake *intake, GError **error) G_GNUC_WARN_UNUSED_RESULT;
// Takes no more mail and waits until what was taken is stored.
void lmtp_free(Lmtp *lmtp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lmtp, lmtp_free)

guint16 lmtp_port(const Lmtp *lmtp);

// The channel of an address: the address itself, else what stands before its "+". Owned reference,
// or NULL. Also for dialogctl deliver.
ChannelConfig *lmtp_find_channel(ChannelDirectory *channels,
                                 const char *address) G_GNUC_WARN_UNUSED_RESULT;

// The reply to a recipient whose delivery ended so; error NULL: it was committed. Static.
const char *lmtp_reply(const Delivery *delivery, const GError *error);

// The raw mail with the envelope in front, as a mail server adds it on delivery: Return-Path, and
// Delivered-To for each recipient (NULL-terminated). Addresses with control characters are left
// out.
GBytes *lmtp_mail_with_envelope(GBytes *mail, const char *sender,
                                const char *const *recipients) G_GNUC_WARN_UNUSED_RESULT;
