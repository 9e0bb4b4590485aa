#include "net/http_transfer.h"

#include <string.h>

#define BODY_LIMIT_INITIAL ((gsize)1 << 20)
#define HEADERS_LIMIT ((gsize)64 << 10)
#define TIMEOUT_INITIAL_MS 30000
#define CONNECT_TIMEOUT_MS 10000

struct HttpTransfer {
    CURL *easy;
    HttpRequest *request;
    HttpDone done;
    gpointer data;
    char *ca_file;
    char *socket_path;
    struct curl_slist *headers;
    CurlGuard guard;
    gboolean allow_http;
    guint redirects; // left
    gsize body_limit;
    gsize body_sent; // bytes of the request body that curl has taken
    GByteArray *body;
    HttpAnswer *answer; // being filled with headers
    gsize headers_size;
    gboolean is_too_large;
    char message[CURL_ERROR_SIZE];
};

static size_t transfer_read(char *buffer, size_t size, size_t count, void *data) {
    HttpTransfer *transfer = data;
    gsize length;
    const guint8 *bytes = g_bytes_get_data(transfer->request->body, &length);
    gsize part = MIN(size * count, length - transfer->body_sent);
    if (part > 0)
        memcpy(buffer, bytes + transfer->body_sent, part);
    transfer->body_sent += part;
    return part;
}

static int transfer_seek(void *data, curl_off_t offset, int origin) {
    HttpTransfer *transfer = data;
    if (origin != SEEK_SET || offset < 0 ||
        (gsize)offset > g_bytes_get_size(transfer->request->body))
        return CURL_SEEKFUNC_FAIL;
    transfer->body_sent = (gsize)offset;
    return CURL_SEEKFUNC_OK;
}

static size_t transfer_write(char *bytes, size_t size, size_t count, void *data) {
    HttpTransfer *transfer = data;
    gsize length = size * count;
    if (length > transfer->body_limit - transfer->body->len) {
        transfer->is_too_large = TRUE;
        return 0;
    }
    g_byte_array_append(transfer->body, (const guint8 *)bytes, (guint)length);
    return length;
}

static void transfer_add_header(HttpTransfer *transfer, const char *line, gsize length) {
    const char *colon = memchr(line, ':', length);
    if (colon == NULL)
        return;
    g_autofree char *name = g_strndup(line, (gsize)(colon - line));
    g_autofree char *value = g_strndup(colon + 1, length - (gsize)(colon - line) - 1);
    http_answer_add_header(transfer->answer, g_strstrip(name), g_strstrip(value));
}

static size_t transfer_header(char *bytes, size_t size, size_t count, void *data) {
    HttpTransfer *transfer = data;
    gsize length = size * count;
    transfer->headers_size += length;
    if (transfer->headers_size > HEADERS_LIMIT) {
        transfer->is_too_large = TRUE;
        return 0;
    }
    if (length > 5 && memcmp(bytes, "HTTP/", 5) == 0) // a later answer (after 100) begins anew
        g_ptr_array_set_size(transfer->answer->headers, 0);
    else
        transfer_add_header(transfer, bytes, length);
    return length;
}

static void transfer_set_headers(HttpTransfer *transfer) {
    curl_slist_free_all(transfer->headers);
    transfer->headers = curl_slist_append(NULL, "Expect:"); // no pause for a 100 before the body
    if (http_header_find(transfer->request->headers, "Content-Type") == NULL) // curl says a form's
        transfer->headers = curl_slist_append(transfer->headers, "Content-Type:");
    for (guint at = 0; at < transfer->request->headers->len; at++) {
        const HttpField *field = transfer->request->headers->pdata[at];
        g_autofree char *line = *field->value == '\0'
                                    ? g_strdup_printf("%s;", field->name)
                                    : g_strdup_printf("%s: %s", field->name, field->value);
        transfer->headers = curl_slist_append(transfer->headers, line);
    }
    if (http_header_find(transfer->request->headers, "Content-Type") == NULL)
        transfer->headers = curl_slist_append(transfer->headers, "Content-Type:"); // not a form
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static gboolean request_is_read_only(const HttpRequest *request) {
    return g_str_equal(request->method, "GET") || g_str_equal(request->method, "HEAD");
}

static void transfer_set_method(HttpTransfer *transfer) {
    CURL *easy = transfer->easy;
    const HttpRequest *request = transfer->request;
    if (g_str_equal(request->method, "GET")) {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    } else if (g_str_equal(request->method, "HEAD")) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)g_bytes_get_size(request->body));
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
        if (!request->has_idempotency_key)
            curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    }
}

static void transfer_set_callbacks(HttpTransfer *transfer) {
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, transfer_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, transfer_seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, transfer_write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, transfer_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->message);
}

static void transfer_set_limits(HttpTransfer *transfer) {
    CURL *easy = transfer->easy;
    gint64 timeout = transfer->request->timeout_ms;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(timeout > 0 ? timeout : TIMEOUT_INITIAL_MS));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, transfer->allow_http ? "https,http" : "https");
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "dialogd");
    if (transfer->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, transfer->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (transfer->socket_path != NULL)
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, transfer->socket_path);
    else
        curl_guard_apply(easy, &transfer->guard);
}

static void transfer_set_up(HttpTransfer *transfer) {
    curl_easy_reset(transfer->easy);
    transfer->body_sent = 0;
    transfer->headers_size = 0;
    g_byte_array_set_size(transfer->body, 0);
    g_ptr_array_set_size(transfer->answer->headers, 0);
    curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->request->url);
    transfer_set_limits(transfer);
    transfer_set_callbacks(transfer);
    transfer_set_method(transfer);
    transfer_set_headers(transfer);
}

HttpTransfer *http_transfer_new(HttpRequest *request, const HttpPolicy *policy,
                                const char *socket_path, HttpDone done, gpointer data) {
    HttpTransfer *transfer = g_new0(HttpTransfer, 1);
    transfer->easy = curl_easy_init();
    g_assert(transfer->easy != NULL);
    transfer->request = request;
    transfer->done = done;
    transfer->data = data;
    transfer->ca_file = g_strdup(policy->ca_file);
    transfer->socket_path = g_strdup(socket_path);
    transfer->guard.allow_private = policy->allow_private && !request->is_strangers_url;
    transfer->allow_http = policy->allow_http && !request->is_strangers_url;
    transfer->redirects = policy->redirects;
    transfer->body_limit = policy->body_limit > 0 ? policy->body_limit : BODY_LIMIT_INITIAL;
    transfer->body_limit = MIN(transfer->body_limit, (gsize)G_MAXINT);
    transfer->body = g_byte_array_new();
    transfer->answer = http_answer_new(0);
    transfer_set_up(transfer);
    return transfer;
}

void http_transfer_free(HttpTransfer *transfer) {
    if (transfer == NULL)
        return;
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    http_request_free(transfer->request);
    http_answer_free(transfer->answer);
    g_byte_array_unref(transfer->body);
    g_free(transfer->ca_file);
    g_free(transfer->socket_path);
    g_free(transfer);
}

CURL *http_transfer_easy(HttpTransfer *transfer) {
    return transfer->easy;
}

HttpTransfer *http_transfer_from_easy(CURL *easy) {
    char *transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    return (gpointer)transfer;
}

static char *url_part(CURLU *url, CURLUPart part) {
    char *text = NULL;
    curl_url_get(url, part, &text, part == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0);
    char *copy = g_strdup(text);
    curl_free(text);
    return copy;
}

static gboolean urls_have_same_part(CURLU *one, CURLU *other, CURLUPart part) {
    g_autofree char *first = url_part(one, part), *second = url_part(other, part);
    return first != NULL && second != NULL && g_ascii_strcasecmp(first, second) == 0;
}

static gboolean urls_have_same_origin(const char *one, const char *other) {
    CURLU *first = curl_url(), *second = curl_url();
    gboolean is_same = curl_url_set(first, CURLUPART_URL, one, 0) == CURLUE_OK &&
                       curl_url_set(second, CURLUPART_URL, other, 0) == CURLUE_OK &&
                       urls_have_same_part(first, second, CURLUPART_SCHEME) &&
                       urls_have_same_part(first, second, CURLUPART_HOST) &&
                       urls_have_same_part(first, second, CURLUPART_PORT);
    curl_url_cleanup(first);
    curl_url_cleanup(second);
    return is_same;
}

gboolean http_transfer_redirect(HttpTransfer *transfer, CURLcode result) {
    const char *target = NULL;
    if (result != CURLE_OK || transfer->redirects == 0 || !request_is_read_only(transfer->request))
        return FALSE;
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &target);
    if (target == NULL)
        return FALSE;
    g_autofree char *url = g_strdup(target);
    if (!urls_have_same_origin(transfer->request->url, url))
        g_ptr_array_set_size(transfer->request->headers, 0); // they may bear credentials
    g_free(transfer->request->url);
    transfer->request->url = g_steal_pointer(&url);
    transfer->redirects--;
    transfer_set_up(transfer);
    return TRUE;
}

// Only what curl has read to its end can have had an effect: a body cut short is no request.
static gboolean transfer_was_sent(HttpTransfer *transfer) {
    curl_off_t began = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &began);
    return began > 0 && transfer->body_sent == g_bytes_get_size(transfer->request->body);
}

static char *transfer_failure(HttpTransfer *transfer, CURLcode result) {
    if (transfer->is_too_large)
        return g_strdup("the answer is larger than the limit");
    if (transfer->guard.refused[0] != '\0')
        return g_strdup_printf("the host's address %s is not a public one",
                               transfer->guard.refused);
    if (result == CURLE_UNSUPPORTED_PROTOCOL)
        return g_strdup("only https is allowed here");
    if (result == CURLE_URL_MALFORMAT)
        return g_strdup("the URL is malformed"); // curl's own words may quote the URL
    const char *words = transfer->message[0] ? transfer->message : curl_easy_strerror(result);
    return g_strdelimit(g_strdup(words), "\r\n", ' ');
}

HttpAnswer *http_transfer_answer(HttpTransfer *transfer, CURLcode result) {
    HttpAnswer *answer = g_steal_pointer(&transfer->answer);
    if (result != CURLE_OK) {
        g_ptr_array_set_size(answer->headers, 0);
        answer->was_sent = transfer_was_sent(transfer);
        answer->failure = transfer_failure(transfer, result);
        return answer;
    }
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    answer->status = (unsigned)status;
    answer->was_sent = TRUE;
    g_bytes_unref(answer->body);
    answer->body = g_bytes_new(transfer->body->data, transfer->body->len);
    return answer;
}

void http_transfer_finish(HttpTransfer *transfer, HttpAnswer *answer) {
    transfer->done(answer, transfer->data);
}
