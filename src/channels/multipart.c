#include "channels/multipart.h"

#include <string.h>

typedef struct {
    char *head;    // header lines with the blank line
    GBytes *value; // what follows
} Part;

struct Multipart {
    GArray *parts;
};

static void part_clear(Part *part) {
    g_free(part->head);
    g_bytes_unref(part->value);
}

Multipart *multipart_new(void) {
    Multipart *multipart = g_new0(Multipart, 1);
    multipart->parts = g_array_new(FALSE, FALSE, sizeof(Part));
    g_array_set_clear_func(multipart->parts, (GDestroyNotify)part_clear);
    return multipart;
}

void multipart_free(Multipart *multipart) {
    if (multipart == NULL)
        return;
    g_array_unref(multipart->parts);
    g_free(multipart);
}

// As browsers do it (RFC 7578 section 2, WHATWG): quotes and line ends in percent form.
static char *name_escape(const char *name) {
    GString *escaped = g_string_new(NULL);
    for (; *name != '\0'; name++) {
        guchar c = (guchar)*name;
        if (c == '"' || c == '\\' || c < 0x20 || c == 0x7f)
            g_string_append_printf(escaped, "%%%02X", c);
        else
            g_string_append_c(escaped, *name);
    }
    return g_string_free(escaped, FALSE);
}

static const char *type_safe(const char *type) {
    for (const char *at = type; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("/+-._; =", *at) == NULL)
            return "application/octet-stream";
    return strchr(type, '/') != NULL ? type : "application/octet-stream";
}

static void add(Multipart *multipart, char *head, GBytes *value) {
    Part part = {.head = head, .value = value};
    g_array_append_val(multipart->parts, part);
}

void multipart_add_text(Multipart *multipart, const char *name, const char *value) {
    add(multipart, g_strdup_printf("Content-Disposition: form-data; name=\"%s\"\r\n\r\n", name),
        g_bytes_new(value, strlen(value)));
}

void multipart_add_file(Multipart *multipart, const char *name, const Attachment *attachment) {
    g_autofree char *file_name =
        name_escape(attachment->name != NULL ? attachment->name : "attachment");
    add(multipart,
        g_strdup_printf("Content-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                        "Content-Type: %s\r\n\r\n",
                        name, file_name, type_safe(attachment->type)),
        g_bytes_ref(attachment->bytes));
}

// The SHA-256 of all parts: whoever wants it within a part would have to invert it.
static char *boundary_make(const GArray *parts) {
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint at = 0; at < parts->len; at++) {
        const Part *part = &g_array_index(parts, Part, at);
        gsize length;
        const guchar *bytes = g_bytes_get_data(part->value, &length);
        g_checksum_update(checksum, (const guchar *)part->head, -1);
        if (length > 0)
            g_checksum_update(checksum, bytes, (gssize)length);
    }
    return g_strdup(g_checksum_get_string(checksum));
}

void multipart_finish(Multipart *multipart, HttpRequest *request) {
    g_autofree char *boundary = boundary_make(multipart->parts);
    GByteArray *body = g_byte_array_new();
    for (guint at = 0; at < multipart->parts->len; at++) {
        const Part *part = &g_array_index(multipart->parts, Part, at);
        g_autofree char *head = g_strdup_printf("--%s\r\n%s", boundary, part->head);
        gsize length;
        const guint8 *bytes = g_bytes_get_data(part->value, &length);
        g_byte_array_append(body, (const guint8 *)head, (guint)strlen(head));
        if (length > 0)
            g_byte_array_append(body, bytes, (guint)length);
        g_byte_array_append(body, (const guint8 *)"\r\n", 2);
    }
    g_autofree char *end = g_strdup_printf("--%s--\r\n", boundary);
    g_byte_array_append(body, (const guint8 *)end, (guint)strlen(end));
    g_autofree char *type = g_strdup_printf("multipart/form-data; boundary=%s", boundary);
    http_request_take_body(request, type, g_byte_array_free_to_bytes(body));
}
