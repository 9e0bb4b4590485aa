#include "smtp_wire.h"

#include <string.h>
#include <sys/socket.h>

static gboolean wire_fill(SmtpWire *wire) {
    int got = wire->ssl != NULL ? SSL_read(wire->ssl, wire->bytes, sizeof wire->bytes)
                                : (int)recv(wire->socket, wire->bytes, sizeof wire->bytes, 0);
    wire->begin = 0;
    wire->end = got > 0 ? (gsize)got : 0;
    return got > 0;
}

char *smtp_wire_read_line(SmtpWire *wire) {
    GString *line = g_string_new(NULL);
    while (wire->begin < wire->end || wire_fill(wire)) {
        char byte = (char)wire->bytes[wire->begin++];
        g_string_append_c(line, byte);
        if (byte == '\n')
            return g_string_free(line, FALSE);
    }
    g_string_free(line, TRUE);
    return NULL;
}

gboolean smtp_wire_has_more(const SmtpWire *wire) {
    return wire->begin < wire->end;
}

void smtp_wire_write(SmtpWire *wire, const char *text) {
    if (wire->ssl != NULL)
        SSL_write(wire->ssl, text, (int)strlen(text));
    else
        send(wire->socket, text, strlen(text), MSG_NOSIGNAL);
}

gboolean smtp_wire_start_tls(SmtpWire *wire, const char *directory, gboolean tls12_only) {
    g_autofree char *certificate = g_build_filename(directory, "cert.pem", NULL);
    g_autofree char *key = g_build_filename(directory, "key.pem", NULL);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    g_assert_cmpint(SSL_CTX_use_certificate_chain_file(context, certificate), ==, 1);
    g_assert_cmpint(SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM), ==, 1);
    if (tls12_only)
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    wire->ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_fd(wire->ssl, wire->socket);
    return SSL_accept(wire->ssl) == 1;
}

void smtp_wire_end(SmtpWire *wire) {
    if (wire->ssl != NULL)
        SSL_free(wire->ssl);
    wire->ssl = NULL;
}
