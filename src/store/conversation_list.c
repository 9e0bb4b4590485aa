#include "store/conversation_list.h"

#include <string.h>

#define SMALL_TAG 2000 // conversations: fewer are sorted, more are met soon enough on the way

typedef struct {
    const char *name;
    const char *column;
    gboolean is_ascending;
    SearchFilterKind kind; // filters that bound the walk by the same column
} SortRule;

static const SortRule sorts[CONVERSATION_SORTS] = {
    [SORT_NEWEST] = {"newest", "c.last_message_at", FALSE, SEARCH_UPDATED},
    [SORT_OLDEST] = {"oldest", "c.last_message_at", TRUE, SEARCH_UPDATED},
    [SORT_CREATED] = {"created", "c.created_at", FALSE, SEARCH_CREATED},
    [SORT_CREATED_OLDEST] = {"created_oldest", "c.created_at", TRUE, SEARCH_CREATED},
    [SORT_WAITING] = {"waiting", "c.waiting_since", TRUE, SEARCH_WAITED},
    [SORT_DUE] = {"due", "c.sla_due_at", TRUE, SEARCH_SLA},
    [SORT_PRIORITY] = {"priority", "c.priority", FALSE, SEARCH_FILTER_KINDS},
};

gboolean conversation_sort_parse(const char *name, ConversationSort *sort) {
    for (guint at = 0; at < CONVERSATION_SORTS; at++)
        if (strcmp(sorts[at].name, name) == 0) {
            *sort = (ConversationSort)at;
            return TRUE;
        }
    return FALSE;
}

const char *conversation_sort_name(ConversationSort sort) {
    return sorts[sort].name;
}

// How the rows are met.
typedef struct {
    guint walks;
    gboolean is_sorted; // few are left: no index gives the order
    gboolean by_channel;
} Drive;

typedef struct {
    Db *db;
    const ConversationList *list;
    Drive drive;
    GString *sql;
    GArray *values;        // of DbValue
    GPtrArray *conditions; // of SearchCondition: they own texts that values point to
} Builder;

static void condition_free(gpointer data) {
    search_condition_clear(data);
    g_free(data);
}

static void builder_clear(Builder *builder) {
    g_string_free(builder->sql, TRUE);
    g_array_unref(builder->values);
    g_ptr_array_unref(builder->conditions);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Builder, builder_clear)

static void builder_init(Builder *builder, Db *db, const ConversationList *list) {
    *builder = (Builder){.db = db, .list = list};
    builder->sql = g_string_new(NULL);
    builder->values = g_array_new(FALSE, FALSE, sizeof(DbValue));
    builder->conditions = g_ptr_array_new_with_free_func(condition_free);
    g_array_append_val(builder->values, DB_INT(list->me != 0 ? list->me : -1));
}

static const SearchFilter *only(const ConversationList *list, SearchFilterKind kind) {
    const SearchFilter *found = NULL;
    for (guint at = 0; found == NULL && list->queries[at] != NULL; at++)
        found = search_filter_only(list->queries[at], kind);
    return found;
}

static gboolean has_words(const ConversationList *list) {
    for (guint at = 0; list->queries[at] != NULL; at++) {
        const GPtrArray *terms = list->queries[at]->terms;
        for (guint term = 0; term < terms->len; term++)
            if (!((const SearchTerm *)terms->pdata[term])->is_excluded)
                return TRUE;
    }
    return FALSE;
}

// TRUE when exactly one thing has the name; *id is it.
static gboolean find_one(Db *db, const SearchFilter *filter, Id *id, gboolean *found,
                         GError **error) {
    *found = FALSE;
    if (filter == NULL || filter->who == SEARCH_NOBODY)
        return TRUE;
    g_autoptr(GArray) ids = filter->who == SEARCH_NAMED ? search_filter_names(db, filter, error)
                                                        : g_array_new(FALSE, FALSE, sizeof(Id));
    if (ids == NULL)
        return FALSE;
    *found = ids->len == 1;
    *id = *found ? g_array_index(ids, Id, 0) : 0;
    return TRUE;
}

static gboolean find_small_tag(Builder *builder, gboolean *is_small, GError **error) {
    Id tag_id = 0;
    gint64 count = 0;
    if (!find_one(builder->db, only(builder->list, SEARCH_TAG), &tag_id, is_small, error))
        return FALSE;
    if (!*is_small)
        return TRUE;
    gboolean counted =
        db_query_int(builder->db,
                     "SELECT COUNT(*) FROM (SELECT 1 FROM conversation_tag WHERE tag_id = $1"
                     " LIMIT $2) AS some",
                     DB_VALUES(DB_ID(tag_id), DB_INT(SMALL_TAG)), &count, NULL, error);
    *is_small = count < SMALL_TAG;
    return counted;
}

// By status, by person, or by both, which have an index together.
static void choose_order(Builder *builder, gboolean has_one_channel) {
    const ConversationList *list = builder->list;
    Drive *drive = &builder->drive;
    gboolean has_status = only(list, SEARCH_STATUS) != NULL;
    const SearchFilter *agent = only(list, SEARCH_AGENT);
    drive->walks = SEARCH_WALK(sorts[list->sort].kind);
    if (list->sort == SORT_WAITING)
        drive->walks |= SEARCH_WALK(SEARCH_WAITING);
    if (list->sort == SORT_PRIORITY) {
        drive->is_sorted = !has_status;
        drive->walks = SEARCH_WALK(SEARCH_STATUS);
    }
    if (sorts[list->sort].kind != SEARCH_UPDATED)
        return;
    if (has_status)
        drive->walks |= SEARCH_WALK(SEARCH_STATUS);
    if (agent != NULL && agent->who != SEARCH_NOBODY)
        drive->walks |= SEARCH_WALK(SEARCH_AGENT);
    else if (has_status && only(list, SEARCH_UNASSIGNED) != NULL)
        drive->walks |= SEARCH_WALK(SEARCH_UNASSIGNED);
    drive->by_channel = has_one_channel && !has_status && agent == NULL;
}

// What few conversations have: they are looked up by it, and sorted.
static const SearchFilterKind few_kinds[] = {SEARCH_NUMBER, SEARCH_CUSTOMER, SEARCH_MENTIONS,
                                             SEARCH_DRAFT};

static gboolean choose_drive(Builder *builder, GError **error) {
    const ConversationList *list = builder->list;
    Id channel_id;
    gboolean has_small_tag, has_one_channel;
    if (!find_small_tag(builder, &has_small_tag, error) ||
        !find_one(builder->db, only(list, SEARCH_CHANNEL), &channel_id, &has_one_channel, error))
        return FALSE;
    guint few = 0;
    for (gsize at = 0; at < G_N_ELEMENTS(few_kinds); at++)
        few |= only(list, few_kinds[at]) != NULL ? SEARCH_WALK(few_kinds[at]) : 0;
    builder->drive.is_sorted = few != 0 || has_small_tag || has_words(list);
    if (!builder->drive.is_sorted)
        choose_order(builder, has_one_channel);
    else
        builder->drive.walks =
            few | (has_small_tag && few == 0 && !has_words(list) ? SEARCH_WALK(SEARCH_TAG) : 0);
    return TRUE;
}

static gboolean add_conditions(Builder *builder, SearchChannels channels, GError **error) {
    for (guint at = 0; builder->list->queries[at] != NULL; at++) {
        SearchCondition *condition = g_new0(SearchCondition, 1);
        g_ptr_array_add(builder->conditions, condition);
        SearchAsk ask = {.me = builder->list->me,
                         .viewer = at == 0 ? builder->list->viewer : 0,
                         .now = builder->list->now,
                         .first = builder->values->len + 1,
                         .walks = builder->drive.walks,
                         .channels = channels,
                         .has_words = TRUE};
        if (channels == SEARCH_CHANNELS_GUEST)
            ask.walks = 0;
        if (!search_condition_init(condition, builder->db, builder->list->queries[at], &ask, error))
            return FALSE;
        g_string_append(builder->sql, condition->sql->str);
        g_array_append_vals(builder->values, condition->values->data, condition->values->len);
    }
    if (builder->list->sort == SORT_WAITING)
        g_string_append(builder->sql, " AND c.waiting_since IS NOT NULL");
    if (builder->list->sort == SORT_DUE)
        g_string_append(builder->sql, " AND c.sla_due_at IS NOT NULL");
    return TRUE;
}

static guint add_value(Builder *builder, gint64 value) {
    g_array_append_val(builder->values, DB_INT(value));
    return builder->values->len;
}

static gboolean is_ascending(const ConversationList *list) {
    return sorts[list->sort].is_ascending != list->is_backward;
}

static void add_order(Builder *builder, gboolean is_sorted) {
    const ConversationList *list = builder->list;
    const char *column = sorts[list->sort].column;
    const char *plus = is_sorted ? "+" : "";
    const char *direction = is_ascending(list) ? "ASC" : "DESC";
    if (list->has_place) {
        guint key = add_value(builder, list->key);
        guint id = add_value(builder, list->id);
        g_string_append_printf(builder->sql, " AND (%s%s, c.id) %c ($%u, $%u)", plus, column,
                               is_ascending(list) ? '>' : '<', key, id);
    }
    g_string_append_printf(builder->sql, " ORDER BY %s%s %s, c.id %s LIMIT $%u", plus, column,
                           direction, direction, add_value(builder, list->limit + 1));
}

static gboolean add_select(Builder *builder, const char *columns, const char *joins,
                           SearchChannels channels, GError **error) {
    g_string_append_printf(builder->sql,
                           "SELECT %s, %s AS sort_key, c.id AS id FROM conversation c %s"
                           " WHERE c.merged_into IS NULL",
                           columns, sorts[builder->list->sort].column, joins);
    if (!add_conditions(builder, channels, error))
        return FALSE;
    add_order(builder, builder->drive.is_sorted || channels == SEARCH_CHANNELS_GUEST);
    return TRUE;
}

// The channel's index does not know those that have another home: they are few.
static gboolean add_union(Builder *builder, const char *columns, const char *joins,
                          GError **error) {
    const char *direction = is_ascending(builder->list) ? "ASC" : "DESC";
    g_string_append(builder->sql, "SELECT * FROM (");
    if (!add_select(builder, columns, joins, SEARCH_CHANNELS_HOME, error))
        return FALSE;
    g_string_append(builder->sql, ") AS home UNION ALL SELECT * FROM (");
    if (!add_select(builder, columns, joins, SEARCH_CHANNELS_GUEST, error))
        return FALSE;
    g_string_append_printf(builder->sql, ") AS guest ORDER BY sort_key %s, id %s LIMIT $%u",
                           direction, direction, add_value(builder, builder->list->limit + 1));
    return TRUE;
}

static gboolean build(Builder *builder, const char *columns, const char *joins, GError **error) {
    if (!choose_drive(builder, error))
        return FALSE;
    return builder->drive.by_channel
               ? add_union(builder, columns, joins, error)
               : add_select(builder, columns, joins, SEARCH_CHANNELS_ALL, error);
}

static const DbValue *values_of(const Builder *builder) {
    return (const DbValue *)(void *)builder->values->data;
}

DbRows *conversation_list_query(Db *db, const ConversationList *list, const char *columns,
                                const char *joins, GError **error) {
    g_auto(Builder) builder;
    builder_init(&builder, db, list);
    if (!build(&builder, columns, joins, error))
        return NULL;
    return db_query(db, builder.sql->str, values_of(&builder), builder.values->len, error);
}

char *conversation_list_sql(Db *db, const ConversationList *list, const char *columns,
                            const char *joins, GError **error) {
    g_auto(Builder) builder;
    builder_init(&builder, db, list);
    return build(&builder, columns, joins, error) ? g_strdup(builder.sql->str) : NULL;
}

gboolean conversation_list_count(Db *db, const ConversationList *list, gint64 limit, gint64 *count,
                                 GError **error) {
    g_auto(Builder) builder;
    builder_init(&builder, db, list);
    if (!choose_drive(&builder, error))
        return FALSE;
    g_string_append(builder.sql,
                    "SELECT COUNT(*) FROM (SELECT 1 FROM conversation c WHERE c.merged_into IS"
                    " NULL");
    if (!add_conditions(&builder, SEARCH_CHANNELS_ALL, error))
        return FALSE;
    g_string_append_printf(builder.sql, " LIMIT $%u) AS some", add_value(&builder, limit));
    return db_query_int(db, builder.sql->str, values_of(&builder), builder.values->len, count, NULL,
                        error);
}
