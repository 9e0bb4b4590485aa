// The head of a request: from libmicrohttpd's headers to ours, and what is wrong with its framing
// (reliability.md W08: libmicrohttpd 0.9.75 lets these through).
#include <gio/gio.h>
#include <string.h>

#include "api/server_state.h"

#define HEADERS_MAX 100

static enum MHD_Result take_header(void *data, enum MHD_ValueKind kind, const char *name,
                                   const char *value) {
    HttpRequest *request = data;
    (void)kind;
    http_request_add_header(request, name, value != NULL ? value : "");
    return MHD_YES;
}

static guint count_headers(const HttpRequest *request, const char *name) {
    guint count = 0;
    for (guint at = 0; at < request->headers->len; at++) {
        const HttpField *field = request->headers->pdata[at];
        count += g_ascii_strcasecmp(field->name, name) == 0;
    }
    return count;
}

static gboolean has_broken_framing(const HttpRequest *request) {
    guint lengths = count_headers(request, "Content-Length");
    guint encodings = count_headers(request, "Transfer-Encoding");
    const char *encoding = http_header_find(request->headers, "Transfer-Encoding");
    return lengths + encodings > 1 || count_headers(request, "Host") > 1 ||
           (encoding != NULL && g_ascii_strcasecmp(encoding, "chunked") != 0);
}

// "Content-Length : 5" is a length to some and none to others.
static gboolean has_broken_name(const HttpRequest *request) {
    for (guint at = 0; at < request->headers->len; at++) {
        const HttpField *field = request->headers->pdata[at];
        for (const char *letter = field->name; *letter != '\0'; letter++)
            if (!g_ascii_isalnum(*letter) && strchr("!#$%&'*+-.^_`|~", *letter) == NULL)
                return TRUE;
    }
    return FALSE;
}

static unsigned find_problem(const HttpRequest *request) {
    const char *expect = http_header_find(request->headers, "Expect");
    if (request->headers->len > HEADERS_MAX)
        return 431;
    if (has_broken_framing(request) || has_broken_name(request))
        return 400;
    if (expect != NULL && g_ascii_strcasecmp(expect, "100-continue") != 0)
        return 417;
    return 0;
}

HttpRequest *server_head_read(struct MHD_Connection *connection, const char *method,
                              const char *target, unsigned *status) {
    HttpRequest *request = http_request_new(method, target);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, request);
    *status = find_problem(request);
    return request;
}

gint64 server_head_length(const HttpRequest *request) {
    const char *text = http_header_find(request->headers, "Content-Length");
    guint64 length = 0;
    if (text != NULL)
        return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &length, NULL) ? (gint64)length
                                                                                  : G_MAXINT64;
    return http_header_find(request->headers, "Transfer-Encoding") != NULL ? -1 : 0;
}

// The last address that no trusted proxy of ours bears: everything before it could be invented.
char *server_head_peer(const Connections *connections, const Connection *connection,
                       const HttpRequest *request) {
    const char *forwarded = http_header_find(request->headers, "X-Forwarded-For");
    if (forwarded == NULL || !connections_trusts(connections, connection->address))
        return g_strdup(connection->address);
    g_auto(GStrv) hops = g_strsplit(forwarded, ",", 20);
    for (guint at = g_strv_length(hops); at-- > 0;) {
        g_autoptr(GInetAddress) address = g_inet_address_new_from_string(g_strstrip(hops[at]));
        if (address == NULL)
            break;
        g_autofree char *text = g_inet_address_to_string(address);
        if (!connections_trusts(connections, text))
            return g_steal_pointer(&text);
    }
    return g_strdup(connection->address);
}
