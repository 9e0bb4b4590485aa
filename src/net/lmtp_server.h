// The LMTP server: one thread with epoll, for mail servers on this machine (a Unix socket, or
// loopback). Knows no channels: whoever starts it says which addresses are taken and what becomes
// of a mail; 250 goes out only when that has answered (channels.md 17.9).
#pragma once

#include <gio/gio.h>

#include "net/lmtp_session.h"

typedef struct LmtpServer LmtpServer;

// A mail that waits for its answers. Answer it exactly once.
typedef struct LmtpPending LmtpPending;

typedef struct {
    const char *listen; // a path (0660), or "127.0.0.1:24"; loopback only
    gsize mail_limit;   // bytes of one mail
    gsize memory_limit; // bytes of all mails that are being received; beyond: 452
    guint connections;  // at once; more are told to come again
    gint64 idle_ms;     // without a byte, before we hang up
    gboolean (*knows)(const char *address, gpointer data); // on the server's thread; quick
    // On the server's thread; quick. mail is borrowed until it is answered.
    void (*take)(const LmtpMail *mail, LmtpPending *pending, gpointer data);
    gpointer data;
} LmtpServerOptions;

// Listens. NULL with an error (invalid, unavailable). Copies options; texts are borrowed for the
// call.
LmtpServer *lmtp_server_new(const LmtpServerOptions *options,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Stops; mails that are still unanswered may be answered later, to nobody. Their pendings must be
// answered before the process ends.
void lmtp_server_free(LmtpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpServer, lmtp_server_free)

// The port of a listening address; 0 for a path.
guint16 lmtp_server_port(const LmtpServer *server);

// A reply line for each recipient, copied: "250 2.0.0 stored". Any thread. Frees pending.
void lmtp_pending_answer(LmtpPending *pending, const char *const *replies);
