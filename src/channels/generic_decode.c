// The envelope of channels.md 16 as a list of Incoming. Where each member stands is a setting
// ("map_*", a dotted path), so that sources with JSON of their own can be connected too.
#include "channels/generic_codec.h"
#include "channels/json_path.h"

#include <string.h>

#include "base/error.h"

#define ITEMS_MAX 1000
#define ATTACHMENTS_MAX 100

typedef struct {
    const json_t *json; // one item
    const ChannelConfig *config;
    GPtrArray *list;
} Item;

typedef struct {
    const char *word; // of the source
    IncomingType type;
    const char *about; // path of the id of the message that it is about; NULL: map_message_id
} ItemType;

static const ItemType item_types[] = {
    {"message.created", INCOMING_MESSAGE, NULL},
    {"message.updated", INCOMING_EDIT, NULL},
    {"message.deleted", INCOMING_REMOVAL, NULL},
    {"reaction.added", INCOMING_REACTION, "reaction.message_id"},
    {"reaction.removed", INCOMING_REACTION, "reaction.message_id"},
    {"message.status", INCOMING_DELIVERED, "status.message_id"},
    {"typing.started", INCOMING_TYPING, NULL},
    {"contact.blocked", INCOMING_CUSTOMER_BLOCKED, NULL},
    {"contact.unblocked", INCOMING_CUSTOMER_RETURNED, NULL},
};

static const ItemType statuses[] = {
    {"delivered", INCOMING_DELIVERED, NULL},
    {"read", INCOMING_READ, NULL},
    {"failed", INCOMING_FAILED, NULL},
};

// The path of a mapped member, or NULL where the setting is "-": the source has no such member.
static const char *mapped(const Item *item, const char *setting) {
    const char *path = channel_config_get(item->config, setting);
    return path != NULL && strcmp(path, "-") != 0 ? path : NULL;
}

static char *mapped_text(const Item *item, const char *setting) {
    const char *path = mapped(item, setting);
    return path != NULL ? json_path_text(item->json, path) : NULL;
}

static const ItemType *find_word(const ItemType *types, gsize count, const char *word) {
    for (gsize at = 0; word != NULL && at < count; at++)
        if (strcmp(types[at].word, word) == 0)
            return &types[at];
    return NULL;
}

static gboolean is_message_word(const Item *item, const char *word) {
    const char *words = channel_config_get(item->config, "message_types");
    g_auto(GStrv) list = words != NULL ? g_strsplit(words, ",", 50) : NULL;
    for (char **at = list; at != NULL && *at != NULL; at++)
        if (word != NULL && strcmp(g_strstrip(*at), word) == 0)
            return TRUE;
    return FALSE;
}

// NULL: of no interest. Without a mapped type everything is a message.
static const ItemType *type_of(const Item *item) {
    g_autofree char *word = mapped_text(item, "map_type");
    if (mapped(item, "map_type") == NULL || is_message_word(item, word))
        return &item_types[0];
    return find_word(item_types, G_N_ELEMENTS(item_types), word);
}

static char *content_key(const json_t *json) {
    g_autoptr(GBytes) bytes = json_to_bytes(json);
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    return g_strconcat("sha256:", hash, NULL);
}

static void replace(char **text, char *with) {
    g_free(*text);
    *text = with;
}

static void replace_text(char **text, char *with) {
    if (with != NULL)
        replace(text, with);
}

// What else the source says of the person, for whoever joins customers.
static void read_contact(const Item *item, Incoming *incoming) {
    static const char *const names[] = {"email", "phone", "avatar_url"};
    json_t *contact = json_object();
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        g_autofree char *path = g_strconcat("contact.", names[at], NULL);
        const char *text = json_path_string(item->json, path);
        if (text != NULL)
            json_object_set_new(contact, names[at], json_string(text));
    }
    if (json_object_size(contact) > 0)
        incoming->extra = json_pack("{s:O}", "contact", contact);
    json_decref(contact);
}

static gboolean read_person(const Item *item, Incoming *incoming) {
    g_autofree char *id = mapped_text(item, "map_contact_id");
    g_autofree char *name = mapped_text(item, "map_contact_name");
    party_free(incoming->from);
    incoming->from = party_new(id != NULL ? id : "", name);
    incoming->thread_key = mapped_text(item, "map_conversation_id");
    if (incoming->thread_key == NULL)
        incoming->thread_key = g_strdup(id);
    incoming->language = json_path_text(item->json, "contact.language");
    return incoming->thread_key != NULL;
}

static void read_attachments(const Item *item, Incoming *incoming) {
    const char *path = mapped(item, "map_attachments");
    const json_t *list = path != NULL ? json_path_find(item->json, path) : NULL;
    gsize count = MIN(json_array_size(list), ATTACHMENTS_MAX);
    for (gsize at = 0; at < count; at++) {
        const json_t *file = json_array_get(list, at);
        const char *url = json_path_string(file, "url");
        const char *type = json_path_string(file, "content_type");
        if (url == NULL)
            continue;
        Attachment *attachment = attachment_new(json_path_string(file, "name"),
                                                type != NULL ? type : "application/octet-stream");
        attachment->size = json_path_integer(file, "size", -1);
        attachment->reference = g_strdup(url);
        g_ptr_array_add(incoming->attachments, attachment);
    }
}

static void read_content(const Item *item, Incoming *incoming) {
    replace_text(&incoming->text, mapped_text(item, "map_text"));
    replace(&incoming->new_text, g_strdup(incoming->text));
    incoming->subject = mapped_text(item, "map_subject");
    incoming->quoted_key = mapped_text(item, "map_reply_to");
    const char *direction = json_path_string(item->json, "message.direction");
    incoming->is_outbound = direction != NULL && g_str_has_prefix(direction, "out");
    read_contact(item, incoming);
    read_attachments(item, incoming);
}

static void read_reaction(const Item *item, const ItemType *type, Incoming *incoming) {
    const char *emoji = json_path_string(item->json, "reaction.emoji");
    gboolean is_withdrawn = strcmp(type->word, "reaction.removed") == 0;
    replace(&incoming->text, g_strdup(emoji != NULL && !is_withdrawn ? emoji : ""));
}

// FALSE for a status that we do not know: of no interest.
static gboolean read_status(const Item *item, Incoming *incoming) {
    const ItemType *status =
        find_word(statuses, G_N_ELEMENTS(statuses), json_path_string(item->json, "status.status"));
    if (status == NULL)
        return FALSE;
    incoming->type = status->type;
    replace_text(&incoming->text, json_path_text(item->json, "status.reason"));
    return TRUE;
}

// FALSE: of no interest.
static gboolean read_by_type(const Item *item, const ItemType *type, Incoming *incoming) {
    switch (type->type) {
    case INCOMING_MESSAGE:
    case INCOMING_EDIT:
        read_content(item, incoming);
        return TRUE;
    case INCOMING_REACTION:
        read_reaction(item, type, incoming);
        return TRUE;
    case INCOMING_DELIVERED:
        return read_status(item, incoming);
    case INCOMING_REMOVAL:
    case INCOMING_READ:
    case INCOMING_FAILED:
    case INCOMING_TYPING:
    case INCOMING_CUSTOMER_BLOCKED:
    case INCOMING_CUSTOMER_RETURNED:
    case INCOMING_THREAD_MOVED:
        return TRUE;
    }
    return FALSE;
}

static gboolean needs_message(IncomingType type) {
    return type != INCOMING_MESSAGE && type != INCOMING_TYPING &&
           type != INCOMING_CUSTOMER_BLOCKED && type != INCOMING_CUSTOMER_RETURNED;
}

static gboolean needs_writer(const Incoming *incoming) {
    return incoming->type == INCOMING_MESSAGE && !incoming->is_outbound;
}

// FALSE where the item lacks what its type cannot do without.
static gboolean decode_item(Item *item) {
    const ItemType *type = type_of(item);
    if (type == NULL)
        return TRUE;
    g_autoptr(Incoming) incoming = incoming_new(type->type);
    gboolean has_thread = read_person(item, incoming);
    incoming->event_key = mapped_text(item, "map_id");
    if (incoming->event_key == NULL)
        incoming->event_key = content_key(item->json);
    incoming->message_key = type->about != NULL ? json_path_text(item->json, type->about)
                                                : mapped_text(item, "map_message_id");
    if (incoming->message_key == NULL && type->type == INCOMING_MESSAGE)
        incoming->message_key = g_strdup(incoming->event_key);
    const char *at = mapped(item, "map_occurred_at");
    incoming->occurred_at = at != NULL ? json_path_instant(item->json, at) : INSTANT_NONE;
    if (type->type == INCOMING_EDIT || type->type == INCOMING_REACTION)
        incoming->version = MAX(incoming->occurred_at, 0);
    if (!read_by_type(item, type, incoming))
        return TRUE;
    if ((needs_message(incoming->type) && incoming->message_key == NULL) ||
        (needs_writer(incoming) && (*incoming->from->address == '\0' || !has_thread)))
        return FALSE;
    g_ptr_array_add(item->list, g_steal_pointer(&incoming));
    return TRUE;
}

static gboolean decode_items(const json_t *json, Item *item) {
    const char *path = mapped(item, "map_items");
    const json_t *items = path != NULL ? json_path_find(json, path) : NULL;
    item->json = json;
    if (path == NULL)
        return decode_item(item);
    if (!json_is_array(items) || json_array_size(items) > ITEMS_MAX)
        return FALSE;
    for (gsize at = 0; at < json_array_size(items); at++) {
        item->json = json_array_get(items, at);
        if (!decode_item(item))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *generic_decode(GBytes *body, const ChannelConfig *config, GError **error) {
    json_t *json = json_body_parse(body, error);
    if (json == NULL)
        return NULL;
    g_autoptr(GPtrArray) list = incoming_list_new();
    Item item = {.config = config, .list = list};
    gboolean good = decode_items(json, &item);
    json_decref(json);
    if (good)
        return g_steal_pointer(&list);
    error_set(error, ERROR_INVALID, "envelope_invalid",
              "a message needs a contact, and what is about a message needs its id: check the "
              "channel's mapping");
    return NULL;
}
