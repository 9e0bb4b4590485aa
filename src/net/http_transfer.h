// One HTTP transfer on a curl easy handle: set up from a request and a policy, gathers the answer
// within its limits. Internal to http_client.c, which drives it.
#pragma once

#include <curl/curl.h>

#include "net/curl_guard.h"
#include "net/http_client.h"

typedef struct HttpTransfer HttpTransfer;

// Takes request, copies policy. socket_path: speak over that Unix socket, without a guard; or NULL.
HttpTransfer *http_transfer_new(HttpRequest *request, const HttpPolicy *policy,
                                const char *socket_path, HttpDone done,
                                gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void http_transfer_free(HttpTransfer *transfer);

CURL *http_transfer_easy(HttpTransfer *transfer); // CURLOPT_PRIVATE is the transfer
HttpTransfer *http_transfer_from_easy(CURL *easy);

// After the transfer ended with result: TRUE when a redirect is to be followed and the handle is
// ready to run again.
gboolean http_transfer_redirect(HttpTransfer *transfer, CURLcode result);

// The answer; the transfer is over.
HttpAnswer *http_transfer_answer(HttpTransfer *transfer, CURLcode result) G_GNUC_WARN_UNUSED_RESULT;

// Hands answer (taken) to the caller of http_client_send.
void http_transfer_finish(HttpTransfer *transfer, HttpAnswer *answer);
