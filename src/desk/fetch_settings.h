// What an email channel's settings say about fetching, as plain data (the settings are declared in
// channels/email.c). Used by desk/fetch* and by the live check of `dialogctl channel add email`.
#pragma once

#include "model/channel_kind.h"
#include "net/mail_account.h"

// What the configuration file says for all channels.
typedef struct FetchOptions {
    gboolean allow_private; // servers at private addresses; "localhost" and 127.x need no leave
    const char *ca_file;    // "" or NULL: the system's
    gint64 mail_limit;      // bytes; a larger mail is refused in the ledger with its size
} FetchOptions;

typedef enum { FETCH_NONE, FETCH_IMAP, FETCH_POP3 } FetchKind;

typedef struct {
    FetchKind kind;
    MailAccount *account; // NULL with FETCH_NONE
    char **folders;       // to fetch; at least one
    char *sent_folder;    // its name, "auto" (by its \Sent flag), or "" for none
    gboolean deletes;     // POP3: after the mail is stored
} FetchSettings;

// NULL with an error (invalid) that says which setting is wrong. Mail that is brought (lmtp, none)
// is FETCH_NONE. The OAuth token, if any, is new: keep the settings as long as the channel does not
// change.
FetchSettings *fetch_settings_read(const ChannelConfig *config, const FetchOptions *options,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void fetch_settings_free(FetchSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FetchSettings, fetch_settings_free)
