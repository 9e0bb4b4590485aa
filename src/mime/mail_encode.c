#include "mime/mail_encode.h"

#include "base/error.h"

GBytes *mail_encode(const Outgoing *outgoing, const char *loop_id, GError **error) {
    (void)outgoing, (void)loop_id;
    error_set(error, ERROR_INVALID, "mail_invalid", "not written yet");
    return NULL;
}
