// The parts of telegram's codec that its files share: decode of updates, contents of messages,
// encode of messages, files. Private to channels/telegram*.c.
#pragma once

#include <jansson.h>

#include "model/channel_kind.h"

#define TELEGRAM_DOWNLOAD_MAX (20 * 1024 * 1024) // bytes; getFile refuses more

// A request of a method of the Bot API ("sendMessage"); with arguments (taken), a POST of JSON.
HttpRequest *telegram_call_new(const ChannelConfig *config, const char *method,
                               json_t *arguments) G_GNUC_WARN_UNUSED_RESULT;

// The JSON of an answer, or NULL where it is none. Owned.
json_t *telegram_answer_parse(const HttpAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

// The update types that we ask for. Owned list of texts.
json_t *telegram_allowed_updates(void) G_GNUC_WARN_UNUSED_RESULT;

// ChannelKind.decode.
GPtrArray *telegram_decode(GBytes *body, const ChannelConfig *config, GError **error);

// Text, attachments and extra of one message (Bot API "Message"). FALSE where it is a service
// message that no reader wants.
gboolean telegram_content_read(Incoming *incoming, json_t *message);

// HTML of a text with entities (offsets in UTF-16 units), or NULL where they format nothing that a
// page would not find by itself.
char *telegram_entities_to_html(const char *text, const json_t *entities) G_GNUC_WARN_UNUSED_RESULT;

// The name of a chat within this channel, as thread_key: "CHAT" or, in an account that the bot
// answers for, "CHAT@CONNECTION". NULL where chat has no id.
char *telegram_thread_key(const json_t *chat, const char *connection) G_GNUC_WARN_UNUSED_RESULT;

// "THREAD:MESSAGE", as message_key.
char *telegram_message_key(const char *thread_key, gint64 message_id) G_GNUC_WARN_UNUSED_RESULT;

// ChannelKind.encode and interpret.
GPtrArray *telegram_encode(const Outgoing *outgoing, const ChannelConfig *config, Instant now,
                           GError **error);
void telegram_interpret(const HttpAnswer *answer, Receipt *receipt);

// ChannelKind.media and decode_media.
HttpRequest *telegram_media(const Attachment *attachment, const ChannelConfig *config,
                            GError **error);
gboolean telegram_decode_media(const HttpRequest *request, const HttpAnswer *answer,
                               const ChannelConfig *config, GBytes **bytes, HttpRequest **next,
                               GError **error);
