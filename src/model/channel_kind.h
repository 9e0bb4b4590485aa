// A channel kind: a table of pure functions from data to data (architecture.md "Channel kinds are
// pure codecs"). No member does I/O, keeps state, reads a clock or starts a thread; the desk does
// the I/O for all. Mandatory: name, title, settings, and decode for what comes by webhook or poll.
#pragma once

#include "base/clock.h"
#include "base/id.h"
#include "model/incoming.h"
#include "model/outgoing.h"

// A header or a query parameter; lists of them end with a NULL name.
typedef struct {
    char *name;
    char *value;
} HttpField;

typedef struct {
    char *method;       // "GET", "POST", ...
    char *url;          // outgoing: absolute; incoming: the public URL as the provider called it
    GPtrArray *headers; // of HttpField; never NULL; names compared without case
    GBytes *body;       // never NULL, may be empty
    gboolean has_idempotency_key; // a lost answer may be tried again with the same key
    gint64 timeout_ms;            // 0: the client's default
    gboolean is_strangers_url;    // a customer named the url: https, public addresses only
} HttpRequest;

typedef struct {
    unsigned status;    // 0: no answer
    GPtrArray *headers; // of HttpField; never NULL
    GBytes *body;       // never NULL
    gboolean
        was_sent;  // with status 0: request bytes may have reached the provider (outcome unknown)
    char *failure; // with status 0: why, one line without secrets; else NULL
} HttpAnswer;

HttpRequest *http_request_new(const char *method, const char *url) G_GNUC_WARN_UNUSED_RESULT;
void http_request_free(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, http_request_free)
void http_request_add_header(HttpRequest *request, const char *name, const char *value);
void http_request_take_body(HttpRequest *request, const char *type, GBytes *body);
HttpAnswer *http_answer_new(unsigned status) G_GNUC_WARN_UNUSED_RESULT;
void http_answer_free(HttpAnswer *answer);
void http_answer_add_header(HttpAnswer *answer, const char *name, const char *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpAnswer, http_answer_free)
// The first header of that name without regard to case, or NULL. Borrowed.
const char *http_header_find(const GPtrArray *headers, const char *name);
// Retry-After in seconds, at most a day, as milliseconds; -1 without one. Its other form, a date,
// is left to the caller's own back-off.
gint64 http_retry_after_ms(const GPtrArray *headers);

typedef enum { TEXT_BYTES, TEXT_UTF16, TEXT_CODE_POINTS } TextUnit;

typedef enum {
    ABILITY_REPLY = 1 << 0,
    ABILITY_ATTACH = 1 << 1,
    ABILITY_QUOTE = 1 << 2,
    ABILITY_HTML = 1 << 3,
    ABILITY_SUBJECT = 1 << 4,
    ABILITY_BEGIN = 1 << 5, // we may write first
    ABILITY_WEBHOOK = 1 << 6,
    ABILITY_POLL = 1 << 7,
    ABILITY_LOCAL_IDENTITIES =
        1 << 8,           // its addresses of people mean something within one channel only
    ABILITY_LOG = 1 << 9, // what happens on it is written down by hand
} ChannelAbility;

// One declared setting of a kind: the form in the page, the options of `dialogctl channel add`, the
// check.
typedef struct {
    const char *name; // snake_case
    const char *title;
    const char *help; // one sentence
    enum {
        SETTING_TEXT,
        SETTING_SECRET,
        SETTING_NUMBER,
        SETTING_BOOLEAN,
        SETTING_CHOICE,
        SETTING_URL
    } type;
    const char *choices; // "auto|libesmtp|libcurl" for SETTING_CHOICE
    const char *initial; // default, or NULL; SETTING_SECRET: the prefix of a random one to make
                         // when none is given, NULL: none is made
    gboolean is_required;
} ChannelSetting;

// Where a channel stands: "active" (works), "paused" (by us), "needs_sign_in", "failing".
typedef enum {
    CHANNEL_ACTIVE,
    CHANNEL_PAUSED,
    CHANNEL_NEEDS_SIGN_IN,
    CHANNEL_FAILING,
} ChannelState;

const char *channel_state_name(ChannelState state);
gboolean channel_state_parse(const char *name, ChannelState *state);

// A channel's settings and opened secrets, as the desk hands them to a codec. Immutable once it is
// shared; counted references, on any thread.
typedef struct {
    Id id;
    char *kind;
    char *name;
    char *address;      // support@example.org, @bot, "" when the kind has none
    char *key;          // the unguessable part of the webhook URL
    GHashTable *values; // setting name -> text, secrets included; both owned
    ChannelState state;
    char *state_reason; // one line, or NULL
    Id calendar_id;     // 0: none
    Id team_id;         // 0: none
    Instant waits_from;
    Instant created_at;
    gint64 version;
} ChannelConfig;

// One reference, no values, active. kind is copied.
ChannelConfig *channel_config_new(const char *kind) G_GNUC_WARN_UNUSED_RESULT;
ChannelConfig *channel_config_ref(ChannelConfig *config) G_GNUC_WARN_UNUSED_RESULT;
void channel_config_unref(ChannelConfig *config);
// A deep copy that nobody else has.
ChannelConfig *channel_config_copy(const ChannelConfig *config) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChannelConfig, channel_config_unref)
// Sets a value before the config is shared; NULL takes it away.
void channel_config_set(ChannelConfig *config, const char *name, const char *value);
// The value, or the kind's initial value is already filled in by the desk; NULL when absent or "".
// Borrowed.
const char *channel_config_get(const ChannelConfig *config, const char *name);

typedef struct ChannelKind {
    const char *name;  // "telegram"
    const char *title; // "Telegram"
    guint abilities;   // ChannelAbility bits
    gsize text_limit;  // in text_unit; 0: none
    TextUnit text_unit;
    gint64 reply_window_ms; // how long after the customer's last message we may write; 0: no limit
    const ChannelSetting *settings; // ends with a NULL name

    // The answer to the provider's verification request, or NULL where this is none. Optional.
    HttpAnswer *(*handshake)(const HttpRequest *request, const ChannelConfig *config);
    // TRUE when the request is truly from the provider; else an error (unauthenticated). Constant
    // time. Mandatory for webhooks.
    gboolean (*verify)(const HttpRequest *request, const ChannelConfig *config, Instant now,
                       GError **error);
    // List of Incoming from one raw body; empty for what is of no interest; NULL with an error
    // (invalid).
    GPtrArray *(*decode)(GBytes *body, const ChannelConfig *config, GError **error);
    // The delivery key of a webhook (webhook-id, update_id), for the intake row; NULL: the hash of
    // the body. Optional.
    char *(*delivery_key)(const HttpRequest *request);

    // The next request of a long poll; cursor NULL the first time. NULL: this channel is not
    // polled. Optional.
    HttpRequest *(*poll)(const ChannelConfig *config, const char *cursor);
    // Splits the answer into raw bodies for decode (of GBytes) and gives the next cursor (owned;
    // left alone when it does not move). NULL with an error: unauthenticated asks for a new
    // sign-in.
    GPtrArray *(*decode_poll)(const HttpAnswer *answer, char **cursor, GError **error);

    // The requests that send it, in order, split at text_limit on grapheme and word boundaries.
    // NULL with an error (invalid) that says why it cannot be sent. The same Outgoing always gives
    // the same number of requests in the same order, so that part n of the outbox is request n; now
    // is only for signatures. Optional.
    GPtrArray *(*encode)(const Outgoing *outgoing, const ChannelConfig *config, Instant now,
                         GError **error);
    // What became of one of those requests. Never fails. Mandatory with encode.
    void (*interpret)(const HttpAnswer *answer, Receipt *receipt);

    // The request that leads to an attachment's bytes, and what to do with its answer: bytes, or a
    // next request (Telegram's getFile). NULL or FALSE with an error: invalid means never try
    // again. Neither its URL nor the next one is shown or logged: they may bear a token. Optional.
    HttpRequest *(*media)(const Attachment *attachment, const ChannelConfig *config,
                          GError **error);
    gboolean (*decode_media)(const HttpRequest *request, const HttpAnswer *answer,
                             const ChannelConfig *config, GBytes **bytes, HttpRequest **next,
                             GError **error);

    // What the provider wants called when this has come in (a pressed button), or NULL. Sent at
    // once and once, its answer is not looked at. Optional.
    HttpRequest *(*acknowledge)(const Incoming *incoming, const ChannelConfig *config);

    // What to ask of the provider when the channel is added or checked (getMe, setWebhook), in
    // order (hook_url: where it reaches this channel, NULL without a public address), and what its
    // answers say: *address (owned) is set by the answer that names it. NULL or FALSE with an error
    // (invalid, unauthenticated, upstream) that says what to do. Optional.
    GPtrArray *(*setup)(const ChannelConfig *config, const char *hook_url, GError **error);
    gboolean (*decode_setup)(const HttpAnswer *answer, char **address, GError **error);
} ChannelKind;
