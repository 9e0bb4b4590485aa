// The text of a mail as it comes after DATA (RFC 5321 4.5.2): takes bytes up to CRLF.CRLF, undoes
// dot-stuffing, keeps at most a limit of bytes, and notices an end of data that is written with
// bare line feeds. Private to net/lmtp_session. Pure.
#pragma once

#include <glib.h>

typedef struct LmtpData LmtpData;

typedef enum {
    LMTP_DATA_OPEN,
    LMTP_DATA_WHOLE,
    LMTP_DATA_SMUGGLED, // LF.LF and its kin: somebody else would see the end there
} LmtpDataState;

LmtpData *lmtp_data_new(gsize limit) G_GNUC_WARN_UNUSED_RESULT;
void lmtp_data_free(LmtpData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpData, lmtp_data_free)

// Gives how many bytes were used: all, unless the end came before.
gsize lmtp_data_feed(LmtpData *data, const char *bytes, gsize length);

LmtpDataState lmtp_data_state(const LmtpData *data);
gboolean lmtp_data_is_over_limit(const LmtpData *data);
gsize lmtp_data_size(const LmtpData *data);
// What was kept. Owned; once.
GBytes *lmtp_data_take(LmtpData *data) G_GNUC_WARN_UNUSED_RESULT;
