#include "mime/parser_process.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mime/html_clean.h"
#include "mime/html_text.h"
#include "mime/mail_decode.h"
#include "mime/parser_frame.h"
#include "mime/parser_sandbox.h"

#define SOCKET STDIN_FILENO
#define LARGE_BYTES (1u << 20) // of work, after which memory is given back

gboolean parser_process_is_wanted(int argc, char **argv) {
    return argc == 2 && strcmp(argv[1], "parser") == 0;
}

static gboolean answer_mail(guint32 id, GBytes *raw) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Incoming) incoming = mail_decode(raw, &error);
    return incoming != NULL ? frame_write_incoming(SOCKET, id, incoming)
                            : frame_write_error(SOCKET, id, error);
}

static gboolean answer_html(guint32 id, GBytes *bytes) {
    gsize length;
    const char *html = g_bytes_get_data(bytes, &length);
    g_autofree char *clean = html_clean(html, length, NULL);
    g_autofree char *text = html_text(html, length);
    return frame_write_clean(SOCKET, id, clean, text);
}

static gboolean answer_one(void) {
    FrameHeader header;
    GBytes *payload;
    if (!frame_read(SOCKET, &header, &payload))
        return FALSE;
    gboolean goes_on = header.kind == FRAME_MAIL   ? answer_mail(header.id, payload)
                       : header.kind == FRAME_HTML ? answer_html(header.id, payload)
                                                   : FALSE;
    gboolean was_large = g_bytes_get_size(payload) > LARGE_BYTES;
    g_bytes_unref(payload);
    if (was_large)
        malloc_trim(0);
    return goes_on;
}

int parser_process_main(void) {
    g_autoptr(GError) error = NULL;
    if (!parser_sandbox_enter(&error)) {
        fprintf(stderr, "parser: %s\n", error->message);
        return 1;
    }
    while (answer_one())
        continue;
    // Nothing of this process is worth tidying, and exit handlers are outside the sandbox's means.
    _exit(0);
}
