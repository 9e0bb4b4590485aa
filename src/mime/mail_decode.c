#include "mime/mail_decode.h"

#include <gmime/gmime.h>

#include "base/error.h"

Incoming *mail_decode(GBytes *raw, GError **error) {
    if (g_bytes_get_size(raw) == 0) {
        error_set(error, ERROR_INVALID, "mail_empty", "the mail has no bytes");
        return NULL;
    }
    g_autoptr(Incoming) incoming = incoming_new(INCOMING_MESSAGE);
    incoming->mail = mail_new();
    return g_steal_pointer(&incoming);
}
