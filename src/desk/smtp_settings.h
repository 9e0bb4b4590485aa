// What an email channel's settings say about sending, as plain data (the settings are declared in
// channels/email.c). Used by desk/outbox and the live check of a channel.
#pragma once

#include "model/channel_kind.h"
#include "net/oauth_token.h"
#include "net/smtp.h"

typedef struct {
    SmtpAccount account; // its texts belong to the settings
    ChannelConfig *channel;
    OAuthToken *token; // or NULL
    char *bearer;      // of smtp_settings_sign_in
} SmtpSettings;

// NULL with an error (invalid) that says which setting is wrong. Without smtp_host mail is handed
// to localhost:25. The port follows the protection unless it is set.
SmtpSettings *smtp_settings_read(ChannelConfig *channel, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void smtp_settings_free(SmtpSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpSettings, smtp_settings_free)

// Gets the access token, where one is used. FALSE with an error (unauthenticated, upstream).
// Blocks.
gboolean smtp_settings_sign_in(SmtpSettings *settings, GError **error);
