// GET /api/v1/conversations: lists by view and search line, both ways from any place, and batches
// by ids.
#include <string.h>

#include "api/conversation_query.h"
#include "api/page.h"
#include "api/resources.h"
#include "api/view_reader.h"
#include "base/error.h"
#include "store/event.h"

#define IDS_MAX 200
#define TOTAL_MAX 1000
#define QUERIES_MAX 3 // the view's, q and the single filters

typedef struct {
    SearchQuery *queries[QUERIES_MAX + 1];
    ConversationList list;
} Request;

static void request_clear(Request *request) {
    for (guint at = 0; at < QUERIES_MAX; at++)
        search_query_free(request->queries[at]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

// Parameters that ask for one thing by its id or name.
static const struct {
    const char *name;
    SearchFilterKind kind;
} filters[] = {
    {"channel", SEARCH_CHANNEL},   {"agent", SEARCH_AGENT}, {"team", SEARCH_TEAM},
    {"customer", SEARCH_CUSTOMER}, {"tag", SEARCH_TAG},
};

static gboolean read_filters(const ApiCall *call, SearchQuery *query, GError **error) {
    for (gsize at = 0; at < G_N_ELEMENTS(filters); at++) {
        const char *value = api_call_query(call, filters[at].name);
        if (value == NULL)
            continue;
        if (filters[at].kind != SEARCH_TAG && id_parse(value, error) == 0)
            return FALSE;
        search_query_require(query, filters[at].kind, value);
    }
    return TRUE;
}

static gboolean read_sort(const ApiCall *call, const char *initial, ConversationSort *sort,
                          GError **error) {
    const char *name = api_call_query(call, "sort");
    if (conversation_sort_parse(name != NULL ? name : initial, sort))
        return TRUE;
    error_set(error, ERROR_INVALID, "sort_unknown",
              "sort must be newest, oldest, created, created_oldest, waiting, due or priority");
    return FALSE;
}

static gboolean read_at(const ApiCall *call, ConversationList *list, GError **error) {
    Instant instant = INSTANT_NONE;
    const char *text = api_call_query(call, "at");
    g_autofree char *midnight =
        text != NULL && strlen(text) == 10 ? g_strconcat(text, "T00:00:00Z", NULL) : g_strdup(text);
    if (text == NULL)
        return TRUE;
    instant = instant_parse(midnight, error);
    if (instant == INSTANT_NONE)
        return FALSE;
    gboolean is_up = list->sort == SORT_OLDEST || list->sort == SORT_CREATED_OLDEST ||
                     list->sort == SORT_WAITING;
    if (list->sort == SORT_PRIORITY) {
        error_set(error, ERROR_INVALID, "at_invalid", "at is for lists that are sorted by time");
        return FALSE;
    }
    list->has_place = TRUE;
    list->key = is_up ? instant - 1 : instant;
    list->id = is_up ? G_MAXINT64 : 0;
    return TRUE;
}

// Where to begin: cursor or after, before, at; one of them.
static gboolean read_place(const ApiCall *call, ConversationList *list, GError **error) {
    const char *cursor = api_call_query(call, "cursor");
    const char *after = api_call_query(call, "after");
    const char *before = api_call_query(call, "before");
    int places = (cursor != NULL) + (after != NULL) + (before != NULL) +
                 (api_call_query(call, "at") != NULL);
    Page page = {.limit = 50};
    if (places > 1) {
        error_set(error, ERROR_INVALID, "query_invalid", "give one of cursor, after, before, at");
        return FALSE;
    }
    if (!api_call_query_int(call, "limit", 1, 200, &page.limit, error))
        return FALSE;
    const char *text = cursor != NULL ? cursor : after != NULL ? after : before;
    if (text != NULL && !page_read_cursor(text, &page, error))
        return FALSE;
    list->limit = page.limit;
    list->has_place = page.has_cursor;
    list->key = page.key;
    list->id = page.id;
    list->is_backward = before != NULL;
    return read_at(call, list, error);
}

static gboolean read_request(const ApiCall *call, Db *db, Request *request, GError **error) {
    const char *line = api_call_query(call, "q");
    const char *name = api_call_query(call, "view");
    ConversationList *list = &request->list;
    ViewReader reader = view_reader_of(call);
    list->me = api_call_principal(call)->agent_id;
    list->viewer = api_call_viewer(call);
    list->now = clock_now();
    g_autoptr(View) view = view_get(db,
                                    name != NULL   ? name
                                    : line != NULL ? "all"
                                                   : "open",
                                    &reader, error);
    if (view == NULL)
        return FALSE;
    list->queries = (const SearchQuery *const *)request->queries;
    return (request->queries[0] = search_query_parse(view->query, error)) != NULL &&
           (request->queries[1] = search_query_new()) != NULL &&
           read_filters(call, request->queries[1], error) &&
           (request->queries[2] = search_query_parse(line != NULL ? line : "", error)) != NULL &&
           read_sort(call, view->sort, &list->sort, error) && read_place(call, list, error);
}

static gboolean write_total(ApiCall *call, Db *db, const ConversationList *list, JsonText *text,
                            GError **error) {
    gint64 is_asked = 0;
    gint64 count = 0;
    if (!api_call_query_int(call, "total", 0, 1, &is_asked, error))
        return FALSE;
    if (is_asked == 0)
        return TRUE;
    if (!conversation_list_count(db, list, TOTAL_MAX + 1, &count, error))
        return FALSE;
    json_text_add_int(text, "total", MIN(count, TOTAL_MAX));
    json_text_add_bool(text, "total_exact", count <= TOTAL_MAX);
    return TRUE;
}

static gboolean write_ids(const ApiCall *call, Db *db, JsonText *text, GError **error) {
    g_auto(GStrv) words = g_strsplit(api_call_query(call, "ids"), ",", IDS_MAX + 1);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Id));
    if (g_strv_length(words) > IDS_MAX) {
        error_set(error, ERROR_INVALID, "ids_too_many", "ids takes at most %d ids", IDS_MAX);
        return FALSE;
    }
    for (guint at = 0; words[at] != NULL; at++) {
        Id id = id_parse(words[at], error);
        if (id == 0)
            return FALSE;
        g_array_append_val(ids, id);
    }
    return conversation_query_write_ids(db, ids, api_call_principal(call)->agent_id,
                                        api_call_viewer(call), text, error);
}

static gboolean write_items(ApiCall *call, Db *db, JsonText *text, GError **error) {
    if (api_call_query(call, "ids") != NULL)
        return write_ids(call, db, text, error);
    g_auto(Request) request = {0};
    return read_request(call, db, &request, error) &&
           conversation_query_write(db, &request.list, text, error) &&
           write_total(call, db, &request.list, text, error);
}

// The page and the event sequence that it stands at, from one snapshot: a stream that begins there
// misses nothing and repeats nothing.
static gboolean write_list(ApiCall *call, JsonText *text, GError **error) {
    gint64 seq = 0;
    Db *db = api_call_reader(call, error);
    if (db == NULL || !db_snapshot_begin(db, error))
        return FALSE;
    json_text_begin_object(text, NULL);
    gboolean written = event_last_seq(db, &seq, error) && write_items(call, db, text, error);
    json_text_add_int(text, "event_seq", seq);
    json_text_end_object(text);
    db_snapshot_end(db);
    return written;
}

static void make_list(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (write_list(call, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

// A built-in view and at most one of channel, agent, team walk an index; more may have to search.
static gboolean may_take_long(const ApiCall *call) {
    static const char *const quick[] = {"channel", "agent", "team"};
    static const char *const slow[] = {"q", "tag", "customer", "total", "sort"};
    const char *view = api_call_query(call, "view");
    guint count = 0;
    for (gsize at = 0; at < G_N_ELEMENTS(quick); at++)
        count += api_call_query(call, quick[at]) != NULL;
    for (gsize at = 0; at < G_N_ELEMENTS(slow); at++)
        count += api_call_query(call, slow[at]) != NULL ? 2 : 0;
    return count > 1 || (view != NULL && builtin_view_find(view) == NULL);
}

static void list_conversations(ApiCall *call) {
    if (may_take_long(call))
        api_call_work(call, make_list);
    else
        make_list(call);
}

const ApiRoute api_conversation_list_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/conversations",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_conversations,
     .query = PAGE_QUERY " view q sort after before at ids total channel agent team customer tag"},
    {0},
};
