#include "store/search_filter.h"

#include <string.h>

#include "store/visibility.h"

#define FIRST_VALUE 3 // $1 and $2 are the query's own
#define VALUES_MAX 200

// Where names are looked up and what is asked of the conversation then.
typedef struct {
    const char *names; // SELECT id, then the columns that may hold the name
    int columns;
    const char *condition; // with one %u: the number of the value
} NameRule;

static const NameRule name_rules[] = {
    [SEARCH_CHANNEL] = {"SELECT id, name, kind, address FROM channel", 3,
                        "(c.channel_id = $%1$u OR EXISTS (SELECT 1 FROM conversation_channel x"
                        " WHERE x.conversation_id = c.id AND x.channel_id = $%1$u))"},
    [SEARCH_TAG] = {"SELECT id, name FROM tag", 1,
                    "EXISTS (SELECT 1 FROM conversation_tag x"
                    " WHERE x.conversation_id = c.id AND x.tag_id = $%1$u)"},
    [SEARCH_AGENT] = {"SELECT id, name, email FROM agent", 2, "c.assignee_id = $%1$u"},
};

static guint value_add(SearchCondition *condition, DbValue value) {
    g_array_append_val(condition->values, value);
    return FIRST_VALUE + condition->values->len - 1;
}

static void or_append(GString *out) {
    if (out->len > 0)
        g_string_append(out, " OR ");
}

static void id_append(SearchCondition *condition, GString *out, const NameRule *rule, Id id) {
    if (condition->values->len >= VALUES_MAX)
        return;
    guint number = value_add(condition, DB_INT(id));
    g_autofree char *text = g_strdup_printf("$%u", number);
    g_autoptr(GString) asked = g_string_new(rule->condition);
    g_string_replace(asked, "$%1$u", text, 0);
    or_append(out);
    g_string_append(out, asked->str);
}

static gboolean row_has_name(DbRows *row, int columns, const char *name) {
    for (int column = 1; column <= columns; column++) {
        g_autofree char *lower = g_utf8_strdown(db_rows_text(row, column), -1);
        if (strcmp(lower, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean name_append(SearchCondition *condition, Db *db, const SearchFilter *filter, Id me,
                            GString *out, GError **error) {
    const NameRule *rule = &name_rules[filter->kind];
    if (filter->kind == SEARCH_AGENT && me != 0 && strcmp(filter->value, "me") == 0) {
        id_append(condition, out, rule, me);
        return TRUE;
    }
    g_autoptr(DbRows) rows = db_query(db, rule->names, DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    gsize before = out->len;
    g_autoptr(GError) failure = NULL;
    while (db_rows_next(rows, &failure))
        if (row_has_name(rows, rule->columns, filter->value))
            id_append(condition, out, rule, db_rows_id(rows, 0));
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (out->len == before) {
        or_append(out);
        g_string_append(out, "1 = 0");
    }
    return TRUE;
}

static gboolean filter_append(SearchCondition *condition, Db *db, const SearchFilter *filter, Id me,
                              GString *out, GError **error) {
    switch (filter->kind) {
    case SEARCH_STATUS:
        or_append(out);
        g_string_append_printf(out, "c.status = $%u", value_add(condition, DB_TEXT(filter->value)));
        return TRUE;
    case SEARCH_UNASSIGNED:
        or_append(out);
        g_string_append(out, "c.assignee_id IS NULL");
        return TRUE;
    case SEARCH_CHANNEL:
    case SEARCH_TAG:
    case SEARCH_AGENT:
        return name_append(condition, db, filter, me, out, error);
    case SEARCH_BEFORE:
    case SEARCH_AFTER:
        break;
    }
    return TRUE;
}

static void date_apply(SearchCondition *condition, const SearchFilter *filter) {
    gboolean is_before = (filter->kind == SEARCH_BEFORE) != filter->is_excluded;
    if (is_before)
        condition->before = MIN(condition->before, filter->instant);
    else
        condition->after = MAX(condition->after, filter->instant);
}

static void group_close(SearchCondition *condition, const GString *group, gboolean is_excluded) {
    if (group->len > 0)
        g_string_append_printf(condition->sql, " AND %s(%s)", is_excluded ? "NOT " : "",
                               group->str);
}

// Filters of one kind are alternatives, but each tag and each excluded one counts for itself.
static gboolean kind_append(SearchCondition *condition, Db *db, const SearchQuery *query,
                            SearchFilterKind kind, Id me, GError **error) {
    g_autoptr(GString) any = g_string_new(NULL);
    for (guint i = 0; i < query->filters->len; i++) {
        const SearchFilter *filter = query->filters->pdata[i];
        if (filter->kind != kind)
            continue;
        if (kind == SEARCH_BEFORE || kind == SEARCH_AFTER)
            date_apply(condition, filter);
        gboolean is_alone = filter->is_excluded || kind == SEARCH_TAG;
        g_autoptr(GString) alone = g_string_new(NULL);
        if (!filter_append(condition, db, filter, me, is_alone ? alone : any, error))
            return FALSE;
        group_close(condition, alone, filter->is_excluded);
    }
    group_close(condition, any, FALSE);
    return TRUE;
}

static void visibility_append(SearchCondition *condition, Id viewer) {
    if (viewer == 0)
        return;
    g_autofree char *number = g_strdup_printf("$%u", value_add(condition, DB_ID(viewer)));
    g_autoptr(GString) visible = g_string_new(" AND " VISIBLE_CONVERSATION("c", "@viewer"));
    g_string_replace(visible, "@viewer", number, 0);
    g_string_append(condition->sql, visible->str);
}

gboolean search_condition_init(SearchCondition *condition, Db *db, const SearchQuery *query, Id me,
                               Id viewer, GError **error) {
    condition->sql = g_string_new(NULL);
    condition->values = g_array_new(FALSE, FALSE, sizeof(DbValue));
    condition->after = G_MININT64 + 1;
    condition->before = G_MAXINT64;
    for (int kind = SEARCH_STATUS; kind <= SEARCH_AFTER; kind++)
        if (!kind_append(condition, db, query, (SearchFilterKind)kind, me, error))
            return FALSE;
    visibility_append(condition, viewer);
    return TRUE;
}

void search_condition_clear(SearchCondition *condition) {
    if (condition->sql != NULL)
        g_string_free(condition->sql, TRUE);
    if (condition->values != NULL)
        g_array_unref(condition->values);
}
