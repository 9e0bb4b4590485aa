#include "desk/rule_facts.h"

#include <string.h>

#include "store/calendar.h"

#define FIELD_MARK "\x1f" // between a key and its value
#define ITEM_MARK "\x1e"  // between items

#define CUSTOMER_FACTS                                                                             \
    (FACT_BIT(FACT_LANGUAGE) | FACT_BIT(FACT_CUSTOMER_NAME) | FACT_BIT(FACT_CUSTOMER_ADDRESS) |    \
     FACT_BIT(FACT_CUSTOMER_DOMAIN) | FACT_BIT(FACT_CUSTOMER_COMPANY) |                            \
     FACT_BIT(FACT_CUSTOMER_FIELD))
#define MESSAGE_FACTS                                                                              \
    (FACT_BIT(FACT_MESSAGE_TEXT) | FACT_BIT(FACT_MESSAGE_SUBJECT) | FACT_BIT(FACT_MESSAGE_FROM) |  \
     FACT_BIT(FACT_MESSAGE_DIRECTION) | FACT_BIT(FACT_MESSAGE_CLASS) |                             \
     FACT_BIT(FACT_MESSAGE_IS_AUTOMATIC) | FACT_BIT(FACT_MESSAGE_IS_LIST) |                        \
     FACT_BIT(FACT_MESSAGE_HAS_ATTACHMENT))

void rule_calendars_free(RuleCalendars *calendars) {
    if (calendars == NULL)
        return;
    g_hash_table_unref(calendars->by_id);
    g_hash_table_unref(calendars->of_channel);
    if (calendars->all != NULL)
        g_ptr_array_unref(calendars->all);
    g_free(calendars);
}

static gboolean read_channels(RuleCalendars *calendars, Db *db, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT id, calendar_id FROM channel WHERE calendar_id IS NOT NULL",
                 DB_NO_VALUES, error);
    while (rows != NULL && db_rows_next(rows, &failure)) {
        Id channel_id = db_rows_id(rows, 0), calendar_id = db_rows_id(rows, 1);
        g_hash_table_insert(calendars->of_channel, g_memdup2(&channel_id, sizeof channel_id),
                            g_hash_table_lookup(calendars->by_id, &calendar_id));
    }
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return rows != NULL && failure == NULL;
}

RuleCalendars *rule_calendars_read(Db *db, GError **error) {
    g_autoptr(RuleCalendars) calendars = g_new0(RuleCalendars, 1);
    calendars->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    calendars->of_channel = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    calendars->all = calendar_list(db, error);
    if (calendars->all == NULL)
        return NULL;
    for (guint at = 0; at < calendars->all->len; at++) {
        Calendar *calendar = calendars->all->pdata[at];
        g_hash_table_insert(calendars->by_id, &calendar->id, calendar);
    }
    return read_channels(calendars, db, error) ? g_steal_pointer(&calendars) : NULL;
}

static const char *column(FactSet needs, FactSet of, const char *sql) {
    return (needs & of) != 0 ? sql : "NULL";
}

// Columns that are not needed are NULL, and so are their joins left out.
static void append_columns(GString *sql, FactSet needs) {
    const FactSet tags = FACT_BIT(FACT_TAGS);
    g_string_append(sql, "SELECT c.id, c.version, o.root_id, c.channel_id, h.kind, c.status,"
                         " c.team_id, c.assignee_id, c.priority, c.message_count, c.created_at,"
                         " c.last_message_at, c.waiting_since");
    g_string_append_printf(
        sql, ", %s, %s, %s", column(needs, FACT_BIT(FACT_SUBJECT), "c.subject"),
        column(needs, tags,
               "(SELECT GROUP_CONCAT(t.name, '" ITEM_MARK "') FROM conversation_tag x JOIN tag t"
               " ON t.id = x.tag_id WHERE x.conversation_id = c.id)"),
        column(needs, FACT_BIT(FACT_CONVERSATION_FIELD),
               "(SELECT GROUP_CONCAT(f.key || '" FIELD_MARK "' || v.value, '" ITEM_MARK "') FROM"
               " conversation_field v JOIN field f ON f.id = v.field_id AND f.removed_at IS NULL"
               " WHERE v.conversation_id = c.id)"));
    g_string_append(sql, (needs & CUSTOMER_FACTS) != 0 ? ", u.language, u.name, i.address, p.name"
                                                       : ", NULL, NULL, NULL, NULL");
    g_string_append_printf(
        sql, ", %s",
        column(needs, FACT_BIT(FACT_CUSTOMER_FIELD),
               "(SELECT GROUP_CONCAT(f.key || '" FIELD_MARK "' || v.value, '" ITEM_MARK "') FROM"
               " customer_field v JOIN field f ON f.id = v.field_id AND f.removed_at IS NULL"
               " WHERE v.customer_id = u.id)"));
    if ((needs & MESSAGE_FACTS) == 0) {
        g_string_append(sql, ", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL");
        return;
    }
    g_string_append_printf(
        sql, ", m.id, m.direction, m.class, m.is_automatic, %s, %s, %s, %s",
        column(needs, FACT_BIT(FACT_MESSAGE_SUBJECT), "m.subject"),
        column(needs, FACT_BIT(FACT_MESSAGE_TEXT), "coalesce(m.new_text, m.text)"),
        column(needs, FACT_BIT(FACT_MESSAGE_FROM) | FACT_BIT(FACT_MESSAGE_IS_LIST), "m.headers"),
        column(needs, FACT_BIT(FACT_MESSAGE_HAS_ATTACHMENT),
               "EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = m.id"
               " AND a.is_inline = 0)"));
}

char *rule_facts_sql(FactSet needs, const char *message, const char *tail) {
    GString *sql = g_string_new(NULL);
    append_columns(sql, needs);
    g_string_append(sql, " FROM conversation c JOIN channel h ON h.id = c.channel_id"
                         " JOIN customer o ON o.id = c.customer_id");
    if ((needs & CUSTOMER_FACTS) != 0)
        g_string_append(sql, " JOIN customer u ON u.id = o.root_id LEFT JOIN company p ON p.id ="
                             " u.company_id LEFT JOIN identity i ON i.id = c.identity_id");
    if ((needs & MESSAGE_FACTS) != 0)
        g_string_append_printf(
            sql, " LEFT JOIN message m ON m.id = %s",
            message != NULL ? message
                            : "(SELECT x.id FROM message x WHERE x.conversation_id = c.id"
                              " AND x.direction = 'in' ORDER BY x.occurred_at DESC, x.id DESC"
                              " LIMIT 1)");
    g_string_append_printf(sql, " %s", tail);
    return g_string_free(sql, FALSE);
}

static void set_fields(RuleFacts *facts, FactName prefix, const char *texts) {
    g_auto(GStrv) items = texts != NULL ? g_strsplit(texts, ITEM_MARK, -1) : NULL;
    for (char **item = items; item != NULL && *item != NULL; item++) {
        char *mark = strstr(*item, FIELD_MARK);
        if (mark == NULL)
            continue;
        *mark = '\0';
        rule_facts_set_field(facts, prefix, *item, mark + strlen(FIELD_MARK));
    }
}

static void read_conversation(DbRows *rows, RuleFacts *facts) {
    rule_facts_set_id(facts, FACT_CHANNEL, db_rows_id(rows, 3));
    rule_facts_set_text(facts, FACT_CHANNEL_KIND, db_rows_text(rows, 4));
    rule_facts_set_text(facts, FACT_STATUS, db_rows_text(rows, 5));
    rule_facts_set_id(facts, FACT_TEAM, db_rows_id(rows, 6));
    rule_facts_set_id(facts, FACT_ASSIGNEE, db_rows_id(rows, 7));
    rule_facts_set_number(facts, FACT_PRIORITY, db_rows_int(rows, 8));
    rule_facts_set_number(facts, FACT_MESSAGE_COUNT, db_rows_int(rows, 9));
    rule_facts_set_since(facts, FACT_AGE_MINUTES, db_rows_instant(rows, 10));
    rule_facts_set_since(facts, FACT_IDLE_MINUTES, db_rows_instant(rows, 11));
    rule_facts_set_since(facts, FACT_WAITING_MINUTES, db_rows_instant(rows, 12));
    rule_facts_set_text(facts, FACT_SUBJECT, db_rows_text(rows, 13));
    rule_facts_set_list(facts, FACT_TAGS, db_rows_text(rows, 14), ITEM_MARK);
    set_fields(facts, FACT_CONVERSATION_FIELD, db_rows_text(rows, 15));
}

static void read_customer(DbRows *rows, RuleFacts *facts) {
    const char *address = db_rows_text(rows, 18);
    const char *at = address != NULL ? strrchr(address, '@') : NULL;
    rule_facts_set_text(facts, FACT_LANGUAGE, db_rows_text(rows, 16));
    rule_facts_set_text(facts, FACT_CUSTOMER_NAME, db_rows_text(rows, 17));
    rule_facts_set_text(facts, FACT_CUSTOMER_ADDRESS, address);
    rule_facts_set_text(facts, FACT_CUSTOMER_DOMAIN, at != NULL ? at + 1 : NULL);
    rule_facts_set_text(facts, FACT_CUSTOMER_COMPANY, db_rows_text(rows, 19));
    set_fields(facts, FACT_CUSTOMER_FIELD, db_rows_text(rows, 20));
}

static void read_headers(const char *text, const char *class, RuleFacts *facts) {
    json_t *headers = text != NULL ? json_loads(text, 0, NULL) : NULL;
    rule_facts_set_text(
        facts, FACT_MESSAGE_FROM,
        json_string_value(json_object_get(json_object_get(headers, "from"), "address")));
    rule_facts_set_number(facts, FACT_MESSAGE_IS_LIST,
                          json_object_get(headers, "list_id") != NULL ||
                              strcmp(class, "list") == 0);
    json_decref(headers);
}

static void read_message(DbRows *rows, RuleFacts *facts) {
    facts->message_id = db_rows_id(rows, 21);
    if (facts->message_id == 0)
        return;
    rule_facts_set_text(facts, FACT_MESSAGE_DIRECTION, db_rows_text(rows, 22));
    rule_facts_set_text(facts, FACT_MESSAGE_CLASS, db_rows_text(rows, 23));
    rule_facts_set_number(facts, FACT_MESSAGE_IS_AUTOMATIC, db_rows_int(rows, 24));
    rule_facts_set_text(facts, FACT_MESSAGE_SUBJECT, db_rows_text(rows, 25));
    rule_facts_set_text(facts, FACT_MESSAGE_TEXT, db_rows_text(rows, 26));
    read_headers(db_rows_text(rows, 27), db_rows_text(rows, 23), facts);
    rule_facts_set_number(facts, FACT_MESSAGE_HAS_ATTACHMENT, db_rows_int(rows, 28));
}

void rule_facts_read(DbRows *rows, FactSet needs, const RuleCalendars *calendars, Instant now,
                     RuleFacts *facts) {
    *facts = (RuleFacts){.conversation_id = db_rows_id(rows, 0),
                         .version = db_rows_int(rows, 1),
                         .customer_id = db_rows_id(rows, 2),
                         .now = now};
    read_conversation(rows, facts);
    if ((needs & CUSTOMER_FACTS) != 0)
        read_customer(rows, facts);
    if ((needs & MESSAGE_FACTS) != 0)
        read_message(rows, facts);
    if (calendars == NULL)
        return;
    Id channel_id = db_rows_id(rows, 3);
    facts->calendars = calendars->by_id;
    facts->calendar = g_hash_table_lookup(calendars->of_channel, &channel_id);
}

gboolean rule_facts_load(Db *db, Id conversation_id, Id message_id, FactSet needs,
                         const RuleCalendars *calendars, Instant now, RuleFacts *facts,
                         gboolean *found, GError **error) {
    GError *failure = NULL;
    g_autofree char *sql =
        rule_facts_sql(needs, message_id != 0 ? "$2" : NULL,
                       "WHERE c.id = (SELECT coalesce(merged_into, id) FROM conversation"
                       " WHERE id = $1) AND ($2 IS NULL OR $2 IS NOT NULL)");
    g_autoptr(DbRows) rows =
        db_query(db, sql, DB_VALUES(DB_ID(conversation_id), DB_ID(message_id)), error);
    *found = rows != NULL && db_rows_next(rows, &failure);
    if (*found)
        rule_facts_read(rows, needs, calendars, now, facts);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return rows != NULL && failure == NULL;
}
