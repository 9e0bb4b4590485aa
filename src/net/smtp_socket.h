// libesmtp connects by itself and shows its socket to nobody; this gives us a hold on it: which
// addresses it may reach, how long it may try, and a way to break it. It defines connect() for the
// whole program, which changes nothing but for a thread that has asked to be watched
// (doc/decisions: smtp-client). Internal to net/smtp*.c.
#pragma once

#include <glib.h>

typedef struct {
    gboolean allow_private; // addresses that are not public
    gboolean only_loopback; // because the session may be in clear
    gint64 timeout_ms;      // for one connect
    char refused[64];       // out: the address that was not allowed, or ""
    int copy;               // out: our own descriptor of the socket, -1 while there is none
} SmtpSocket;

// Connects of this thread are under these rules until smtp_socket_unwatch. The struct must stay.
void smtp_socket_watch(SmtpSocket *rules);

// Ends the watch; closes our copy.
void smtp_socket_unwatch(SmtpSocket *rules);

// Breaks the connection: nothing that is not on its way yet will get there. Any thread, between
// watch and unwatch.
void smtp_socket_break(SmtpSocket *rules);

// True when the other side has closed or reset the connection, or we broke it.
gboolean smtp_socket_is_dead(const SmtpSocket *rules);
