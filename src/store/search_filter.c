#include "store/search_filter.h"

#include <string.h>

#include "base/error.h"
#include "store/conversation_read.h"
#include "store/search_expression.h"
#include "store/search_match.h"
#include "store/visibility.h"

// What a kind asks of conversation c, with @ for the value (ids, names in lower case, numbers).
// plain lets no planner choose an index by it, and is true or false where columns are NULL; walk is
// for the index that the list goes along.
typedef struct {
    const char *plain;
    const char *walk; // NULL: as plain
} KindRule;

#define UNASSIGNED "+c.assignee_id IS NULL"

static const KindRule kind_rules[SEARCH_FILTER_KINDS] = {
    [SEARCH_STATUS] = {"NOT c.status <> @", "c.status = @"},
    [SEARCH_UNASSIGNED] = {UNASSIGNED, "c.assignee_id IS NULL"},
    [SEARCH_UNREAD] = {CONVERSATION_UNREAD("@"), NULL},
    [SEARCH_WAITING] = {"+c.waiting_since IS NOT NULL", "c.waiting_since IS NOT NULL"},
    [SEARCH_CHANNEL] = {"(+c.channel_id = @ OR EXISTS (SELECT 1 FROM conversation_channel x"
                        " WHERE x.conversation_id = c.id AND x.channel_id = @))",
                        NULL},
    [SEARCH_TAG] = {"EXISTS (SELECT 1 FROM conversation_tag x WHERE x.conversation_id = c.id"
                    " AND x.tag_id = @)",
                    "c.id IN (SELECT x.conversation_id FROM conversation_tag x WHERE x.tag_id = "
                    "@)"},
    [SEARCH_AGENT] = {"coalesce(c.assignee_id, 0) = @", "c.assignee_id = @"},
    [SEARCH_TEAM] = {"coalesce(c.team_id, 0) = @", NULL},
    [SEARCH_CUSTOMER] = {"EXISTS (SELECT 1 FROM customer x JOIN customer y ON y.root_id = x.root_id"
                         " WHERE x.id = c.customer_id AND y.id = @)",
                         "c.customer_id IN (SELECT x.id FROM customer x WHERE x.root_id = (SELECT "
                         "y.root_id FROM customer y WHERE y.id = @))"},
    [SEARCH_LANGUAGE] = {"EXISTS (SELECT 1 FROM customer x JOIN customer y ON y.id = x.root_id"
                         " WHERE x.id = c.customer_id AND lower(y.language) = @)",
                         NULL},
    [SEARCH_PRIORITY] = {"+c.priority = @", NULL},
    [SEARCH_NUMBER] = {"coalesce(c.number, 0) = @", "c.number = @"},
    [SEARCH_DRAFT] = {"EXISTS (SELECT 1 FROM draft x WHERE x.conversation_id = c.id AND"
                      " x.message_id IS NULL AND x.owner_id IN (0, @))",
                      "c.id IN (SELECT x.conversation_id FROM draft x WHERE x.message_id IS NULL"
                      " AND x.owner_id IN (0, @))"},
    [SEARCH_MENTIONS] = {"EXISTS (SELECT 1 FROM conversation_read x WHERE x.agent_id = @ AND"
                         " x.conversation_id = c.id AND x.mentioned_id > 0)",
                         "c.id IN (SELECT x.conversation_id FROM conversation_read x WHERE"
                         " x.agent_id = @ AND x.mentioned_id > 0)"},
    [SEARCH_FOLLOWER] = {"EXISTS (SELECT 1 FROM follower x WHERE x.conversation_id = c.id AND"
                         " x.agent_id = @ AND x.is_following = 1)",
                         NULL},
    [SEARCH_WRITER] = {"EXISTS (SELECT 1 FROM message x WHERE x.conversation_id = c.id AND"
                       " x.agent_id = @ AND x.direction <> 'note')",
                       NULL},
    [SEARCH_PARTICIPANT] = {"(EXISTS (SELECT 1 FROM participant x WHERE x.conversation_id = c.id"
                            " AND x.address = @ AND x.is_removed = 0) OR EXISTS (SELECT 1 FROM"
                            " identity x WHERE x.id = c.identity_id AND x.address = @))",
                            NULL},
    [SEARCH_NOTE] = {"EXISTS (SELECT 1 FROM message x WHERE x.conversation_id = c.id"
                     " AND x.direction = 'note' AND x.removed_at IS NULL)",
                     NULL},
};

static const char *const channel_rules[] = {
    [SEARCH_CHANNELS_HOME] = "c.channel_id = @",
    [SEARCH_CHANNELS_GUEST] =
        "c.id IN (SELECT x.conversation_id FROM conversation_channel x WHERE x.channel_id = @)",
};

static const char *const time_columns[SEARCH_FILTER_KINDS] = {
    [SEARCH_CREATED] = "c.created_at",
    [SEARCH_UPDATED] = "c.last_message_at",
    [SEARCH_WAITED] = "c.waiting_since",
};

// Of somebody or something with a name.
static const gboolean is_named[SEARCH_FILTER_KINDS] = {
    [SEARCH_CHANNEL] = TRUE, [SEARCH_TAG] = TRUE,      [SEARCH_AGENT] = TRUE,
    [SEARCH_TEAM] = TRUE,    [SEARCH_MENTIONS] = TRUE, [SEARCH_FOLLOWER] = TRUE,
    [SEARCH_WRITER] = TRUE,  [SEARCH_CUSTOMER] = TRUE,
};

typedef struct {
    SearchCondition *condition;
    Db *db;
    const SearchAsk *ask;
    GString *out; // the group that is being written
} Compiler;

static void or_append(GString *out) {
    if (out->len > 0)
        g_string_append(out, " OR ");
}

// Writes the text with @ standing for the value.
static void asked_write(Compiler *compiler, GString *out, const char *text, DbValue value) {
    if (strchr(text, '@') != NULL)
        g_array_append_val(compiler->condition->values, value);
    guint number = compiler->ask->first + compiler->condition->values->len - 1;
    for (; *text != '\0'; text++)
        if (*text == '@')
            g_string_append_printf(out, "$%u", number);
        else
            g_string_append_c(out, *text);
}

static gboolean walks(const Compiler *compiler, SearchFilterKind kind) {
    return (compiler->ask->walks & SEARCH_WALK(kind)) != 0;
}

static void kind_append(Compiler *compiler, SearchFilterKind kind, gboolean may_walk,
                        DbValue value) {
    const KindRule *rule = &kind_rules[kind];
    gboolean is_walk = may_walk && walks(compiler, kind) && rule->walk != NULL;
    const char *text = is_walk ? rule->walk : rule->plain;
    if (kind == SEARCH_CHANNEL && compiler->ask->channels != SEARCH_CHANNELS_ALL)
        text = channel_rules[compiler->ask->channels];
    or_append(compiler->out);
    asked_write(compiler, compiler->out, text, value);
}

static gboolean names_append(Compiler *compiler, const SearchFilter *filter, GError **error) {
    g_autoptr(GArray) ids = search_filter_names(compiler->db, filter, error);
    if (ids == NULL)
        return FALSE;
    if (ids->len == 0) {
        or_append(compiler->out);
        g_string_append(compiler->out, "1 = 0");
    }
    for (guint at = 0; at < ids->len; at++)
        kind_append(compiler, filter->kind, ids->len == 1 && !filter->is_excluded,
                    DB_INT(g_array_index(ids, Id, at)));
    return TRUE;
}

static DbValue me_value(const Compiler *compiler) {
    return DB_INT(compiler->ask->me != 0 ? compiler->ask->me : -1);
}

static void person_append(Compiler *compiler, const SearchFilter *filter) {
    gboolean is_team = filter->kind == SEARCH_TEAM;
    if (filter->who == SEARCH_NOBODY) {
        or_append(compiler->out);
        g_string_append(compiler->out, is_team ? "+c.team_id IS NULL" : UNASSIGNED);
    } else if (is_team) {
        or_append(compiler->out);
        asked_write(compiler, compiler->out,
                    "coalesce(c.team_id, 0) IN (SELECT x.team_id FROM agent_team x WHERE "
                    "x.agent_id = @)",
                    me_value(compiler));
    } else {
        kind_append(compiler, filter->kind, !filter->is_excluded, me_value(compiler));
    }
}

// "key=value", or "key" for any value.
static void field_append(Compiler *compiler, const SearchFilter *filter) {
    or_append(compiler->out);
    asked_write(compiler, compiler->out,
                "EXISTS (SELECT 1 FROM conversation_field x JOIN field f ON f.id = x.field_id WHERE"
                " x.conversation_id = c.id AND f.removed_at IS NULL AND f.key = @",
                DB_TEXT(filter->key != NULL ? filter->key : filter->value));
    if (filter->key != NULL)
        asked_write(compiler, compiler->out, " AND x.value = @", DB_TEXT(filter->value));
    g_string_append_c(compiler->out, ')');
}

// Ages count back from now: older than low is before now - low.
static void period_append(Compiler *compiler, const SearchFilter *filter) {
    Instant now = compiler->ask->now;
    gboolean has_low = filter->low != G_MININT64;
    gboolean has_high = filter->high != G_MAXINT64;
    g_autofree char *column =
        g_strconcat(walks(compiler, filter->kind) ? "" : "+", time_columns[filter->kind], NULL);
    or_append(compiler->out);
    g_string_append_printf(compiler->out, "(%s IS NOT NULL", column);
    if (has_low) {
        g_string_append_printf(compiler->out, " AND %s", column);
        asked_write(compiler, compiler->out, filter->is_age ? " < @" : " >= @",
                    DB_INT(filter->is_age ? now - filter->low : filter->low));
    }
    if (has_high) {
        g_string_append_printf(compiler->out, " AND %s", column);
        asked_write(compiler, compiler->out, filter->is_age ? " > @" : " < @",
                    DB_INT(filter->is_age ? now - filter->high : filter->high));
    }
    g_string_append_c(compiler->out, ')');
}

// Missed and at risk are so at an instant: no row says it.
static void sla_append(Compiler *compiler, const SearchFilter *filter) {
    static const char *const rules[SEARCH_DUES] = {
        [SEARCH_DUE_BREACHED] = "(%sc.sla_due_at IS NOT NULL AND %sc.sla_due_at <= @)",
        [SEARCH_DUE_AT_RISK] =
            "(%sc.sla_due_at IS NOT NULL AND %sc.sla_due_at > @ AND c.sla_warn_at <= @)",
        [SEARCH_DUE_ANY] = "(%sc.sla_due_at IS NOT NULL AND %sc.sla_due_at > 0)",
    };
    const char *plus = walks(compiler, SEARCH_SLA) && !filter->is_excluded ? "" : "+";
    g_auto(GStrv) parts = g_strsplit(rules[filter->low], "%s", -1);
    g_autofree char *text = g_strjoinv(plus, parts);
    or_append(compiler->out);
    asked_write(compiler, compiler->out, text, DB_INT(compiler->ask->now));
}

static gboolean filter_append(Compiler *compiler, const SearchFilter *filter, GError **error) {
    SearchFilterKind kind = filter->kind;
    if (filter->who != SEARCH_NAMED)
        person_append(compiler, filter);
    else if (is_named[kind])
        return names_append(compiler, filter, error);
    else if (time_columns[kind] != NULL)
        period_append(compiler, filter);
    else if (kind == SEARCH_UNASSIGNED || kind == SEARCH_WAITING || kind == SEARCH_NOTE)
        kind_append(compiler, kind, !filter->is_excluded, DB_NULL);
    else if (kind == SEARCH_SLA)
        sla_append(compiler, filter);
    else if (kind == SEARCH_FIELD)
        field_append(compiler, filter);
    else if (kind == SEARCH_UNREAD || kind == SEARCH_DRAFT)
        kind_append(compiler, kind, !filter->is_excluded, me_value(compiler));
    else if (kind == SEARCH_PRIORITY || kind == SEARCH_NUMBER)
        kind_append(compiler, kind, !filter->is_excluded, DB_INT(filter->low));
    else
        kind_append(compiler, kind, !filter->is_excluded, DB_TEXT(filter->value));
    return TRUE;
}

static void date_apply(SearchCondition *condition, const SearchFilter *filter) {
    gboolean is_before = (filter->kind == SEARCH_BEFORE) != filter->is_excluded;
    if (is_before)
        condition->before = MIN(condition->before, filter->low);
    else
        condition->after = MAX(condition->after, filter->low);
}

static gboolean is_date(const SearchFilter *filter) {
    return filter->kind == SEARCH_BEFORE || filter->kind == SEARCH_AFTER;
}

// One alternative of the group, negated where it is excluded.
static gboolean alternative_append(Compiler *compiler, GString *group, const SearchFilter *filter,
                                   GError **error) {
    g_autoptr(GString) alone = g_string_new(NULL);
    compiler->out = alone;
    if (!filter_append(compiler, filter, error))
        return FALSE;
    or_append(group);
    g_string_append_printf(group, filter->is_excluded ? "NOT (%s)" : "%s", alone->str);
    return TRUE;
}

// The filters from one of a group on to its end; gives where the next group begins.
static gboolean group_append(Compiler *compiler, const SearchQuery *query, guint *at,
                             GError **error) {
    g_autoptr(GString) group = g_string_new(NULL);
    guint number = ((const SearchFilter *)query->filters->pdata[*at])->group;
    for (; *at < query->filters->len; ++*at) {
        const SearchFilter *filter = query->filters->pdata[*at];
        if (filter->group != number)
            break;
        if (is_date(filter))
            date_apply(compiler->condition, filter);
        else if (!alternative_append(compiler, group, filter, error))
            return FALSE;
    }
    if (group->len > 0)
        g_string_append_printf(compiler->condition->sql, " AND (%s)", group->str);
    return TRUE;
}

// A word is asked of messages: of all, to be looked up by the conversations that show them, or of
// those of the one conversation.
#define WORDS_LISTED                                                                               \
    " AND %sc.id %s (SELECT m.conversation_id FROM (SELECT e.message_id FROM search CROSS JOIN"    \
    " search_entry e ON e.number = search.rowid WHERE search MATCH @ ORDER BY search.rowid DESC"   \
    " LIMIT " G_STRINGIFY(MATCHES_MAX) ") AS hit JOIN message m ON m.id = hit.message_id WHERE"    \
                                       " m.removed_at IS NULL)"
#define WORDS_SINGLE                                                                               \
    " AND %s EXISTS (SELECT 1 FROM message m JOIN search_entry e ON e.message_id = m.id JOIN"      \
    " search ON search.rowid = e.number WHERE m.conversation_id = c.id AND m.removed_at IS NULL"   \
    " AND search MATCH @)"

static void words_append(Compiler *compiler, const SearchQuery *query) {
    SearchCondition *condition = compiler->condition;
    condition->expression = search_expression(query);
    gboolean is_excluded = condition->expression == NULL;
    if (is_excluded)
        condition->expression = search_expression_excluded(query);
    if (condition->expression == NULL)
        return;
    g_autofree char *text =
        compiler->ask->is_single
            ? g_strdup_printf(WORDS_SINGLE, is_excluded ? "NOT" : "")
            : g_strdup_printf(WORDS_LISTED, is_excluded ? "+" : "", is_excluded ? "NOT IN" : "IN");
    asked_write(compiler, condition->sql, text, DB_TEXT(condition->expression));
}

static void dates_append(Compiler *compiler) {
    SearchCondition *condition = compiler->condition;
    if (condition->after != G_MININT64 + 1)
        asked_write(compiler, condition->sql, " AND c.last_message_at >= @",
                    DB_INT(condition->after));
    if (condition->before != G_MAXINT64)
        asked_write(compiler, condition->sql, " AND c.last_message_at < @",
                    DB_INT(condition->before));
}

static void visibility_append(Compiler *compiler) {
    if (compiler->ask->viewer == 0)
        return;
    g_autoptr(GString) number = g_string_new(NULL);
    asked_write(compiler, number, "@", DB_ID(compiler->ask->viewer));
    g_autoptr(GString) visible = g_string_new(" AND " VISIBLE_CONVERSATION("c", "@"));
    g_string_replace(visible, "@", number->str, 0);
    g_string_append(compiler->condition->sql, visible->str);
}

static gboolean check_values(const SearchCondition *condition, GError **error) {
    if (condition->values->len <= SEARCH_VALUES_MAX)
        return TRUE;
    error_set(error, ERROR_INVALID, "search_too_wide",
              "the search names too many things at once: ask for fewer");
    return FALSE;
}

gboolean search_condition_init(SearchCondition *condition, Db *db, const SearchQuery *query,
                               const SearchAsk *ask, GError **error) {
    Compiler compiler = {.condition = condition, .db = db, .ask = ask};
    condition->sql = g_string_new(NULL);
    condition->values = g_array_new(FALSE, FALSE, sizeof(DbValue));
    condition->after = G_MININT64 + 1;
    condition->before = G_MAXINT64;
    for (guint at = 0; at < query->filters->len;)
        if (!group_append(&compiler, query, &at, error))
            return FALSE;
    if (ask->has_words) {
        words_append(&compiler, query);
        dates_append(&compiler);
    }
    visibility_append(&compiler);
    return check_values(condition, error);
}

void search_condition_clear(SearchCondition *condition) {
    if (condition->sql != NULL)
        g_string_free(condition->sql, TRUE);
    if (condition->values != NULL)
        g_array_unref(condition->values);
    g_free(condition->expression);
}

const SearchFilter *search_filter_only(const SearchQuery *query, SearchFilterKind kind) {
    const SearchFilter *only = NULL;
    guint same = 0;
    for (guint at = 0; at < query->filters->len; at++) {
        const SearchFilter *filter = query->filters->pdata[at];
        if (filter->kind == kind && !filter->is_excluded && only == NULL)
            only = filter;
    }
    for (guint at = 0; only != NULL && at < query->filters->len; at++)
        same += ((const SearchFilter *)query->filters->pdata[at])->group == only->group;
    return same == 1 ? only : NULL;
}
