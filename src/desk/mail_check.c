#include "desk/mail_check.h"

#include "base/error.h"
#include "desk/smtp_settings.h"
#include "net/imap_session.h"
#include "net/mail_probe.h"
#include "net/pop3.h"

static void see(json_t *seen, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void see(json_t *seen, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    json_array_append_new(seen, json_string(line));
}

static void see_sign_in(json_t *seen, const char *what, const MailAccount *account) {
    static const char *const words[] = {
        [MAIL_TLS_IMPLICIT] = "over TLS",
        [MAIL_TLS_START] = "over STARTTLS",
        [MAIL_TLS_NONE] = "in clear",
    };
    see(seen, "%s %s:%u %s: %s", what, account->host, account->port, words[account->tls],
        account->user != NULL ? "signed in" : "answers");
}

static gboolean check_folders(ImapSession *session, char *const *folders, json_t *seen,
                              GError **error) {
    for (; *folders != NULL; folders++) {
        ImapFolder facts;
        if (!imap_session_select(session, *folders, FALSE, &facts, error)) {
            g_prefix_error(error, "Folder %s: ", *folders);
            return FALSE;
        }
        see(seen, "folder %s: %" G_GINT64_FORMAT " mails", *folders, facts.exists);
    }
    return TRUE;
}

static gboolean check_imap(const FetchSettings *settings, json_t *seen, GError **error) {
    g_autoptr(ImapSession) session = imap_session_open(settings->account, NULL, error);
    if (session == NULL)
        return FALSE;
    see_sign_in(seen, "IMAP", settings->account);
    see(seen, "capabilities: %s", imap_session_capabilities(session));
    if (!imap_session_has(session, "IDLE"))
        see(seen, "the server has no IDLE: new mail is seen every two minutes");
    g_autoptr(GPtrArray) listed = imap_session_list(session, error);
    if (listed == NULL)
        return FALSE;
    see(seen, "%u folders", listed->len);
    return check_folders(session, settings->folders, seen, error);
}

static gboolean check_pop3(const FetchSettings *settings, json_t *seen, GError **error) {
    g_autoptr(Pop3Session) session = pop3_session_open(settings->account, error);
    if (session == NULL)
        return FALSE;
    see_sign_in(seen, "POP3", settings->account);
    see(seen, "%u mails", pop3_session_mails(session)->len);
    return TRUE;
}

static MailAccount *account_of(const SmtpSettings *settings, const FetchOptions *options) {
    static const MailTls tls[] = {
        [SMTP_TLS_STARTTLS] = MAIL_TLS_START,
        [SMTP_TLS_IMPLICIT] = MAIL_TLS_IMPLICIT,
        [SMTP_TLS_NONE] = MAIL_TLS_NONE,
    };
    const SmtpAccount *smtp = &settings->account;
    MailAccount *account = mail_account_new(smtp->host, smtp->port, tls[smtp->tls]);
    account->user = g_strdup(smtp->user);
    account->password = g_strdup(smtp->password);
    account->token = settings->token == NULL ? NULL : oauth_token_ref(settings->token);
    const char *file = smtp->ca_file != NULL ? smtp->ca_file : options->ca_file;
    account->authorities = file == NULL || *file == '\0' ? NULL : g_strdup(file);
    account->allow_private = options->allow_private || mail_account_is_local(account);
    return account;
}

// Without a server of its own the channel hands its mail to this machine: not asked.
static gboolean check_smtp(ChannelConfig *config, const FetchOptions *options, json_t *seen,
                           GError **error) {
    if (channel_config_get(config, "smtp_host") == NULL) {
        see(seen, "no SMTP server is set: replies go to the mail server of this machine");
        return TRUE;
    }
    g_autoptr(SmtpSettings) settings = smtp_settings_read(config, error);
    if (settings == NULL)
        return FALSE;
    g_autoptr(MailAccount) account = account_of(settings, options);
    if (!mail_probe(account, "smtp", error))
        return FALSE;
    see_sign_in(seen, "SMTP", account);
    return TRUE;
}

gboolean mail_check(ChannelConfig *config, const FetchOptions *options, json_t *seen,
                    GError **error) {
    g_autoptr(FetchSettings) settings = fetch_settings_read(config, options, error);
    if (settings == NULL)
        return FALSE;
    if (settings->kind == FETCH_IMAP && !check_imap(settings, seen, error))
        return FALSE;
    if (settings->kind == FETCH_POP3 && !check_pop3(settings, seen, error))
        return FALSE;
    if (settings->kind == FETCH_NONE)
        see(seen, "mail is brought to this channel: nothing to sign in to");
    return check_smtp(config, options, seen, error);
}
