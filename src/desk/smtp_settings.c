#include "desk/smtp_settings.h"

#include "base/error.h"

static const guint16 ports[] = {
    [SMTP_TLS_STARTTLS] = 587, [SMTP_TLS_IMPLICIT] = 465, [SMTP_TLS_NONE] = 25};

static gboolean wrong(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "channel_setting", "The setting %s %s.", name, what);
    return FALSE;
}

static const char *value_or(const ChannelConfig *config, const char *name, const char *other) {
    const char *value = channel_config_get(config, name);
    return value != NULL ? value : other;
}

static gboolean read_server(SmtpSettings *settings, GError **error) {
    const ChannelConfig *config = settings->channel;
    SmtpAccount *account = &settings->account;
    guint64 port = 0;
    account->host = value_or(config, "smtp_host", "localhost");
    account->ca_file = channel_config_get(config, "tls_ca_file");
    if (!smtp_tls_parse(value_or(config, "smtp_security", "starttls"), &account->tls))
        return wrong(error, "smtp_security", "must be starttls, tls or plain");
    if (!smtp_client_parse(value_or(config, "smtp_client", "auto"), &account->client))
        return wrong(error, "smtp_client", "must be auto, libesmtp or libcurl");
    if (!g_ascii_string_to_unsigned(value_or(config, "smtp_port", "0"), 10, 0, 65535, &port, NULL))
        return wrong(error, "smtp_port", "must be 0 to 65535");
    account->port = port != 0                                         ? (guint16)port
                    : channel_config_get(config, "smtp_host") == NULL ? 25
                                                                      : ports[account->tls];
    return TRUE;
}

static gboolean read_token(SmtpSettings *settings, GError **error) {
    const ChannelConfig *config = settings->channel;
    OAuthGrant grant = {
        .url = channel_config_get(config, "oauth_token_url"),
        .client_id = channel_config_get(config, "oauth_client_id"),
        .client_secret = channel_config_get(config, "oauth_client_secret"),
        .refresh_token = channel_config_get(config, "oauth_refresh_token"),
    };
    if (grant.url == NULL || grant.client_id == NULL || grant.refresh_token == NULL)
        return wrong(error, "oauth_*",
                     "is missing: token_url, client_id and refresh_token are needed");
    settings->token = oauth_token_new(&grant, NULL, NULL);
    return TRUE;
}

// Without a host of its own there is no account: a mail server on this machine takes mail as it is.
static gboolean read_sign_in(SmtpSettings *settings, GError **error) {
    const ChannelConfig *config = settings->channel;
    SmtpAccount *account = &settings->account;
    const char *password = channel_config_get(config, "smtp_password");
    if (password == NULL)
        password = channel_config_get(config, "imap_password");
    if (channel_config_get(config, "smtp_host") == NULL)
        return TRUE;
    account->user = value_or(config, "smtp_user", value_or(config, "imap_user", config->address));
    if (!g_str_equal(value_or(config, "auth", "password"), "password"))
        return read_token(settings, error);
    account->password = password;
    if (password == NULL)
        account->user = NULL;
    return TRUE;
}

SmtpSettings *smtp_settings_read(ChannelConfig *channel, GError **error) {
    g_autoptr(SmtpSettings) settings = g_new0(SmtpSettings, 1);
    settings->channel = channel_config_ref(channel);
    if (!read_server(settings, error) || !read_sign_in(settings, error))
        return NULL;
    return g_steal_pointer(&settings);
}

void smtp_settings_free(SmtpSettings *settings) {
    if (settings == NULL)
        return;
    channel_config_unref(settings->channel);
    g_clear_pointer(&settings->token, oauth_token_unref);
    g_free(settings->bearer);
    g_free(settings);
}

gboolean smtp_settings_sign_in(SmtpSettings *settings, GError **error) {
    if (settings->token == NULL)
        return TRUE;
    g_free(settings->bearer);
    settings->bearer = oauth_token_get(settings->token, error);
    settings->account.bearer = settings->bearer;
    return settings->bearer != NULL;
}
