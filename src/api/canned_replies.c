// /api/v1/canned-replies: texts with variables, found by the first letters of their words. An
// agent's own are theirs alone; what a team or everybody owns needs workspace_share to be changed.
#include "api/page.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/template_values.h"
#include "model/fold.h"
#include "model/template.h"
#include "store/canned.h"

#define SEARCH_WORDS_MAX 5
#define BODY_MAX ((gsize)8 << 20)

#define SELECT                                                                                     \
    "SELECT c.id, c.name, c.shortcut, CASE WHEN c.agent_id IS NOT NULL THEN 'agent'"               \
    " WHEN c.team_id IS NOT NULL THEN 'team' ELSE 'all' END, c.agent_id, c.team_id, c.folder_id,"  \
    " c.position, c.use_count, c.used_at, c.created_at, c.version,"                                \
    " (SELECT '[\"' || GROUP_CONCAT(x.language, '\",\"') || '\"]' FROM canned_text x"              \
    " WHERE x.canned_id = c.id), (SELECT substr(x.text, 1, 200) FROM canned_text x"                \
    " WHERE x.canned_id = c.id AND x.position = 0) FROM canned c WHERE " OWNED_OR_SHARED(          \
        "c", "$1", "$2")

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},           {"name", COLUMN_TEXT},          {"shortcut", COLUMN_TEXT},
    {"owner", COLUMN_TEXT},      {"agent_id", COLUMN_ID},        {"team_id", COLUMN_ID},
    {"folder_id", COLUMN_ID},    {"position", COLUMN_INT},       {"use_count", COLUMN_INT},
    {"used_at", COLUMN_INSTANT}, {"created_at", COLUMN_INSTANT}, {"version", COLUMN_INT},
    {"languages", COLUMN_RAW},   {"preview", COLUMN_TEXT},       {0},
};

static Id me(const ApiCall *call) {
    return api_call_principal(call)->agent_id;
}

static OwnedViewer viewer(const ApiCall *call) {
    const Principal *principal = api_call_principal(call);
    return (OwnedViewer){principal->agent_id, principal_may(principal, PERMISSION_WORKSPACE_SHARE)};
}

static Canned *get_visible(const ApiCall *call, Db *db, Id id, GError **error) {
    OwnedViewer who = viewer(call);
    return canned_get(db, id, &who, error);
}

// --- lists --------------------------------------------------------------------------------------

typedef struct {
    Page page;
    Id folder_id;
    char **words; // of the search; NULL: a list
} CannedQuery;

static gboolean read_query(const ApiCall *call, CannedQuery *query, GError **error) {
    const char *text = api_call_query(call, "q");
    query->words = text != NULL ? fold_words(text, SEARCH_WORDS_MAX) : NULL;
    return api_call_query_id(call, "folder", &query->folder_id, error) &&
           page_read(call, 50, 200, &query->page, error);
}

// What begins with each of the words, the shortcut of that name and what is used most first.
static DbRows *search(Db *db, const CannedQuery *query, OwnedViewer who, GError **error) {
    g_autoptr(GString) sql = g_string_new(SELECT " AND ($3 IS NULL OR c.folder_id = $3)");
    DbValue values[5 + 2 * SEARCH_WORDS_MAX] = {DB_INT(who.agent_id), DB_INT(who.sees_teams),
                                                DB_ID(query->folder_id)};
    g_autoptr(GPtrArray) ends = g_ptr_array_new_with_free_func(g_free);
    gsize count = 3;
    for (char **word = query->words; *word != NULL; word++, count += 2) {
        g_ptr_array_add(ends, g_strconcat(*word, "\xf4\x8f\xbf\xbf", NULL)); // U+10FFFF is last
        g_string_append_printf(sql,
                               " AND c.id IN (SELECT w.canned_id FROM canned_word w WHERE w.word"
                               " >= $%d AND w.word < $%d)",
                               (int)count + 1, (int)count + 2);
        values[count] = DB_TEXT(*word);
        values[count + 1] = DB_TEXT(ends->pdata[ends->len - 1]);
    }
    g_string_append_printf(sql,
                           " ORDER BY lower(c.shortcut) = $%d DESC, c.use_count DESC, c.id"
                           " LIMIT $%d",
                           (int)count + 1, (int)count + 2);
    values[count] = DB_TEXT(query->words[0] != NULL ? query->words[0] : "");
    values[count + 1] = DB_INT(query->page.limit);
    return db_query(db, sql->str, values, count + 2, error);
}

static DbRows *list(Db *db, const CannedQuery *query, OwnedViewer who, GError **error) {
    const Page *page = &query->page;
    return db_query(db,
                    query->folder_id != 0
                        ? SELECT " AND c.folder_id = $6 AND (c.position, c.id) > ($3, $4)"
                                 " ORDER BY c.position, c.id LIMIT $5"
                        : SELECT " AND (c.position, c.id) > ($3, $4) AND $6 IS NULL"
                                 " ORDER BY c.position, c.id LIMIT $5",
                    DB_VALUES(DB_INT(who.agent_id), DB_INT(who.sees_teams),
                              DB_INT(page->has_cursor ? page->key : G_MININT64), DB_INT(page->id),
                              DB_INT(page->limit), DB_ID(query->folder_id)),
                    error);
}

// Writes the items; gives the cursor of the last one where the page is full. Owned, may be NULL.
static char *write_items(JsonText *text, DbRows *rows, gint64 limit, GError **error) {
    GError *failure = NULL;
    g_autofree char *cursor = NULL;
    gint64 count = 0;
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &failure)) {
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, columns);
        json_text_end_object(text);
        g_free(cursor);
        cursor = page_cursor(db_rows_int(rows, 7), db_rows_id(rows, 0));
        count++;
    }
    json_text_end_array(text);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return count == limit ? g_steal_pointer(&cursor) : NULL;
}

static gboolean write_page(ApiCall *call, const CannedQuery *query, JsonText *text,
                           GError **error) {
    GError *failure = NULL;
    Db *db = api_call_reader(call, error);
    if (db == NULL)
        return FALSE;
    g_autoptr(DbRows) rows = query->words != NULL ? search(db, query, viewer(call), error)
                                                  : list(db, query, viewer(call), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_object(text, NULL);
    g_autofree char *next = write_items(text, rows, query->page.limit, &failure);
    json_text_add_text(text, "next", query->words == NULL ? next : NULL);
    json_text_end_object(text);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static void list_canned(ApiCall *call) {
    GError *error = NULL;
    CannedQuery query = {0};
    g_auto(JsonText) text;
    json_text_init(&text);
    if (read_query(call, &query, &error) && write_page(call, &query, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
    g_strfreev(query.words);
}

// --- one ----------------------------------------------------------------------------------------

static void free_canned(gpointer data) {
    canned_free(data);
}

static gboolean answer_canned(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    g_autoptr(Canned) canned = canned_get(db, id, NULL, error);
    if (canned == NULL)
        return FALSE;
    api_call_add_version(call, canned->version);
    api_call_answer_json(call, status, canned_to_json(canned));
    return TRUE;
}

static void get_canned(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "canned", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    g_autoptr(Canned) canned = db != NULL ? get_visible(call, db, id, &error) : NULL;
    if (canned == NULL || !answer_canned(call, db, id, 200, &error))
        api_call_fail(call, error);
}

// An agent changes their own; what others use, too, needs the permission.
static gboolean may_change(const ApiCall *call, const Canned *canned, GError **error) {
    const Principal *principal = api_call_principal(call);
    if (canned->agent_id != 0 ? canned->agent_id == principal->agent_id
                              : principal_may(principal, PERMISSION_WORKSPACE_SHARE))
        return TRUE;
    error_set(error, ERROR_DENIED, "share_denied",
              "what a team or everybody uses is changed by those who may share (workspace_share)");
    return FALSE;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    Canned *canned = data;
    return canned_add(db, canned, clock_now(), error) &&
           answer_canned(call, db, canned->id, 201, error);
}

static gboolean may_change_stored(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(Canned) stored = get_visible(call, db, id, error);
    return stored != NULL && may_change(call, stored, error) &&
           api_call_match_version(call, stored->version, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    Canned *canned = data;
    return may_change_stored(call, db, canned->id, error) && canned_change(db, canned, error) &&
           answer_canned(call, db, canned->id, 200, error);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Canned *canned = data;
    if (!may_change_stored(call, db, canned->id, error) || !canned_remove(db, canned->id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean write_use(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Canned *canned = data;
    g_autoptr(Canned) stored = get_visible(call, db, canned->id, error);
    if (stored == NULL || !canned_use(db, canned->id, clock_now(), error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static Canned *decode(ApiCall *call, GError **error) {
    json_t *json = api_call_json(call, error);
    g_autoptr(Canned) canned = json != NULL ? canned_decode(json, me(call), error) : NULL;
    gboolean is_good =
        canned != NULL && may_change(call, canned, error) &&
        (canned->team_id == 0 || api_call_see(call, VISIBILITY_TEAM, canned->team_id, error));
    return is_good ? g_steal_pointer(&canned) : NULL;
}

static void add_canned(ApiCall *call) {
    GError *error = NULL;
    Canned *canned = decode(call, &error);
    if (canned == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_new, canned, free_canned);
}

// What is hidden is not there, whatever the body is.
static gboolean is_there(ApiCall *call, Id id, GError **error) {
    Db *db = api_call_reader(call, error);
    g_autoptr(Canned) stored = db != NULL ? get_visible(call, db, id, error) : NULL;
    return stored != NULL;
}

static void change_canned(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "canned", &error);
    Canned *canned = id != 0 && is_there(call, id, &error) ? decode(call, &error) : NULL;
    if (canned == NULL) {
        api_call_fail(call, error);
        return;
    }
    canned->id = id;
    api_call_write(call, write_change, canned, free_canned);
}

static void act_on_canned(ApiCall *call, ApiWrite write) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "canned", &error);
    if (id == 0) {
        api_call_fail(call, error);
        return;
    }
    Canned *canned = canned_new();
    canned->id = id;
    api_call_write(call, write, canned, free_canned);
}

static void remove_canned(ApiCall *call) {
    act_on_canned(call, write_removal);
}

static void use_canned(ApiCall *call) {
    act_on_canned(call, write_use);
}

// --- filled in ----------------------------------------------------------------------------------

static void add_rendered(json_t *json, const char *name, const char *text, TemplateContext context,
                         GHashTable *values) {
    g_autofree char *rendered = text != NULL ? template_render(text, context, values) : NULL;
    json_object_set_new(json, name, rendered != NULL ? json_string(rendered) : json_null());
}

static json_t *render(ApiCall *call, Db *db, Id id, Id conversation_id, GError **error) {
    g_autoptr(Canned) canned = get_visible(call, db, id, error);
    if (canned == NULL || !api_call_see(call, VISIBILITY_CONVERSATION, conversation_id, error))
        return NULL;
    const char *asked = api_call_query(call, "language");
    g_autofree char *language =
        asked != NULL ? g_strdup(asked) : template_language(db, conversation_id, error);
    g_autoptr(GHashTable) values =
        template_values_load(db, conversation_id, me(call), FALSE, error);
    if (values == NULL)
        return NULL;
    const CannedText *text = canned_choose(canned, language);
    json_t *json = json_pack("{s:s}", "language", text->language);
    add_rendered(json, "subject", text->subject, TEMPLATE_SUBJECT, values);
    add_rendered(json, "text", text->text, TEMPLATE_TEXT, values);
    add_rendered(json, "html", text->html, TEMPLATE_HTML, values);
    return json;
}

static void render_canned(ApiCall *call) {
    GError *error = NULL;
    Id conversation_id = 0;
    Id id = api_call_path_id(call, "canned", &error);
    Db *db = id != 0 && api_call_query_id(call, "conversation", &conversation_id, &error)
                 ? api_call_reader(call, &error)
                 : NULL;
    json_t *json = db != NULL ? render(call, db, id, conversation_id, &error) : NULL;
    if (json == NULL)
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200, json);
}

const ApiRoute api_canned_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/canned-replies",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_canned,
     .query = "q folder " PAGE_QUERY},
    {.method = "POST",
     .pattern = "/api/v1/canned-replies",
     .permission = PERMISSION_SIGNED_IN,
     .handler = add_canned,
     .body_max = BODY_MAX},
    {.method = "GET",
     .pattern = "/api/v1/canned-replies/{canned}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_canned},
    {.method = "PUT",
     .pattern = "/api/v1/canned-replies/{canned}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = change_canned,
     .body_max = BODY_MAX},
    {.method = "DELETE",
     .pattern = "/api/v1/canned-replies/{canned}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = remove_canned},
    {.method = "GET",
     .pattern = "/api/v1/canned-replies/{canned}/render",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = render_canned,
     .query = "conversation language"},
    {.method = "POST",
     .pattern = "/api/v1/canned-replies/{canned}/uses",
     .permission = PERMISSION_SIGNED_IN,
     .handler = use_canned},
    {0},
};
