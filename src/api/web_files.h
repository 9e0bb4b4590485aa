// The built page, embedded in the program or read from a directory while somebody works on it:
// files by name, each in gzip and brotli. Used by web.c. Immutable after web_files_new.
#pragma once

#include <glib.h>

typedef enum { WEB_PLAIN, WEB_GZIP, WEB_BROTLI } WebEncoding;

// As the build made it; src/web/embed.sh writes web_embedded[] into a source of its own.
typedef struct {
    const char *name; // "assets/app-XYZ.js"; a NULL name ends the table
    const char *type; // Content-Type
    gboolean is_immutable;
    const unsigned char *gzip, *gzip_end;
    const unsigned char *brotli, *brotli_end;
} WebEmbedded;

extern const WebEmbedded web_embedded[]; // empty when the page was not built

typedef struct WebFiles WebFiles;

// directory: a dist/ of src/web to read at each request, for work on the page; NULL: what is
// embedded. NULL with an error when the directory has no files.txt.
WebFiles *web_files_new(const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void web_files_free(WebFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebFiles, web_files_free)

typedef struct {
    const char *type;
    gboolean is_immutable;
    GBytes *bytes; // owned
    char *etag;    // quoted; owned
} WebFile;

void web_file_clear(WebFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebFile, web_file_clear)

// FALSE when there is no such file. WEB_PLAIN inflates the gzip form. Any thread.
gboolean web_files_read(const WebFiles *files, const char *name, WebEncoding encoding,
                        WebFile *file);
