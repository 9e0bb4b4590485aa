// A libcurl handle made ready for a mail account: protocol, TLS, sign-in, time limits, and the rule
// which addresses may be reached. Used by mail_stream (IMAP) and pop3 only.
#pragma once

#include <curl/curl.h>

#include "net/mail_account.h"

// scheme is "imap" or "pop3"; the s is added for implicit TLS. The URL is set to the server's root.
// NULL with an error when the token could not be renewed. Free with mail_curl_free.
CURL *mail_curl_new(const MailAccount *account, const char *scheme,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

void mail_curl_free(CURL *curl);

// Performs. FALSE with an error that tells what to do: unauthenticated, denied (address), upstream.
gboolean mail_curl_perform(CURL *curl, const MailAccount *account, GError **error);

// scheme://host:port/path as the account has it. Owned.
char *mail_curl_url(const MailAccount *account, const char *scheme,
                    const char *path) G_GNUC_WARN_UNUSED_RESULT;
