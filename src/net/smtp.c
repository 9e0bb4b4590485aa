#include "net/smtp.h"

#include <netdb.h>
#include <string.h>

#include "net/address_policy.h"
#include "net/smtp_transport.h"

gboolean smtp_client_parse(const char *text, SmtpClient *client) {
    static const char *const names[] = {"auto", "libesmtp", "libcurl"};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        if (g_strcmp0(text, names[at]) == 0) {
            *client = (SmtpClient)at;
            return TRUE;
        }
    return FALSE;
}

gboolean smtp_tls_parse(const char *text, SmtpTls *tls) {
    static const char *const names[] = {"starttls", "tls", "plain"};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        if (g_strcmp0(text, names[at]) == 0) {
            *tls = (SmtpTls)at;
            return TRUE;
        }
    return FALSE;
}

// Every address of the name is loopback. A name that says otherwise later is caught at connecting.
static gboolean host_is_loopback(const char *host) {
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return FALSE;
    gboolean is_loopback = TRUE;
    for (const struct addrinfo *at = found; at != NULL; at = at->ai_next)
        is_loopback = is_loopback && address_is_loopback(at->ai_addr);
    freeaddrinfo(found);
    return is_loopback;
}

// The domain in ASCII (IDNA); the address as it is where that fails.
static char *address_to_wire(const char *address) {
    const char *at = strrchr(address, '@');
    if (at == NULL || g_str_is_ascii(at))
        return g_strdup(address);
    g_autofree char *domain = g_hostname_to_ascii(at + 1);
    if (domain == NULL)
        return g_strdup(address);
    return g_strdup_printf("%.*s@%s", (int)(at - address), address, domain);
}

static char **addresses_to_wire(char *const *addresses) {
    GPtrArray *list = g_ptr_array_new();
    for (; *addresses != NULL; addresses++)
        g_ptr_array_add(list, address_to_wire(*addresses));
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(list, FALSE);
}

static gboolean envelope_is_ascii(const SmtpEnvelope *envelope) {
    if (envelope->sender != NULL && !g_str_is_ascii(envelope->sender))
        return FALSE;
    for (char *const *recipient = envelope->recipients; *recipient != NULL; recipient++)
        if (!g_str_is_ascii(*recipient))
            return FALSE;
    return TRUE;
}

// libesmtp knows neither port 465, nor OAuth, nor SMTPUTF8.
static gboolean esmtp_can(const SmtpAccount *account, const SmtpEnvelope *envelope) {
    return account->tls != SMTP_TLS_IMPLICIT && account->bearer == NULL &&
           envelope_is_ascii(envelope);
}

static gboolean text_is_unfit(const char *text) {
    if (text == NULL)
        return FALSE;
    for (; *text != '\0'; text++)
        if (g_ascii_iscntrl(*text) || *text == ' ' || *text == '<' || *text == '>')
            return TRUE;
    return FALSE;
}

// What would let somebody's text become a command (reliability.md E05).
static gboolean envelope_is_unfit(const SmtpEnvelope *envelope) {
    if (text_is_unfit(envelope->sender) || text_is_unfit(envelope->envelope_id))
        return TRUE;
    for (char *const *recipient = envelope->recipients; *recipient != NULL; recipient++)
        if (text_is_unfit(*recipient) || **recipient == '\0')
            return TRUE;
    return FALSE;
}

static SmtpTrace *trace_refused(const SmtpEnvelope *envelope, unsigned code, const char *words) {
    SmtpTrace *trace =
        smtp_trace_new("none", g_strv_length((char **)(guintptr)envelope->recipients));
    if (code != 0)
        smtp_reply_set(&trace->sender, code, NULL, words);
    trace->failure = g_strdup(words);
    return trace;
}

static SmtpTrace *account_speak(const SmtpAccount *account, const SmtpEnvelope *envelope,
                                GBytes *wire) {
    gboolean is_loopback = host_is_loopback(account->host);
    gboolean is_possible = esmtp_can(account, envelope);
    if (envelope_is_unfit(envelope))
        return trace_refused(envelope, 553, "an address has characters that no address may have");
    if (account->tls == SMTP_TLS_NONE && !is_loopback)
        return trace_refused(envelope, 0, "without TLS only a server on loopback is used");
    if (account->client == SMTP_CLIENT_LIBESMTP && !is_possible)
        return trace_refused(envelope, 0,
                             "libesmtp cannot do this: set smtp_client to auto or libcurl");
    if (account->client == SMTP_CLIENT_LIBCURL || !is_possible)
        return smtp_curl_send(account, envelope, wire, is_loopback);
    return smtp_esmtp_send(account, envelope, wire, is_loopback);
}

SmtpReport *smtp_send(const SmtpAccount *account, const SmtpEnvelope *envelope, GBytes *bytes) {
    g_autoptr(GBytes) wire = smtp_bytes_prepare(bytes);
    g_auto(GStrv) recipients = addresses_to_wire(envelope->recipients);
    g_autofree char *sender = envelope->sender != NULL ? address_to_wire(envelope->sender) : NULL;
    SmtpEnvelope own = {
        .sender = sender, .envelope_id = envelope->envelope_id, .recipients = recipients};
    g_autoptr(SmtpTrace) trace = account_speak(account, &own, wire);
    return smtp_trace_judge(trace, envelope->recipients);
}
