// An update of the Bot API as a list of Incoming (channels.md 5). One function an update type, by a
// table; what we did not ask for is no error and gives nothing.
#include "channels/json_path.h"
#include "channels/telegram_codec.h"

#include <string.h>

#include "base/error.h"

typedef struct {
    gint64 id;
    gint64 own_id; // the bot's user id, or 0
    GPtrArray *list;
} Update;

typedef gboolean (*UpdateDecode)(Update *update, json_t *value);

char *telegram_thread_key(const json_t *chat, const char *connection) {
    gint64 id = json_path_integer(chat, "id", 0);
    if (id == 0)
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT "%s%s", id, connection != NULL ? "@" : "",
                           connection != NULL ? connection : "");
}

char *telegram_message_key(const char *thread_key, gint64 message_id) {
    return g_strdup_printf("%s:%" G_GINT64_FORMAT, thread_key, message_id);
}

static char *thread_key_of(const json_t *message) {
    return telegram_thread_key(json_object_get(message, "chat"),
                               json_path_string(message, "business_connection_id"));
}

// Two edits within one second are told apart by the order of their updates.
static gint64 version_of(const Update *update, Instant instant) {
    return MAX(instant, 0) + update->id % 1000;
}

static void party_replace(Incoming *incoming, gint64 id, char *name) {
    g_autofree char *address = g_strdup_printf("%" G_GINT64_FORMAT, id);
    party_free(incoming->from);
    incoming->from = party_new(address, name);
    g_free(name);
}

// A user, or a chat that speaks (title instead of names).
static char *name_of(const json_t *who) {
    const char *first = json_path_string(who, "first_name");
    const char *last = json_path_string(who, "last_name");
    if (first != NULL && last != NULL)
        return g_strconcat(first, " ", last, NULL);
    const char *name = first != NULL ? first : json_path_string(who, "title");
    return g_strdup(name != NULL ? name : json_path_string(who, "username"));
}

static void read_sender(Incoming *incoming, const json_t *user, const json_t *chat) {
    const json_t *who = user != NULL ? user : chat;
    party_replace(incoming, json_path_integer(who, "id", 0), name_of(who));
    g_free(incoming->language);
    incoming->language = g_strdup(json_path_string(who, "language_code"));
}

static void extra_take(Incoming *incoming, const char *name, json_t *value) {
    if (incoming->extra == NULL)
        incoming->extra = json_object();
    json_object_set_new(incoming->extra, name, value);
}

static void read_forward(Incoming *incoming, const json_t *message) {
    const json_t *origin = json_object_get(message, "forward_origin");
    if (origin == NULL)
        return;
    static const char *const members[] = {"sender_user", "sender_chat", "chat"};
    g_autofree char *name = json_path_text(origin, "sender_user_name");
    for (gsize at = 0; name == NULL && at < G_N_ELEMENTS(members); at++)
        name = name_of(json_object_get(origin, members[at]));
    json_t *forward = json_object();
    if (name != NULL)
        json_object_set_new(forward, "from", json_string(name));
    json_object_set_new(forward, "date", json_integer(json_path_integer(origin, "date", 0)));
    extra_take(incoming, "forward", forward);
}

// Every message of a forum's topic "replies" to the one that began it: no quote.
static gboolean is_topic_start(const json_t *message) {
    return json_object_get(message, "forum_topic_created") != NULL;
}

static void read_quote(Incoming *incoming, const json_t *message) {
    const json_t *replied = json_object_get(message, "reply_to_message");
    gint64 id = json_path_integer(replied, "message_id", 0);
    if (id != 0 && !is_topic_start(replied))
        incoming->quoted_key = telegram_message_key(incoming->thread_key, id);
    incoming->quoted_text = json_path_text(message, "quote.text");
}

// In an account that the bot answers for, what its owner writes is ours.
static gboolean is_ours(const Update *update, const json_t *message) {
    gint64 from = json_path_integer(message, "from.id", 0);
    const char *type = json_path_string(message, "chat.type");
    gboolean is_business = json_object_get(message, "business_connection_id") != NULL;
    return (update->own_id != 0 && from == update->own_id) ||
           (is_business && g_strcmp0(type, "private") == 0 &&
            from != json_path_integer(message, "chat.id", 0));
}

// Fills all that messages and edits share. FALSE without chat, id or writer.
static gboolean read_message(const Update *update, Incoming *incoming, const json_t *message) {
    incoming->thread_key = thread_key_of(message);
    gint64 id = json_path_integer(message, "message_id", 0);
    const json_t *chat = json_object_get(message, "chat");
    if (incoming->thread_key == NULL || id == 0)
        return FALSE;
    incoming->message_key = telegram_message_key(incoming->thread_key, id);
    const json_t *sender = json_object_get(message, "sender_chat");
    read_sender(incoming, sender == NULL ? json_object_get(message, "from") : NULL,
                sender != NULL ? sender : chat);
    incoming->group_key = json_path_text(message, "media_group_id");
    incoming->subject = json_path_text(chat, "title");
    incoming->is_outbound = is_ours(update, message);
    read_forward(incoming, message);
    read_quote(incoming, message);
    return TRUE;
}

static Instant seconds_of(const json_t *json, const char *member) {
    gint64 seconds = json_path_integer(json, member, 0);
    return seconds > 0 && seconds < G_MAXINT32 * (gint64)4 ? seconds * 1000 : INSTANT_NONE;
}

static gboolean decode_moved(Update *update, const char *from, const char *to, const json_t *at) {
    if (from == NULL || to == NULL)
        return FALSE;
    Incoming *incoming = incoming_new(INCOMING_THREAD_MOVED);
    g_ptr_array_add(update->list, incoming);
    incoming->event_key = g_strconcat("moved:", from, ":", to, NULL);
    incoming->thread_key = g_strdup(from);
    incoming->occurred_at = seconds_of(at, "date");
    g_free(incoming->text);
    incoming->text = g_strdup(to);
    return TRUE;
}

// A group became a supergroup: both say so, each with the other's id.
static gboolean decode_migration(Update *update, const json_t *message) {
    g_autofree char *chat = json_path_text(message, "chat.id");
    g_autofree char *to = json_path_text(message, "migrate_to_chat_id");
    g_autofree char *from = json_path_text(message, "migrate_from_chat_id");
    return to != NULL ? decode_moved(update, chat, to, message)
                      : decode_moved(update, from, chat, message);
}

static gboolean is_migration(const json_t *message) {
    return json_object_get(message, "migrate_to_chat_id") != NULL ||
           json_object_get(message, "migrate_from_chat_id") != NULL;
}

static gboolean decode_message(Update *update, json_t *message) {
    if (is_migration(message))
        return decode_migration(update, message);
    g_autoptr(Incoming) incoming = incoming_new(INCOMING_MESSAGE);
    if (!read_message(update, incoming, message))
        return FALSE;
    incoming->event_key = g_strconcat("message:", incoming->message_key, NULL);
    incoming->occurred_at = seconds_of(message, "date");
    if (telegram_content_read(incoming, message))
        g_ptr_array_add(update->list, g_steal_pointer(&incoming));
    return TRUE;
}

static gboolean decode_edit(Update *update, json_t *message) {
    g_autoptr(Incoming) incoming = incoming_new(INCOMING_EDIT);
    if (!read_message(update, incoming, message))
        return FALSE;
    incoming->occurred_at = seconds_of(message, "edit_date");
    if (incoming->occurred_at == INSTANT_NONE)
        incoming->occurred_at = seconds_of(message, "date");
    incoming->version = version_of(update, incoming->occurred_at);
    incoming->event_key =
        g_strdup_printf("edit:%s:%" G_GINT64_FORMAT, incoming->message_key, incoming->version);
    if (telegram_content_read(incoming, message))
        g_ptr_array_add(update->list, g_steal_pointer(&incoming));
    return TRUE;
}

static gboolean decode_removals(Update *update, json_t *removed) {
    g_autofree char *thread = thread_key_of(removed);
    const json_t *ids = json_object_get(removed, "message_ids");
    if (thread == NULL || !json_is_array(ids))
        return FALSE;
    for (gsize at = 0; at < json_array_size(ids); at++) {
        Incoming *incoming = incoming_new(INCOMING_REMOVAL);
        g_ptr_array_add(update->list, incoming);
        incoming->thread_key = g_strdup(thread);
        incoming->message_key =
            telegram_message_key(thread, json_integer_value(json_array_get(ids, at)));
        incoming->event_key = g_strconcat("removal:", incoming->message_key, NULL);
        party_replace(incoming, json_path_integer(removed, "chat.id", 0),
                      name_of(json_object_get(removed, "chat")));
    }
    return TRUE;
}

static char *emojis_of(const json_t *reactions) {
    GString *text = g_string_new(NULL);
    for (gsize at = 0; at < json_array_size(reactions); at++) {
        const json_t *reaction = json_array_get(reactions, at);
        const char *emoji = json_path_string(reaction, "emoji");
        gboolean is_paid = g_strcmp0(json_path_string(reaction, "type"), "paid") == 0;
        g_string_append(text, emoji != NULL ? emoji : is_paid ? "⭐" : "✨");
    }
    return g_string_free(text, FALSE);
}

static gboolean decode_reaction(Update *update, json_t *reaction) {
    g_autofree char *thread = thread_key_of(reaction);
    gint64 id = json_path_integer(reaction, "message_id", 0);
    if (thread == NULL || id == 0)
        return FALSE;
    Incoming *incoming = incoming_new(INCOMING_REACTION);
    g_ptr_array_add(update->list, incoming);
    incoming->thread_key = g_steal_pointer(&thread);
    incoming->message_key = telegram_message_key(incoming->thread_key, id);
    read_sender(incoming, json_object_get(reaction, "user"),
                json_object_get(reaction, "actor_chat"));
    incoming->occurred_at = seconds_of(reaction, "date");
    incoming->version = version_of(update, incoming->occurred_at);
    g_free(incoming->text);
    incoming->text = emojis_of(json_object_get(reaction, "new_reaction"));
    incoming->event_key = g_strdup_printf("reaction:%s:%s:%" G_GINT64_FORMAT, incoming->message_key,
                                          incoming->from->address, incoming->version);
    return TRUE;
}

// The words on the button that bears this data, or the data itself.
static char *button_text(const json_t *query, const char *data) {
    const json_t *rows = json_path_find(query, "message.reply_markup.inline_keyboard");
    for (gsize row = 0; row < json_array_size(rows); row++) {
        const json_t *buttons = json_array_get(rows, row);
        for (gsize at = 0; at < json_array_size(buttons); at++) {
            const json_t *button = json_array_get(buttons, at);
            const char *text = json_path_string(button, "text");
            if (text != NULL && g_strcmp0(json_path_string(button, "callback_data"), data) == 0)
                return g_strdup(text);
        }
    }
    return g_strdup(data != NULL ? data : "");
}

static gboolean decode_button(Update *update, json_t *query) {
    const char *id = json_path_string(query, "id");
    gint64 from = json_path_integer(query, "from.id", 0);
    if (id == NULL || from == 0)
        return FALSE;
    const json_t *message = json_object_get(query, "message");
    Incoming *incoming = incoming_new(INCOMING_MESSAGE);
    g_ptr_array_add(update->list, incoming);
    incoming->thread_key = thread_key_of(message);
    if (incoming->thread_key == NULL)
        incoming->thread_key = g_strdup_printf("%" G_GINT64_FORMAT, from);
    incoming->message_key = g_strconcat("button:", id, NULL);
    incoming->event_key = g_strdup(incoming->message_key);
    read_sender(incoming, json_object_get(query, "from"), NULL);
    gint64 about = json_path_integer(message, "message_id", 0);
    if (about != 0)
        incoming->quoted_key = telegram_message_key(incoming->thread_key, about);
    const char *data = json_path_string(query, "data");
    g_free(incoming->text);
    incoming->text = button_text(query, data);
    g_free(incoming->new_text);
    incoming->new_text = g_strdup(incoming->text);
    extra_take(incoming, "button",
               json_pack("{s:s, s:s}", "id", id, "data", data != NULL ? data : ""));
    return TRUE;
}

// In a private chat this is the customer blocking us or coming back; groups are of no interest.
static gboolean decode_member(Update *update, json_t *change) {
    g_autofree char *thread = thread_key_of(change);
    const char *status = json_path_string(change, "new_chat_member.status");
    if (thread == NULL || status == NULL)
        return FALSE;
    gboolean is_blocked = strcmp(status, "kicked") == 0;
    if (g_strcmp0(json_path_string(change, "chat.type"), "private") != 0 ||
        (!is_blocked && strcmp(status, "member") != 0))
        return TRUE;
    Incoming *incoming =
        incoming_new(is_blocked ? INCOMING_CUSTOMER_BLOCKED : INCOMING_CUSTOMER_RETURNED);
    g_ptr_array_add(update->list, incoming);
    incoming->occurred_at = seconds_of(change, "date");
    incoming->version = version_of(update, incoming->occurred_at);
    incoming->event_key = g_strdup_printf("member:%s:%" G_GINT64_FORMAT, thread, incoming->version);
    incoming->thread_key = g_steal_pointer(&thread);
    read_sender(incoming, json_object_get(change, "from"), NULL);
    return TRUE;
}

typedef struct {
    const char *name;
    UpdateDecode decode;
} UpdateType;

static gboolean decode_nothing(Update *update, json_t *value) {
    (void)update;
    (void)value;
    return TRUE;
}

static const UpdateType update_types[] = {
    {"message", decode_message},
    {"edited_message", decode_edit},
    {"callback_query", decode_button},
    {"message_reaction", decode_reaction},
    {"my_chat_member", decode_member},
    {"business_connection", decode_nothing},
    {"business_message", decode_message},
    {"edited_business_message", decode_edit},
    {"deleted_business_messages", decode_removals},
};

json_t *telegram_allowed_updates(void) {
    json_t *names = json_array();
    for (gsize at = 0; at < G_N_ELEMENTS(update_types); at++)
        json_array_append_new(names, json_string(update_types[at].name));
    return names;
}

static gboolean decode_update(Update *update, json_t *json) {
    for (gsize at = 0; at < G_N_ELEMENTS(update_types); at++) {
        json_t *value = json_object_get(json, update_types[at].name);
        if (value != NULL)
            return json_is_object(value) && update_types[at].decode(update, value);
    }
    return TRUE;
}

GPtrArray *telegram_decode(GBytes *body, const ChannelConfig *config, GError **error) {
    json_t *json = json_body_parse(body, error);
    if (json == NULL)
        return NULL;
    const char *token = channel_config_get(config, "token");
    g_autoptr(GPtrArray) list = incoming_list_new();
    Update update = {.id = json_path_integer(json, "update_id", -1),
                     .own_id = token != NULL ? g_ascii_strtoll(token, NULL, 10) : 0,
                     .list = list};
    gboolean good = update.id >= 0 && decode_update(&update, json);
    json_decref(json);
    if (good)
        return g_steal_pointer(&list);
    error_set(error, ERROR_INVALID, "update_invalid",
              "the body is no update as Telegram's Bot API describes it");
    return NULL;
}
