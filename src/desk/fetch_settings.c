#include "desk/fetch_settings.h"

#include "base/error.h"

static const struct {
    const char *security;
    MailTls tls;
    guint16 imap_port, pop3_port;
} securities[] = {
    {"tls", MAIL_TLS_IMPLICIT, 993, 995},
    {"starttls", MAIL_TLS_START, 143, 110},
    {"plain", MAIL_TLS_NONE, 143, 110},
};

static const char *value_or(const ChannelConfig *config, const char *name, const char *other) {
    const char *value = channel_config_get(config, name);
    return value != NULL ? value : other;
}

static gboolean is_true(const ChannelConfig *config, const char *name) {
    return g_str_equal(value_or(config, name, "false"), "true");
}

static gboolean wrong(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "channel_setting", "The setting %s %s.", name, what);
    return FALSE;
}

static gboolean read_server(const ChannelConfig *config, FetchSettings *settings, GError **error) {
    const char *host = channel_config_get(config, "imap_host");
    const char *security = value_or(config, "imap_security", "tls");
    guint64 port = 0;
    if (host == NULL)
        return wrong(error, "imap_host", "is missing: name the server that holds the mailbox");
    if (!g_ascii_string_to_unsigned(value_or(config, "imap_port", "0"), 10, 0, 65535, &port, NULL))
        return wrong(error, "imap_port", "must be 0 to 65535");
    for (gsize at = 0; at < G_N_ELEMENTS(securities); at++) {
        if (!g_str_equal(securities[at].security, security))
            continue;
        if (port == 0)
            port =
                settings->kind == FETCH_POP3 ? securities[at].pop3_port : securities[at].imap_port;
        settings->account = mail_account_new(host, (guint16)port, securities[at].tls);
        return TRUE;
    }
    return wrong(error, "imap_security", "must be tls, starttls or plain");
}

static void read_network(const ChannelConfig *config, const FetchOptions *options,
                         MailAccount *account) {
    const char *file = value_or(config, "tls_ca_file", options->ca_file);
    account->authorities = file == NULL || *file == '\0' ? NULL : g_strdup(file);
    account->allow_private = options->allow_private || mail_account_is_local(account);
}

static gboolean read_sign_in(const ChannelConfig *config, MailAccount *account, GError **error) {
    const char *auth = value_or(config, "auth", "password");
    account->user = g_strdup(value_or(config, "imap_user", config->address));
    if (g_str_equal(auth, "password")) {
        account->password = g_strdup(channel_config_get(config, "imap_password"));
        return account->password != NULL || wrong(error, "imap_password", "is missing");
    }
    OAuthGrant grant = {
        .url = channel_config_get(config, "oauth_token_url"),
        .client_id = channel_config_get(config, "oauth_client_id"),
        .client_secret = channel_config_get(config, "oauth_client_secret"),
        .refresh_token = channel_config_get(config, "oauth_refresh_token"),
    };
    if (grant.url == NULL || grant.client_id == NULL || grant.refresh_token == NULL)
        return wrong(error, "oauth_*",
                     "is missing: token_url, client_id and refresh_token are needed");
    account->token = oauth_token_new(&grant, NULL, NULL);
    account->login_options =
        g_strdup(g_str_equal(auth, "xoauth2") ? "AUTH=XOAUTH2" : "AUTH=OAUTHBEARER");
    return TRUE;
}

// "INBOX, Sent" without blanks and empty names.
static char **split_folders(const char *list) {
    g_auto(GStrv) parts = g_strsplit(list, ",", 50);
    g_autoptr(GPtrArray) folders = g_ptr_array_new();
    for (gsize at = 0; parts[at] != NULL; at++)
        if (*g_strstrip(parts[at]) != '\0')
            g_ptr_array_add(folders, g_strdup(parts[at]));
    if (folders->len == 0)
        g_ptr_array_add(folders, g_strdup("INBOX"));
    g_ptr_array_add(folders, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&folders), FALSE);
}

FetchSettings *fetch_settings_read(const ChannelConfig *config, const FetchOptions *options,
                                   GError **error) {
    g_autoptr(FetchSettings) settings = g_new0(FetchSettings, 1);
    const char *incoming = value_or(config, "incoming", "imap");
    settings->kind = g_str_equal(incoming, "imap")   ? FETCH_IMAP
                     : g_str_equal(incoming, "pop3") ? FETCH_POP3
                                                     : FETCH_NONE;
    settings->folders = split_folders(value_or(config, "imap_folders", "INBOX"));
    settings->sent_folder = g_strdup(value_or(config, "imap_sent_folder", ""));
    settings->deletes = is_true(config, "pop3_delete");
    if (settings->kind != FETCH_NONE &&
        (!read_server(config, settings, error) || !read_sign_in(config, settings->account, error)))
        return NULL;
    if (settings->kind != FETCH_NONE)
        read_network(config, options, settings->account);
    return g_steal_pointer(&settings);
}

void fetch_settings_free(FetchSettings *settings) {
    if (settings == NULL)
        return;
    mail_account_free(settings->account);
    g_strfreev(settings->folders);
    g_free(settings->sent_folder);
    g_free(settings);
}
