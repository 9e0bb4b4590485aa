// The page for agents: its shell under /app, its files under /assets. The shell knows nothing of
// who asks; what it shows comes through the API.
#include <string.h>

#include "api/resources.h"
#include "api/web_files.h"
#include "base/error.h"

// ui.md 2.1. Trusted Types: only the sanitiser of the editor makes markup.
#define APP_POLICY                                                                                 \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "        \
    "connect-src 'self'; frame-src 'self'; font-src 'self'; manifest-src 'self'; form-action "     \
    "'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "        \
    "trusted-types dompurify"

static gboolean accepts(const char *header, const char *coding) {
    g_auto(GStrv) parts = g_strsplit(header != NULL ? header : "", ",", -1);
    for (char **part = parts; *part != NULL; part++) {
        g_auto(GStrv) words = g_strsplit(*part, ";", 2);
        if (words[0] == NULL || g_ascii_strcasecmp(g_strstrip(words[0]), coding) != 0)
            continue;
        g_autofree char *weight = g_strstrip(g_strdup(words[1] != NULL ? words[1] : ""));
        return strcmp(weight, "q=0") != 0;
    }
    return FALSE;
}

static WebEncoding choose_encoding(const ApiCall *call) {
    const char *header = api_call_header(call, "Accept-Encoding");
    if (accepts(header, "br"))
        return WEB_BROTLI;
    return accepts(header, "gzip") ? WEB_GZIP : WEB_PLAIN;
}

static void answer_file(ApiCall *call, WebFile *file, WebEncoding encoding) {
    static const char *const codings[] = {
        [WEB_PLAIN] = NULL, [WEB_GZIP] = "gzip", [WEB_BROTLI] = "br"};
    const char *known = api_call_header(call, "If-None-Match");
    api_call_add_header(call, "ETag", file->etag);
    api_call_add_header(call, "Vary", "Accept-Encoding");
    api_call_add_header(call, "Cache-Control",
                        file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
    api_call_add_header(call, "Content-Security-Policy", APP_POLICY);
    if (known != NULL && strcmp(known, file->etag) == 0) {
        api_call_answer_empty(call, 304);
        return;
    }
    if (codings[encoding] != NULL)
        api_call_add_header(call, "Content-Encoding", codings[encoding]);
    api_call_answer_bytes(call, 200, file->type, g_bytes_ref(file->bytes));
}

static void answer_named(ApiCall *call, const char *name) {
    GError *error = NULL;
    g_auto(WebFile) file = {0};
    WebEncoding encoding = choose_encoding(call);
    const WebFiles *files = api_call_parts(call)->web;
    if (files != NULL && web_files_read(files, name, encoding, &file)) {
        answer_file(call, &file, encoding);
        return;
    }
    error_set(&error, ERROR_NOT_FOUND, "route_unknown", "there is nothing at this path");
    api_call_fail(call, error);
}

static void get_shell(ApiCall *call) {
    answer_named(call, "index.html");
}

static void get_icon(ApiCall *call) {
    answer_named(call, "favicon.svg");
}

static void get_asset(ApiCall *call) {
    g_autofree char *name = g_strconcat("assets/", api_call_path(call, "file"), NULL);
    answer_named(call, name);
}

static void go_to_inbox(ApiCall *call) {
    api_call_add_header(call, "Location", "/app/inbox");
    api_call_answer_empty(call, 303);
}

const ApiRoute api_web_routes[] = {
    {.method = "GET", .pattern = "/", .permission = PERMISSION_ANYONE, .handler = go_to_inbox},
    {.method = "GET",
     .pattern = "/app/{rest...}",
     .permission = PERMISSION_ANYONE,
     .handler = get_shell,
     .query = "*"},
    {.method = "GET",
     .pattern = "/assets/{file}",
     .permission = PERMISSION_ANYONE,
     .handler = get_asset},
    {.method = "GET",
     .pattern = "/favicon.svg",
     .permission = PERMISSION_ANYONE,
     .handler = get_icon},
    {0},
};
