// The Sent folder of an email channel: keeps a copy of what we sent where the provider does not,
// and tells whether a mail stands there. By IMAP; blocking. Used by desk/outbox.
#pragma once

#include "desk/fetch_settings.h"

// Adds the mail, as read, if the channel's sent_copy setting asks for it and it is not there yet.
// Tries three times; a failure is logged, nothing else: the mail itself has been sent.
void sent_folder_copy(const ChannelConfig *channel, const FetchOptions *options,
                      const char *message_id, GBytes *mail);

// Whether the folder holds a mail of this Message-ID. conflict when the channel has no such folder;
// other errors as net/imap_session.h.
gboolean sent_folder_find(const ChannelConfig *channel, const FetchOptions *options,
                          const char *message_id, gboolean *found, GError **error);

// Whether a copy must be made: sent_copy is yes, or auto and the SMTP host is not one of those that
// keep it themselves. Pure.
gboolean sent_folder_is_ours(const ChannelConfig *channel);
