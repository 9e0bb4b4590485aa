// The parts of dialogd that handlers may use, handed to the router once by the main programs. Each
// pointer is borrowed and outlives the router; a part that does not run (in-process dialogctl, a
// test) is NULL and its handlers answer unavailable. Handlers include the part's own header.
#pragma once

#include "store/store.h"

typedef struct {
    Store *store;                            // never NULL
    struct WorkPool *work;                   // never NULL: api/work.h
    struct LiveEvents *live;                 // desk/live_events.h
    struct ViewCounter *views;               // desk/view_counter.h
    struct Presence *presence;               // desk/presence.h
    struct ChannelDirectory *channels;       // desk/channel_directory.h
    struct Inbound *inbound;                 // desk/inbound.h
    struct MailIntake *mail;                 // desk/mail_intake.h
    const struct FetchOptions *mail_servers; // desk/fetch_settings.h; NULL: nothing is allowed
    struct Outbox *outbox;                   // desk/outbox.h
    struct SignIn *sign_in;                  // desk/sign_in.h
    struct Oidc *oidc;                       // desk/oidc.h
    struct ParserPool *parsers;              // mime/parser_pool.h
    struct HttpClient *http;                 // net/http_client.h
    const struct WebFiles *web;              // api/web_files.h: the page
    const char *public_url;    // https://inbox.example.org, no final slash; "" when unset
    const char *metrics_token; // bearer token of /metrics from elsewhere; NULL: loopback only
} ApiParts;
