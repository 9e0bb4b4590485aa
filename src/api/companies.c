// /api/v1/companies: whom customers belong to. Their customers: /customers?company=; their
// conversations: /companies/{company}/conversations.
#include <string.h>

#include "api/customer_load.h"
#include "api/field.h"
#include "api/page.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/company_change.h"

#define SELECT                                                                                     \
    "SELECT id, version, name, created_at, (SELECT '[' || COALESCE(GROUP_CONCAT('\"' || domain "   \
    "|| '\"'), '') || ']' FROM company_domain WHERE company_id = company.id) FROM company "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},       {"version", COLUMN_INT},
    {"name", COLUMN_TEXT},   {"created_at", COLUMN_INSTANT},
    {"domains", COLUMN_RAW}, {0},
};

static gboolean write_page(JsonText *text, DbRows *rows, const RowsColumn *page_columns,
                           const Page *page, GError **error) {
    GError *problem = NULL;
    Id last = 0;
    gint64 count = 0;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &problem) && count++ < page->limit) {
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, page_columns);
        json_text_end_object(text);
        last = db_rows_id(rows, 0);
    }
    json_text_end_array(text);
    g_autofree char *next = count > page->limit ? page_cursor(0, last) : NULL;
    json_text_add_text(text, "next", next);
    json_text_end_object(text);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

// A page by id, newest first; $1: before which id, $2: how many, $3: about what.
static void answer_page(ApiCall *call, const RowsColumn *page_columns, const char *sql, Id about) {
    GError *error = NULL;
    Page page;
    g_auto(JsonText) text;
    json_text_init(&text);
    Db *db = page_read(call, 50, 200, &page, &error) ? api_call_reader(call, &error) : NULL;
    g_autoptr(DbRows) rows =
        db != NULL ? db_query(db, sql,
                              DB_VALUES(DB_INT(page.has_cursor ? page.id : G_MAXINT64),
                                        DB_INT(page.limit + 1), DB_INT(about),
                                        DB_ID(api_call_viewer(call))),
                              &error)
                   : NULL;
    gboolean written = rows != NULL && write_page(&text, rows, page_columns, &page, &error);
    g_clear_pointer(&rows, db_rows_free);
    if (written)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static void list_companies(ApiCall *call) {
    answer_page(
        call, columns,
        SELECT "WHERE id < $1 AND $3 = 0 AND coalesce($4, 0) >= 0 ORDER BY id DESC LIMIT $2", 0);
}

static void get_company(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "company", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                        "company_unknown");
}

static const RowsColumn conversation_columns[] = {
    {"id", COLUMN_ID},
    {"customer_id", COLUMN_ID},
    {"customer_name", COLUMN_TEXT},
    {"channel_id", COLUMN_ID},
    {"status", COLUMN_TEXT},
    {"subject", COLUMN_TEXT},
    {"last_message_at", COLUMN_INSTANT},
    {"waiting_since", COLUMN_INSTANT},
    {0},
};

static void make_conversations(ApiCall *call) {
    answer_page(call, conversation_columns,
                "SELECT conversation.id, root.id, root.name, channel_id, status, subject,"
                " last_message_at, waiting_since FROM customer AS root JOIN customer AS part ON"
                " part.root_id = root.id JOIN conversation ON conversation.customer_id = part.id"
                " WHERE root.company_id = $3 AND conversation.merged_into IS NULL AND"
                " conversation.id < $1 AND " VISIBLE_CONVERSATION(
                    "conversation", "$4") " ORDER BY conversation.id DESC LIMIT $2",
                api_call_path_id(call, "company", NULL));
}

static void list_conversations(ApiCall *call) {
    GError *error = NULL;
    if (api_call_path_id(call, "company", &error) != 0)
        api_call_work(call, make_conversations);
    else
        api_call_fail(call, error);
}

// Texts are borrowed from the call's body, but for the domains, which are owned.
typedef struct {
    Id id;
    CompanyChange change;
    char *domains[COMPANY_DOMAINS_MAX + 1];
} Action;

static void action_free(gpointer data) {
    Action *action = data;
    for (char **domain = action->domains; *domain != NULL; domain++)
        g_free(*domain);
    g_free(action);
}

static gboolean domain_is_good(const char *domain) {
    gsize length = strlen(domain);
    for (const char *at = domain; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && *at != '.' && *at != '-' && (guchar)*at < 0x80)
            return FALSE;
    return length >= 3 && length <= 253 && strchr(domain, '.') != NULL && domain[0] != '.';
}

static gboolean read_domains(const json_t *list, Action *action, GError **error) {
    size_t at;
    const json_t *item;
    if (list == NULL)
        return TRUE;
    gboolean is_good = json_is_array(list) && json_array_size(list) <= COMPANY_DOMAINS_MAX;
    json_array_foreach(list, at, item) {
        is_good = is_good && json_is_string(item) && domain_is_good(json_string_value(item));
        if (!is_good)
            break;
        action->domains[at] = g_utf8_strdown(json_string_value(item), -1);
    }
    action->change.domains = (const char *const *)action->domains;
    if (!is_good)
        error_set(error, ERROR_INVALID, "field_invalid",
                  "domains must be a list of at most %d names like example.org",
                  COMPANY_DOMAINS_MAX);
    return is_good;
}

static gboolean answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "company_unknown", error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}

static gboolean match(const ApiCall *call, Db *db, Id id, GError **error) {
    gint64 version = 0;
    gboolean found;
    return db_query_int(db, "SELECT version FROM company WHERE id = $1", DB_VALUES(DB_ID(id)),
                        &version, &found, error) &&
           (!found || api_call_match_version(call, version, error));
}

static gboolean write_add(ApiCall *call, Db *db, gpointer data, GError **error) {
    Action *action = data;
    Id id;
    return company_add(db, &action->change, &id, customer_actor(call), error) &&
           answer(call, db, id, 201, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    Action *action = data;
    return match(call, db, action->id, error) &&
           company_change(db, action->id, &action->change, customer_actor(call), error) &&
           answer(call, db, action->id, 200, error);
}

static gboolean write_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    if (!match(call, db, action->id, error) ||
        !company_remove(db, action->id, customer_actor(call), error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean decode(ApiCall *call, Action *action, const char *format, GError **error) {
    const json_t *domains = NULL;
    return api_call_unpack(call, error, format, "name", &action->change.name, "domains",
                           &domains) &&
           (action->change.name == NULL ||
            field_check_line("name", action->change.name, 1, 200, error)) &&
           read_domains(domains, action, error);
}

static void add_company(ApiCall *call) {
    GError *error = NULL;
    Action *action = g_new0(Action, 1);
    if (decode(call, action, "{s:s, s?o}", &error)) {
        api_call_write(call, write_add, action, action_free);
        return;
    }
    action_free(action);
    api_call_fail(call, error);
}

static void act(ApiCall *call, gboolean has_body, ApiWrite write) {
    GError *error = NULL;
    Action *action = g_new0(Action, 1);
    action->id = api_call_path_id(call, "company", &error);
    if (action->id != 0 && (!has_body || decode(call, action, "{s?s, s?o}", &error))) {
        api_call_write(call, write, action, action_free);
        return;
    }
    action_free(action);
    api_call_fail(call, error);
}

static void change_company(ApiCall *call) {
    act(call, TRUE, write_change);
}

static void remove_company(ApiCall *call) {
    act(call, FALSE, write_remove);
}

const ApiRoute api_company_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/companies",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = list_companies,
     .query = PAGE_QUERY},
    {.method = "POST",
     .pattern = "/api/v1/companies",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = add_company},
    {.method = "GET",
     .pattern = "/api/v1/companies/{company}",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = get_company},
    {.method = "PATCH",
     .pattern = "/api/v1/companies/{company}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = change_company},
    {.method = "DELETE",
     .pattern = "/api/v1/companies/{company}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = remove_company},
    {.method = "GET",
     .pattern = "/api/v1/companies/{company}/conversations",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = list_conversations,
     .query = PAGE_QUERY},
    {0},
};
