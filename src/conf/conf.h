// The configuration: what the file says, checked, with the default of all that it does not say.
// Loaded once by the main programs, which hand each part what it needs. Not for what agents change
// while the server runs: that is in the store.
#pragma once

#include <glib.h>

typedef struct {
    // [server]
    char *data_directory;
    char *log_level; // debug, info, warning, error
    // [http]
    char *listen;           // "127.0.0.1:8025", "[::1]:8025"
    char *public_url;       // without a final slash; "" when not set: links then use listen
    char **trusted_proxies; // addresses or networks, "127.0.0.1", "10.0.0.0/8"; never NULL
    gint64 threads;         // 0: as many as cores
    gint64 connections;
    gint64 connections_per_address;
    gint64 body_limit; // bytes
    gint64 header_seconds;
    gint64 body_seconds;
    // [mail]
    char *lmtp_listen;       // a path, or "127.0.0.1:24"; "" when mail does not come by LMTP
    gint64 parser_processes; // 0: as many as cores
    gint64 mail_limit;       // bytes of one mail
    // [network]
    gboolean allow_private_addresses; // of mail servers, web hooks, media
    char *ca_file;                    // "" for those of the system
} Conf;

// NULL path: all defaults. NULL with an error (invalid, unavailable) that names file, section, key
// and what is wrong with it; unknown sections and keys are errors.
Conf *conf_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void conf_free(Conf *conf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conf, conf_free)
