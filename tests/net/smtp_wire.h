// Lines over a socket, in clear or TLS, for the SMTP sink.
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

typedef struct {
    int socket;
    SSL *ssl;
    guint8 bytes[4096];
    gsize begin, end;
} SmtpWire;

// A line with its end; NULL when the other side is gone.
char *smtp_wire_read_line(SmtpWire *wire);
gboolean smtp_wire_has_more(const SmtpWire *wire); // already received
void smtp_wire_write(SmtpWire *wire, const char *text);
gboolean smtp_wire_start_tls(SmtpWire *wire, const char *directory, gboolean tls12_only);
void smtp_wire_end(SmtpWire *wire);
