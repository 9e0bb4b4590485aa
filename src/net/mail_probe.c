#include "net/mail_probe.h"

#include "net/mail_curl.h"

gboolean mail_probe(const MailAccount *account, const char *scheme, GError **error) {
    CURL *curl = mail_curl_new(account, scheme, error);
    if (curl == NULL)
        return FALSE;
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    gboolean is_good = mail_curl_perform(curl, account, error);
    mail_curl_free(curl);
    return is_good;
}
