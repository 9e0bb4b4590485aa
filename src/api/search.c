// GET /api/v1/search: conversations by what their messages say and what they are.
#include "api/conversation_query.h"
#include "api/resources.h"
#include "base/error.h"
#include "store/search_find.h"

#define EXCERPT_CHARACTERS "200"

static gboolean write_excerpt(Db *db, Id message_id, JsonText *text, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT SUBSTR(COALESCE(new_text, text), 1, " EXCERPT_CHARACTERS
                 ") FROM message WHERE id = $1",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    const char *excerpt = db_rows_next(rows, &problem) ? db_rows_text(rows, 0) : NULL;
    json_text_add_text(text, "excerpt", excerpt);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean write_hit(Db *db, const SearchHit *hit, Id me, JsonText *text, GError **error) {
    json_t *conversation = conversation_query_load_for(db, hit->conversation_id, me, error);
    if (conversation == NULL)
        return FALSE;
    json_text_begin_object(text, NULL);
    json_text_add_json(text, "conversation", conversation);
    json_text_add_id(text, "message_id", hit->message_id);
    json_text_add_instant(text, "occurred_at", hit->occurred_at);
    gboolean written = write_excerpt(db, hit->message_id, text, error);
    json_text_end_object(text);
    json_decref(conversation);
    return written;
}

static gboolean write_page(Db *db, const SearchPage *page, Id me, JsonText *text, GError **error) {
    gboolean written = TRUE;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    for (guint at = 0; written && at < page->hits->len; at++)
        written = write_hit(db, &g_array_index(page->hits, SearchHit, at), me, text, error);
    json_text_end_array(text);
    json_text_add_text(text, "next", page->next);
    json_text_end_object(text);
    return written;
}

static gboolean find(ApiCall *call, JsonText *text, GError **error) {
    gint64 limit = 50;
    Id me = api_call_principal(call)->agent_id;
    const char *line = api_call_query(call, "q");
    if (!api_call_query_int(call, "limit", 1, 100, &limit, error))
        return FALSE;
    g_autoptr(SearchQuery) query = search_query_parse(line != NULL ? line : "", error);
    Db *db = query != NULL ? api_call_reader(call, error) : NULL;
    g_autoptr(SearchPage) page =
        db != NULL ? search_find(db, query, me, api_call_viewer(call), clock_now(),
                                 api_call_query(call, "cursor"), (guint)limit, error)
                   : NULL;
    return page != NULL && write_page(db, page, me, text, error);
}

static void make_search(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (find(call, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static void search(ApiCall *call) {
    api_call_work(call, make_search);
}

const ApiRoute api_search_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/search",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = search,
     .query = "q limit cursor"},
    {0},
};
