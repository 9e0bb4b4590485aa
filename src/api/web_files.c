#include "api/web_files.h"

#include <gio/gio.h>
#include <string.h>

#include "base/error.h"

#define LINE_FIELDS 5

struct WebFiles {
    char *directory;  // NULL: embedded
    char *listing;    // files.txt of the directory
    GPtrArray *lines; // of char **: name, type, cache, gzip, brotli
};

static gboolean read_listing(WebFiles *files, GError **error) {
    g_autofree char *path = g_build_filename(files->directory, "files.txt", NULL);
    if (!g_file_get_contents(path, &files->listing, NULL, NULL)) {
        error_set(error, ERROR_INVALID, "web_directory_unbuilt",
                  "%s is not there: build the page first (make, or node build.mjs in src/web)",
                  path);
        return FALSE;
    }
    g_auto(GStrv) lines = g_strsplit(files->listing, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        char **fields = g_strsplit(*line, "\t", LINE_FIELDS);
        if (g_strv_length(fields) == LINE_FIELDS)
            g_ptr_array_add(files->lines, fields);
        else
            g_strfreev(fields);
    }
    return TRUE;
}

WebFiles *web_files_new(const char *directory, GError **error) {
    g_autoptr(WebFiles) files = g_new0(WebFiles, 1);
    files->lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    files->directory = g_strdup(directory);
    if (directory != NULL && !read_listing(files, error))
        return NULL;
    return g_steal_pointer(&files);
}

void web_files_free(WebFiles *files) {
    if (files == NULL)
        return;
    g_ptr_array_unref(files->lines);
    g_free(files->listing);
    g_free(files->directory);
    g_free(files);
}

void web_file_clear(WebFile *file) {
    g_clear_pointer(&file->bytes, g_bytes_unref);
    g_clear_pointer(&file->etag, g_free);
}

static GBytes *inflate(GBytes *gzip) {
    g_autoptr(GZlibDecompressor) plain = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autoptr(GInputStream) packed = g_memory_input_stream_new_from_bytes(gzip);
    g_autoptr(GInputStream) stream = g_converter_input_stream_new(packed, G_CONVERTER(plain));
    g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
    g_output_stream_splice(out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(out));
}

static void finish(WebFile *file, WebEncoding encoding) {
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file->bytes);
    file->etag = g_strdup_printf("\"%.20s\"", sum);
    if (encoding != WEB_PLAIN)
        return;
    GBytes *gzip = file->bytes;
    file->bytes = inflate(gzip);
    g_bytes_unref(gzip);
}

static GBytes *embedded_bytes(const WebEmbedded *file, gboolean is_brotli) {
    const unsigned char *begin = is_brotli ? file->brotli : file->gzip;
    const unsigned char *end = is_brotli ? file->brotli_end : file->gzip_end;
    return g_bytes_new_static(begin, (gsize)(end - begin));
}

static gboolean read_embedded(const char *name, WebEncoding encoding, WebFile *file) {
    const WebEmbedded *row = web_embedded;
    while (row->name != NULL && strcmp(row->name, name) != 0)
        row++;
    if (row->name == NULL)
        return FALSE;
    *file = (WebFile){.type = row->type,
                      .is_immutable = row->is_immutable,
                      .bytes = embedded_bytes(row, encoding == WEB_BROTLI)};
    return TRUE;
}

static gboolean read_directory(const WebFiles *files, const char *name, WebEncoding encoding,
                               WebFile *file) {
    for (guint at = 0; at < files->lines->len; at++) {
        char **fields = files->lines->pdata[at];
        char *bytes;
        gsize length;
        if (strcmp(fields[0], name) != 0)
            continue;
        g_autofree char *path =
            g_build_filename(files->directory, fields[encoding == WEB_BROTLI ? 4 : 3], NULL);
        if (!g_file_get_contents(path, &bytes, &length, NULL))
            return FALSE;
        *file = (WebFile){.type = fields[1],
                          .is_immutable = strcmp(fields[2], "immutable") == 0,
                          .bytes = g_bytes_new_take(bytes, length)};
        return TRUE;
    }
    return FALSE;
}

gboolean web_files_read(const WebFiles *files, const char *name, WebEncoding encoding,
                        WebFile *file) {
    gboolean found = files->directory != NULL ? read_directory(files, name, encoding, file)
                                              : read_embedded(name, encoding, file);
    if (found)
        finish(file, encoding);
    return found;
}
