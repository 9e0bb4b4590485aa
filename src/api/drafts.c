// /api/v1/drafts and the drafts of one conversation.
#include <string.h>

#include "api/draft_json.h"
#include "api/field.h"
#include "api/page.h"
#include "api/resources.h"
#include "api/upload_load.h"
#include "base/error.h"
#include "base/json_text.h"
#include "desk/draft_change.h"
#include "mime/parser_pool.h"
#include "store/conversation.h"

#define DRAFT_BODY_MAX ((gsize)3 << 20)
#define TEXT_MAX ((gsize)1 << 20)
#define RECIPIENTS_MAX 100
#define UPLOADS_OF_DRAFT_MAX 100
#define PREVIEW_CHARACTERS 200

typedef struct {
    DraftSave save;
    char *mode;
    char *content;
    GArray *uploads;
} Saving;

static void saving_free(gpointer data) {
    Saving *saving = data;
    draft_free(saving->save.stored);
    g_free(saving->mode);
    g_free(saving->content);
    if (saving->uploads != NULL)
        g_array_unref(saving->uploads);
    g_free(saving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Saving, saving_free)

static gboolean refuse(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s %s", name, what);
    return FALSE;
}

// Whose draft is meant: the agent's own, or the shared one.
static Saving *saving_new(ApiCall *call, gboolean is_shared, GError **error) {
    Id agent_id = api_call_principal(call)->agent_id;
    Id conversation_id = api_call_path_id(call, "conversation", error);
    if (conversation_id == 0)
        return NULL;
    if (agent_id == 0) {
        error_set(error, ERROR_INVALID, "agent_needed",
                  "a draft belongs to an agent: use an agent's token");
        return NULL;
    }
    Saving *saving = g_new0(Saving, 1);
    saving->save = (DraftSave){.conversation_id = conversation_id,
                               .owner_id = is_shared ? 0 : agent_id,
                               .agent_id = agent_id};
    return saving;
}

// Half an address is a draft, too: what it must be is for the sending to say.
static gboolean check_recipients(const json_t *content, const char *name, GError **error) {
    size_t at;
    const json_t *item;
    const json_t *list = json_object_get(content, name);
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > RECIPIENTS_MAX))
        return refuse(error, name, "must be a list of at most 100 addresses");
    json_array_foreach(list, at, item) {
        if (!json_is_string(item) && !json_is_object(item))
            return refuse(error, name, "must be a list of addresses, or of {address, name}");
    }
    return TRUE;
}

static gboolean check_text(const json_t *content, const char *name, gsize limit, GError **error) {
    const json_t *text = json_object_get(content, name);
    if (text == NULL || (json_is_string(text) && json_string_length(text) <= limit))
        return TRUE;
    return refuse(error, name, "must be a text that is not too long");
}

static gboolean check_content(const json_t *content, GError **error) {
    return check_text(content, "text", TEXT_MAX, error) &&
           check_text(content, "html", TEXT_MAX, error) &&
           check_text(content, "subject", 1000, error) && check_recipients(content, "to", error) &&
           check_recipients(content, "cc", error) && check_recipients(content, "bcc", error);
}

// A colleague's page shows it: strangers' HTML may have been pasted in.
static gboolean clean_html(ApiCall *call, json_t *content, GError **error) {
    g_autofree char *clean = NULL;
    g_autofree char *text = NULL;
    ParserPool *parsers = api_call_parts(call)->parsers;
    const char *html = json_string_value(json_object_get(content, "html"));
    if (html == NULL)
        return TRUE;
    if (parsers == NULL) {
        error_set(error, ERROR_UNAVAILABLE, "html_unavailable",
                  "html cannot be cleaned here: send text, or write through the running server");
        return FALSE;
    }
    if (!parser_pool_clean_html_wait(parsers, html, &clean, &text, error))
        return FALSE;
    json_object_set_new(content, "html", json_string(clean));
    return TRUE;
}

static const char *const members[] = {"text", "html", "subject", "to", "cc", "bcc", "attachments"};

// The members of the body that are the draft itself.
static json_t *content_of(const json_t *body) {
    json_t *content = json_object();
    for (gsize at = 0; at < G_N_ELEMENTS(members); at++) {
        json_t *value = json_object_get(body, members[at]);
        if (value != NULL && !json_is_null(value))
            json_object_set(content, members[at], value);
    }
    return content;
}

static gboolean read_mode(Saving *saving, const char *mode, GError **error) {
    static const char *const modes[] = {"reply", "note", "forward", NULL};
    if (!g_strv_contains(modes, mode))
        return refuse(error, "mode", "must be reply, note or forward");
    saving->mode = g_strdup(mode);
    return TRUE;
}

static gboolean read_content(ApiCall *call, Saving *saving, json_t *content, GError **error) {
    const json_t *uploads = json_object_get(content, "attachments");
    saving->uploads = uploads != NULL
                          ? field_read_ids("attachments", uploads, UPLOADS_OF_DRAFT_MAX, error)
                          : g_array_new(FALSE, FALSE, sizeof(Id));
    if (saving->uploads == NULL || !check_content(content, error) ||
        !clean_html(call, content, error))
        return FALSE;
    saving->content = json_dumps(content, JSON_COMPACT);
    saving->save.mode = saving->mode;
    saving->save.content = saving->content;
    saving->save.uploads = saving->uploads;
    return TRUE;
}

static Saving *decode(ApiCall *call, GError **error) {
    const char *mode;
    json_t *unused;
    json_int_t rev = 0;
    int is_shared = FALSE;
    if (!api_call_unpack(call, error, "{s:s, s?b, s?I, s?o, s?o, s?o, s?o, s?o, s?o, s?o}", "mode",
                         &mode, "shared", &is_shared, "rev", &rev, "text", &unused, "html", &unused,
                         "subject", &unused, "to", &unused, "cc", &unused, "bcc", &unused,
                         "attachments", &unused))
        return NULL;
    g_autoptr(Saving) saving = saving_new(call, is_shared, error);
    if (saving == NULL || !read_mode(saving, mode, error))
        return NULL;
    saving->save.rev = rev;
    json_t *content = content_of(api_call_json(call, NULL));
    gboolean is_read = read_content(call, saving, content, error);
    json_decref(content);
    return is_read ? g_steal_pointer(&saving) : NULL;
}

// Each upload that the draft names is one that its writer may use.
static gboolean see_uploads(ApiCall *call, Db *db, const Saving *saving, GError **error) {
    for (guint at = 0; at < saving->uploads->len; at++) {
        g_autoptr(Upload) upload =
            upload_load(call, db, g_array_index(saving->uploads, Id, at), error);
        if (upload == NULL)
            return FALSE;
    }
    return TRUE;
}

static void tell_stored(ApiCall *call, Db *db, const Saving *saving) {
    if (saving->save.stored != NULL)
        api_call_add_problem(call, "draft", draft_json(db, saving->save.stored));
}

static gboolean write_save(ApiCall *call, Db *db, gpointer data, GError **error) {
    Saving *saving = data;
    if (!see_uploads(call, db, saving, error))
        return FALSE;
    if (!draft_save(db, &saving->save, error)) {
        tell_stored(call, db, saving);
        return FALSE;
    }
    api_call_answer_json(call, 200, draft_json(db, saving->save.stored));
    return TRUE;
}

static void work_save(ApiCall *call) {
    GError *error = NULL;
    Saving *saving = decode(call, &error);
    if (saving != NULL)
        api_call_write(call, write_save, saving, saving_free);
    else
        api_call_fail(call, error);
}

static void put_draft(ApiCall *call) {
    api_call_work(call, work_save);
}

static gboolean write_discard(ApiCall *call, Db *db, gpointer data, GError **error) {
    Saving *saving = data;
    if (!draft_discard(db, &saving->save, error)) {
        tell_stored(call, db, saving);
        return FALSE;
    }
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_draft(ApiCall *call) {
    GError *error = NULL;
    gint64 rev = 0;
    gboolean is_shared = g_strcmp0(api_call_query(call, "shared"), "true") == 0;
    Saving *saving = api_call_query_int(call, "rev", 0, G_MAXINT64, &rev, &error)
                         ? saving_new(call, is_shared, &error)
                         : NULL;
    if (saving == NULL) {
        api_call_fail(call, error);
        return;
    }
    saving->save.rev = rev;
    api_call_write(call, write_discard, saving, saving_free);
}

static void get_draft(ApiCall *call) {
    GError *error = NULL;
    Conversation conversation;
    gboolean found = FALSE;
    Id id = api_call_path_id(call, "conversation", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db != NULL && conversation_find(db, id, &conversation, &found, &error) && !found)
        error_set(&error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    json_t *json = found ? draft_json_of_conversation(db, conversation.id,
                                                      api_call_principal(call)->agent_id, &error)
                         : NULL;
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    else
        api_call_fail(call, error);
}

static char *preview_of(const char *content) {
    json_t *json = json_loads(content, 0, NULL);
    const char *text = json_string_value(json_object_get(json, "text"));
    char *preview =
        text != NULL ? g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), PREVIEW_CHARACTERS))
                     : g_strdup("");
    json_decref(json);
    return g_strdelimit(preview, "\r\n\t", ' ');
}

static void write_row(JsonText *text, DbRows *rows) {
    g_autofree char *preview = preview_of(db_rows_text(rows, 3));
    json_text_begin_object(text, NULL);
    json_text_add_id(text, "id", db_rows_id(rows, 0));
    json_text_add_id(text, "conversation_id", db_rows_id(rows, 1));
    json_text_add_text(text, "mode", db_rows_text(rows, 2));
    json_text_add_text(text, "preview", preview);
    json_text_add_int(text, "rev", db_rows_int(rows, 4));
    json_text_add_instant(text, "updated_at", db_rows_instant(rows, 5));
    json_text_end_object(text);
}

static gboolean write_page(JsonText *text, DbRows *rows, const Page *page, GError **error) {
    GError *failure = NULL;
    g_autofree char *next = NULL;
    gint64 count = 0;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &failure)) {
        if (count++ == page->limit)
            break;
        write_row(text, rows);
        g_free(next);
        next = page_cursor(db_rows_int(rows, 5), db_rows_id(rows, 0));
    }
    json_text_end_array(text);
    json_text_add_text(text, "next", count > page->limit ? next : NULL);
    json_text_end_object(text);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

// The agent's own, the last changed first; of conversations that it may still see.
static DbRows *query_own(Db *db, Id agent_id, Id viewer, const Page *page, GError **error) {
    return db_query(
        db,
        "SELECT draft.id, draft.conversation_id, draft.mode, draft.content, draft.rev,"
        " draft.updated_at FROM draft JOIN conversation ON conversation.id = draft.conversation_id"
        " WHERE draft.owner_id = $1 AND draft.message_id IS NULL"
        " AND (draft.updated_at, draft.id) < ($2, $3) AND " VISIBLE_CONVERSATION(
            "conversation", "$4") " ORDER BY draft.updated_at DESC, draft.id DESC LIMIT $5",
        DB_VALUES(DB_INT(agent_id), DB_INT(page->has_cursor ? page->key : G_MAXINT64),
                  DB_INT(page->has_cursor ? page->id : G_MAXINT64), DB_ID(viewer),
                  DB_INT(page->limit + 1)),
        error);
}

static void list_drafts(ApiCall *call) {
    GError *error = NULL;
    Page page;
    g_auto(JsonText) text;
    json_text_init(&text);
    Db *db = page_read(call, 50, 200, &page, &error) ? api_call_reader(call, &error) : NULL;
    Id agent_id = api_call_principal(call)->agent_id;
    g_autoptr(DbRows) rows =
        db != NULL ? query_own(db, agent_id, api_call_viewer(call), &page, &error) : NULL;
    gboolean is_written = rows != NULL && agent_id != 0 && write_page(&text, rows, &page, &error);
    g_clear_pointer(&rows, db_rows_free);
    if (is_written)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else if (error != NULL)
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200, json_pack("{s:[], s:n}", "items", "next"));
}

const ApiRoute api_draft_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/drafts",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_drafts,
     .query = PAGE_QUERY},
    {.method = "GET",
     .pattern = "/api/v1/conversations/{conversation}/draft",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_draft},
    {.method = "PUT",
     .pattern = "/api/v1/conversations/{conversation}/draft",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = put_draft,
     .body_max = DRAFT_BODY_MAX},
    {.method = "DELETE",
     .pattern = "/api/v1/conversations/{conversation}/draft",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = remove_draft,
     .query = "shared rev"},
    {0},
};
