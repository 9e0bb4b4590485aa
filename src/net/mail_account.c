#include "net/mail_account.h"

#include <string.h>

static const char *const tls_names[] = {
    [MAIL_TLS_IMPLICIT] = "tls",
    [MAIL_TLS_START] = "starttls",
    [MAIL_TLS_NONE] = "plain",
};

const char *mail_tls_name(MailTls tls) {
    return tls_names[tls];
}

gboolean mail_tls_parse(const char *name, MailTls *tls) {
    for (gsize at = 0; at < G_N_ELEMENTS(tls_names); at++)
        if (g_str_equal(name, tls_names[at])) {
            *tls = (MailTls)at;
            return TRUE;
        }
    return FALSE;
}

MailAccount *mail_account_new(const char *host, guint16 port, MailTls tls) {
    MailAccount *account = g_new0(MailAccount, 1);
    account->host = g_strdup(host);
    account->port = port;
    account->tls = tls;
    return account;
}

MailAccount *mail_account_copy(const MailAccount *account) {
    MailAccount *copy = mail_account_new(account->host, account->port, account->tls);
    copy->user = g_strdup(account->user);
    copy->password = g_strdup(account->password);
    copy->token = account->token == NULL ? NULL : oauth_token_ref(account->token);
    copy->login_options = g_strdup(account->login_options);
    copy->authorities = g_strdup(account->authorities);
    copy->allow_private = account->allow_private;
    copy->stopping = account->stopping;
    return copy;
}

gboolean mail_account_is_local(const MailAccount *account) {
    return g_str_equal(account->host, "localhost") || g_str_has_prefix(account->host, "127.") ||
           g_str_equal(account->host, "::1");
}

void mail_account_free(MailAccount *account) {
    if (account == NULL)
        return;
    if (account->password != NULL)
        explicit_bzero(account->password, strlen(account->password));
    g_free(account->host);
    g_free(account->user);
    g_free(account->password);
    g_free(account->login_options);
    g_free(account->authorities);
    g_clear_pointer(&account->token, oauth_token_unref);
    g_free(account);
}
