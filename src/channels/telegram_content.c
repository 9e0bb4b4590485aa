// What a Telegram message holds: text or caption, files, and the kinds of content that are data
// (location, contact ...). By tables of members; what is new to us is kept by name.
#include "channels/json_path.h"
#include "channels/telegram_codec.h"

#include <string.h>

// A member of a message that is a file.
typedef struct {
    const char *name;
    const char *type; // where it declares none
} FileMember;

// animation before document and photo after the others: Telegram repeats an animation as document.
static const FileMember file_members[] = {
    {"animation", "video/mp4"},  {"audio", "audio/mpeg"},
    {"voice", "audio/ogg"},      {"video", "video/mp4"},
    {"video_note", "video/mp4"}, {"document", "application/octet-stream"},
};

static void extra_set(Incoming *incoming, const char *name, json_t *value) {
    if (incoming->extra == NULL)
        incoming->extra = json_object();
    json_object_set_new(incoming->extra, name, value);
}

static void text_take(Incoming *incoming, char *text) {
    g_free(incoming->text);
    incoming->text = text;
}

static void attachment_add(Incoming *incoming, const json_t *file, const char *type) {
    const char *reference = json_path_string(file, "file_id");
    if (reference == NULL)
        return;
    Attachment *attachment = attachment_new(json_path_string(file, "file_name"), type);
    attachment->size = json_path_integer(file, "file_size", -1);
    attachment->reference = g_strdup(reference);
    g_ptr_array_add(incoming->attachments, attachment);
}

static gboolean read_files(Incoming *incoming, const json_t *message) {
    gboolean has_animation = json_object_get(message, "animation") != NULL;
    gboolean found = FALSE;
    for (gsize at = 0; at < G_N_ELEMENTS(file_members); at++) {
        const json_t *file = json_object_get(message, file_members[at].name);
        if (file == NULL || (has_animation && strcmp(file_members[at].name, "document") == 0))
            continue;
        const char *type = json_path_string(file, "mime_type");
        attachment_add(incoming, file, type != NULL ? type : file_members[at].type);
        found = TRUE;
    }
    return found;
}

static gboolean read_photo(Incoming *incoming, const json_t *message) {
    const json_t *sizes = json_object_get(message, "photo");
    const json_t *biggest = NULL;
    gint64 biggest_area = -1;
    for (gsize at = 0; at < json_array_size(sizes); at++) {
        const json_t *size = json_array_get(sizes, at);
        gint64 width = CLAMP(json_path_integer(size, "width", 0), 0, G_MAXINT32);
        gint64 height = CLAMP(json_path_integer(size, "height", 0), 0, G_MAXINT32);
        if (width * height >= biggest_area) {
            biggest = size;
            biggest_area = width * height;
        }
    }
    if (biggest != NULL)
        attachment_add(incoming, biggest, "image/jpeg");
    return biggest != NULL;
}

static gboolean read_sticker(Incoming *incoming, const json_t *message) {
    const json_t *sticker = json_object_get(message, "sticker");
    if (sticker == NULL)
        return FALSE;
    gboolean is_animated = json_is_true(json_object_get(sticker, "is_animated"));
    gboolean is_video = json_is_true(json_object_get(sticker, "is_video"));
    attachment_add(incoming, sticker,
                   is_animated ? "application/x-tgsticker"
                   : is_video  ? "video/webm"
                               : "image/webp");
    const char *emoji = json_path_string(sticker, "emoji");
    text_take(incoming, g_strdup(emoji != NULL ? emoji : ""));
    json_t *extra = json_object();
    if (emoji != NULL)
        json_object_set_new(extra, "emoji", json_string(emoji));
    extra_set(incoming, "sticker", extra);
    return TRUE;
}

// The members of that list which the value has.
static json_t *pick(const json_t *value, const char *const *names) {
    json_t *picked = json_object();
    for (; *names != NULL; names++) {
        json_t *member = json_object_get(value, *names);
        if (member != NULL)
            json_object_set(picked, *names, member);
    }
    return picked;
}

static json_t *pick_place(const json_t *location) {
    static const char *const names[] = {"latitude", "longitude", "live_period", NULL};
    return pick(location, names);
}

static gboolean read_venue(Incoming *incoming, const json_t *message) {
    const json_t *venue = json_object_get(message, "venue");
    if (venue == NULL)
        return FALSE;
    static const char *const names[] = {"title", "address", NULL};
    const char *title = json_path_string(venue, "title");
    const char *address = json_path_string(venue, "address");
    text_take(incoming, g_strdup_printf("%s\n%s", title != NULL ? title : "",
                                        address != NULL ? address : ""));
    extra_set(incoming, "venue", pick(venue, names));
    extra_set(incoming, "location", pick_place(json_object_get(venue, "location")));
    return TRUE;
}

static gboolean read_location(Incoming *incoming, const json_t *message) {
    const json_t *location = json_object_get(message, "location");
    if (location == NULL || json_object_get(message, "venue") != NULL)
        return FALSE;
    char latitude[G_ASCII_DTOSTR_BUF_SIZE];
    char longitude[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(latitude, sizeof latitude, "%.6g",
                    json_number_value(json_object_get(location, "latitude")));
    g_ascii_formatd(longitude, sizeof longitude, "%.6g",
                    json_number_value(json_object_get(location, "longitude")));
    text_take(incoming, g_strdup_printf("%s, %s", latitude, longitude));
    extra_set(incoming, "location", pick_place(location));
    return TRUE;
}

static gboolean read_contact(Incoming *incoming, const json_t *message) {
    const json_t *contact = json_object_get(message, "contact");
    if (contact == NULL)
        return FALSE;
    static const char *const names[] = {"phone_number", "first_name", "last_name", "user_id", NULL};
    const char *first = json_path_string(contact, "first_name");
    const char *last = json_path_string(contact, "last_name");
    const char *phone = json_path_string(contact, "phone_number");
    text_take(incoming,
              g_strdup_printf("%s%s%s\n%s", first != NULL ? first : "", last != NULL ? " " : "",
                              last != NULL ? last : "", phone != NULL ? phone : ""));
    extra_set(incoming, "contact", pick(contact, names));
    return TRUE;
}

static gboolean read_dice(Incoming *incoming, const json_t *message) {
    const json_t *dice = json_object_get(message, "dice");
    if (dice == NULL)
        return FALSE;
    const char *emoji = json_path_string(dice, "emoji");
    text_take(incoming, g_strdup_printf("%s %" G_GINT64_FORMAT, emoji != NULL ? emoji : "",
                                        json_path_integer(dice, "value", 0)));
    return TRUE;
}

static gboolean read_poll(Incoming *incoming, const json_t *message) {
    const json_t *poll = json_object_get(message, "poll");
    if (poll == NULL)
        return FALSE;
    const char *question = json_path_string(poll, "question");
    GString *text = g_string_new(question);
    const json_t *options = json_object_get(poll, "options");
    for (gsize at = 0; at < json_array_size(options); at++) {
        const char *option = json_path_string(json_array_get(options, at), "text");
        if (option != NULL)
            g_string_append_printf(text, "\n- %s", option);
    }
    text_take(incoming, g_string_free(text, FALSE));
    return TRUE;
}

static gboolean read_written(Incoming *incoming, const json_t *message, const char *text_name,
                             const char *entities_name) {
    const char *text = json_path_string(message, text_name);
    if (text == NULL)
        return FALSE;
    text_take(incoming, g_strdup(text));
    g_free(incoming->html);
    incoming->html = telegram_entities_to_html(text, json_object_get(message, entities_name));
    return TRUE;
}

static gboolean read_text(Incoming *incoming, const json_t *message) {
    if (!read_written(incoming, message, "text", "entities"))
        return FALSE;
    if (g_str_has_prefix(incoming->text, "/start ") && strlen(incoming->text) > 7)
        extra_set(incoming, "start", json_string(incoming->text + 7));
    return TRUE;
}

static gboolean read_caption(Incoming *incoming, const json_t *message) {
    return read_written(incoming, message, "caption", "caption_entities");
}

typedef gboolean (*ContentRead)(Incoming *incoming, const json_t *message);

// A caption comes after the files that it belongs to.
static const ContentRead contents[] = {
    read_files,   read_photo, read_sticker, read_venue, read_location,
    read_contact, read_dice,  read_poll,    read_text,  read_caption,
};

// Happenings in a chat that are no messages: the desk is not told.
static const char *const service_members[] = {
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "pinned_message",
    "connected_website",
    "write_access_allowed",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway",
    "giveaway_winners",
    "giveaway_completed",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "users_shared",
    "chat_shared",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "direct_message_price_changed",
    "paid_message_price_changed",
    "checklist_tasks_done",
    "checklist_tasks_added",
};

static gboolean is_service(const json_t *message) {
    for (gsize at = 0; at < G_N_ELEMENTS(service_members); at++)
        if (json_object_get(message, service_members[at]) != NULL)
            return TRUE;
    return FALSE;
}

// Contents newer than this program: kept by name so that somebody sees that there was something.
static void note_unknown(Incoming *incoming, json_t *message) {
    static const char *const known[] = {
        "message_id",
        "from",
        "chat",
        "date",
        "edit_date",
        "message_thread_id",
        "sender_chat",
        "sender_boost_count",
        "sender_business_bot",
        "business_connection_id",
        "forward_origin",
        "is_topic_message",
        "is_automatic_forward",
        "reply_to_message",
        "external_reply",
        "quote",
        "reply_to_story",
        "via_bot",
        "has_protected_content",
        "is_from_offline",
        "media_group_id",
        "author_signature",
        "reply_markup",
        NULL,
    };
    json_t *names = json_array();
    const char *name;
    json_t *value;
    json_object_foreach(message, name, value) {
        if (!g_strv_contains(known, name) && json_array_size(names) < 10)
            json_array_append_new(names, json_string(name));
    }
    extra_set(incoming, "unsupported", names);
}

gboolean telegram_content_read(Incoming *incoming, json_t *message) {
    gboolean found = FALSE;
    for (gsize at = 0; at < G_N_ELEMENTS(contents); at++)
        found |= contents[at](incoming, message);
    if (!found && is_service(message))
        return FALSE;
    if (!found)
        note_unknown(incoming, message);
    g_free(incoming->new_text);
    incoming->new_text = g_strdup(incoming->text);
    return TRUE;
}
