#include "control/verbs.h"

#include <string.h>

#include "base/error.h"

#define TEXT_MAX ((gsize)1 << 20)
#define FILE_MAX ((gsize)25 << 20)

static const ControlColumn message_columns[] = {
    {"Id", "id"},           {"Conversation", "conversation_id"}, {"State", "state"},
    {"Subject", "subject"}, {"Reason", "state_reason"},          {0},
};

static const ControlOption reply_options[] = {
    {"html", "FILE", "HTML in place of, or beside, text"},
    {"to", "ADDRESS", "a recipient; without one, whom the last message asks to answer"},
    {"cc", "ADDRESS", "a copy"},
    {"bcc", "ADDRESS", "a hidden copy"},
    {"subject", "SUBJECT", "another subject"},
    {"attach", "FILE", "a file to send along"},
    {"no-quote", NULL, "do not quote the original"},
    {"undo", "SECONDS", "hold it for so long; dialogctl message cancel takes it back"},
    {"status", "STATUS", "the conversation's status from now on"},
    {"agent", "ID", "who writes it"},
    {"at", "INSTANT", "leaves then, not before"},
    {"unless-answered", NULL, "with --at: not at all once the customer has written again"},
    {"all", NULL, "copies to all who take part"},
    {"seen", "MESSAGE", "the last message you saw: refused when something was said since"},
    {0},
};

// A file, or standard input for "-".
static GBytes *read_file(const char *path, gsize limit, GError **error) {
    char *bytes = NULL;
    gsize length = 0;
    GError *failure = NULL;
    const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
    if (!g_file_get_contents(file, &bytes, &length, &failure)) {
        error_set(error, ERROR_INVALID, "file_unreadable", "%s", failure->message);
        g_error_free(failure);
        return NULL;
    }
    if (length <= limit)
        return g_bytes_new_take(bytes, length);
    g_free(bytes);
    error_set(error, ERROR_TOO_LARGE, "file_too_large", "%s is too large", path);
    return NULL;
}

static gboolean set_text_of_file(json_t *body, const char *member, const char *path,
                                 GError **error) {
    g_autoptr(GBytes) bytes = read_file(path, TEXT_MAX, error);
    if (bytes == NULL)
        return FALSE;
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    json_t *value = json_stringn(text != NULL ? text : "", length);
    if (value == NULL) {
        error_set(error, ERROR_INVALID, "file_no_text", "%s is no UTF-8 text", path);
        return FALSE;
    }
    json_object_set_new(body, member, value);
    return TRUE;
}

static void set_recipients(Control *control, json_t *body) {
    static const char *const names[] = {"to", "cc", "bcc"};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        const char *const *addresses = control_options(control, names[at]);
        json_t *list = json_array();
        for (; *addresses != NULL; addresses++)
            json_array_append_new(list, json_string(*addresses));
        if (json_array_size(list) > 0)
            json_object_set(body, names[at], list);
        json_decref(list);
    }
}

static gboolean set_attachments(Control *control, json_t *body, GError **error) {
    const char *const *files = control_options(control, "attach");
    json_t *list = json_array();
    for (; *files != NULL; files++) {
        g_autoptr(GBytes) bytes = read_file(*files, FILE_MAX, error);
        if (bytes == NULL) {
            json_decref(list);
            return FALSE;
        }
        gsize length;
        const guchar *data = g_bytes_get_data(bytes, &length);
        g_autofree char *content = g_base64_encode(data, length);
        g_autofree char *name = g_path_get_basename(*files);
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", name, "content", content));
    }
    json_object_set_new(body, "attachments", list);
    return TRUE;
}

static gboolean set_undo(Control *control, json_t *body, GError **error) {
    const char *seconds = control_option(control, "undo");
    guint64 number;
    if (seconds == NULL)
        return TRUE;
    if (!g_ascii_string_to_unsigned(seconds, 10, 0, 86400, &number, NULL)) {
        error_set(error, ERROR_INVALID, "option_value", "--undo goes from 0 to 86400 seconds");
        return FALSE;
    }
    json_object_set_new(body, "undo_seconds", json_integer((json_int_t)number));
    return TRUE;
}

static void set_options(Control *control, json_t *body) {
    static const struct {
        const char *option;
        const char *member;
    } texts[] = {{"subject", "subject"},
                 {"status", "status"},
                 {"agent", "agent_id"},
                 {"seen", "seen"},
                 {"at", "send_at"}};
    for (gsize at = 0; at < G_N_ELEMENTS(texts); at++)
        if (control_option(control, texts[at].option) != NULL)
            json_object_set_new(body, texts[at].member,
                                json_string(control_option(control, texts[at].option)));
    if (control_flag(control, "no-quote"))
        json_object_set_new(body, "quote", json_false());
    if (control_flag(control, "unless-answered"))
        json_object_set_new(body, "cancel_on_reply", json_true());
    if (control_flag(control, "all"))
        json_object_set_new(body, "reply_all", json_true());
}

// What both verbs say; text is the argument at place, "-": standard input. NULL with an error.
static json_t *read_body(Control *control, guint place, GError **error) {
    const char *text = control_argument(control, place), *html = control_option(control, "html");
    json_t *body = json_object();
    gboolean good = TRUE;
    if (text != NULL && strcmp(text, "-") == 0)
        good = set_text_of_file(body, "text", "-", error);
    else if (text != NULL)
        json_object_set_new(body, "text", json_string(text));
    good = good && (html == NULL || set_text_of_file(body, "html", html, error));
    set_recipients(control, body);
    set_options(control, body);
    if (good && set_attachments(control, body, error) && set_undo(control, body, error))
        return body;
    json_decref(body);
    return NULL;
}

static gboolean post(Control *control, const char *path, json_t *body, GError **error) {
    json_t *message = control_call(control, "POST", path, body, error);
    if (message != NULL)
        control_print_record(control, message, message_columns);
    json_decref(message);
    return message != NULL;
}

static gboolean write_reply(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/replies", control_argument(control, 0));
    json_t *body = read_body(control, 1, error);
    return body != NULL && post(control, path, body, error);
}

static gboolean write_conversation(Control *control, GError **error) {
    json_t *body = read_body(control, 1, error);
    if (body == NULL)
        return FALSE;
    json_object_set_new(body, "channel_id", json_string(control_argument(control, 0)));
    return post(control, "/api/v1/conversations", body, error);
}

static gboolean write_note(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/notes", control_argument(control, 0));
    return post(control, path, json_pack("{s:s}", "text", control_argument(control, 1)), error);
}

const ControlVerb control_reply_verbs[] = {
    {.verb = "reply",
     .arguments = "CONVERSATION [TEXT]",
     .summary = "Answer a conversation; TEXT - is standard input",
     .options = reply_options,
     .run = write_reply},
    {.verb = "write",
     .arguments = "CHANNEL [TEXT]",
     .summary = "Begin a conversation; needs --to and --subject",
     .options = reply_options,
     .run = write_conversation},
    {.verb = "note",
     .arguments = "CONVERSATION TEXT",
     .summary = "Add an internal note",
     .run = write_note},
    {0},
};
