#include "model/rule_facts.h"

#include <string.h>

#include "model/fold.h"

#define MINUTE_MS 60000

typedef struct {
    const char *name;
    FactType type;
} FactRow;

static const FactRow rows[FACTS] = {
    [FACT_STATUS] = {"conversation.status", FACT_TYPE_WORD},
    [FACT_CHANNEL] = {"conversation.channel_id", FACT_TYPE_ID},
    [FACT_CHANNEL_KIND] = {"conversation.channel_kind", FACT_TYPE_WORD},
    [FACT_TEAM] = {"conversation.team_id", FACT_TYPE_ID},
    [FACT_ASSIGNEE] = {"conversation.assignee_id", FACT_TYPE_ID},
    [FACT_PRIORITY] = {"conversation.priority", FACT_TYPE_NUMBER},
    [FACT_TAGS] = {"conversation.tags", FACT_TYPE_SET},
    [FACT_SUBJECT] = {"conversation.subject", FACT_TYPE_TEXT},
    [FACT_MESSAGE_COUNT] = {"conversation.message_count", FACT_TYPE_NUMBER},
    [FACT_LANGUAGE] = {"conversation.language", FACT_TYPE_WORD},
    [FACT_AGE_MINUTES] = {"conversation.age_minutes", FACT_TYPE_NUMBER},
    [FACT_IDLE_MINUTES] = {"conversation.idle_minutes", FACT_TYPE_NUMBER},
    [FACT_WAITING_MINUTES] = {"conversation.waiting_minutes", FACT_TYPE_NUMBER},
    [FACT_CUSTOMER_NAME] = {"customer.name", FACT_TYPE_TEXT},
    [FACT_CUSTOMER_ADDRESS] = {"customer.address", FACT_TYPE_TEXT},
    [FACT_CUSTOMER_DOMAIN] = {"customer.domain", FACT_TYPE_TEXT},
    [FACT_CUSTOMER_COMPANY] = {"customer.company", FACT_TYPE_TEXT},
    [FACT_MESSAGE_TEXT] = {"message.text", FACT_TYPE_TEXT},
    [FACT_MESSAGE_SUBJECT] = {"message.subject", FACT_TYPE_TEXT},
    [FACT_MESSAGE_FROM] = {"message.from", FACT_TYPE_TEXT},
    [FACT_MESSAGE_DIRECTION] = {"message.direction", FACT_TYPE_WORD},
    [FACT_MESSAGE_CLASS] = {"message.class", FACT_TYPE_WORD},
    [FACT_MESSAGE_IS_AUTOMATIC] = {"message.is_automatic", FACT_TYPE_FLAG},
    [FACT_MESSAGE_IS_LIST] = {"message.is_list", FACT_TYPE_FLAG},
    [FACT_MESSAGE_HAS_ATTACHMENT] = {"message.has_attachment", FACT_TYPE_FLAG},
    [FACT_IS_OPEN] = {"business_hours.is_open", FACT_TYPE_FLAG},
    [FACT_CONVERSATION_FIELD] = {"conversation.field.", FACT_TYPE_TEXT},
    [FACT_CUSTOMER_FIELD] = {"customer.field.", FACT_TYPE_TEXT},
};

const char *fact_name(FactName fact) {
    return rows[fact].name;
}

FactType fact_type(FactName fact) {
    return rows[fact].type;
}

gboolean fact_parse(const char *name, FactName *fact, const char **key) {
    for (int at = 0; at < FACTS; at++) {
        gsize length = strlen(rows[at].name);
        gboolean is_field = rows[at].name[length - 1] == '.';
        if (is_field ? !g_str_has_prefix(name, rows[at].name) || name[length] == '\0'
                     : strcmp(name, rows[at].name) != 0)
            continue;
        *fact = (FactName)at;
        *key = is_field ? name + length : NULL;
        return TRUE;
    }
    return FALSE;
}

static void fact_clear(Fact *fact) {
    g_clear_pointer(&fact->text, g_free);
    g_clear_pointer(&fact->list, g_strfreev);
    fact->is_known = FALSE;
}

static void fact_free(gpointer data) {
    fact_clear(data);
    g_free(data);
}

void rule_facts_clear(RuleFacts *facts) {
    for (int at = 0; at < FACTS; at++)
        fact_clear(&facts->facts[at]);
    g_clear_pointer(&facts->fields, g_hash_table_unref);
}

void rule_facts_set_text(RuleFacts *facts, FactName fact, const char *text) {
    Fact *one = &facts->facts[fact];
    fact_clear(one);
    one->is_known = text != NULL;
    one->text = text != NULL ? fold_text(text) : NULL;
}

void rule_facts_set_id(RuleFacts *facts, FactName fact, Id id) {
    facts->facts[fact].is_known = id != 0;
    facts->facts[fact].number = id;
}

void rule_facts_set_number(RuleFacts *facts, FactName fact, gint64 number) {
    facts->facts[fact].is_known = TRUE;
    facts->facts[fact].number = number;
}

void rule_facts_set_since(RuleFacts *facts, FactName fact, Instant then) {
    facts->facts[fact].is_known = then != INSTANT_NONE;
    if (then != INSTANT_NONE)
        facts->facts[fact].number = (facts->now - then) / MINUTE_MS;
}

void rule_facts_set_field(RuleFacts *facts, FactName prefix, const char *key, const char *text) {
    Fact *one = g_new0(Fact, 1);
    if (facts->fields == NULL)
        facts->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fact_free);
    one->is_known = text != NULL;
    one->text = text != NULL ? fold_text(text) : NULL;
    g_hash_table_replace(facts->fields, g_strconcat(rows[prefix].name, key, NULL), one);
}

void rule_facts_set_list(RuleFacts *facts, FactName fact, const char *texts,
                         const char *separator) {
    Fact *one = &facts->facts[fact];
    fact_clear(one);
    if (texts == NULL || *texts == '\0')
        return;
    g_autofree char *folded = fold_text(texts);
    one->list = g_strsplit(folded, separator, -1);
    one->is_known = TRUE;
}

gboolean rule_facts_has(const RuleFacts *facts, FactName fact, const char *text) {
    const char *const *list = (const char *const *)facts->facts[fact].list;
    g_autofree char *folded = fold_text(text);
    return list != NULL && g_strv_contains(list, folded);
}

// The list anew, without text and with it at the end where it is added.
static void replace_list(RuleFacts *facts, FactName fact, const char *text, gboolean is_added) {
    Fact *one = &facts->facts[fact];
    GPtrArray *list = g_ptr_array_new();
    g_autofree char *folded = fold_text(text);
    for (char **item = one->list; item != NULL && *item != NULL; item++)
        if (strcmp(*item, folded) != 0)
            g_ptr_array_add(list, g_strdup(*item));
    if (is_added)
        g_ptr_array_add(list, g_strdup(folded));
    fact_clear(one);
    one->is_known = list->len > 0;
    g_ptr_array_add(list, NULL);
    one->list = (char **)g_ptr_array_free(list, FALSE);
}

void rule_facts_add(RuleFacts *facts, FactName fact, const char *text) {
    replace_list(facts, fact, text, TRUE);
}

void rule_facts_remove(RuleFacts *facts, FactName fact, const char *text) {
    replace_list(facts, fact, text, FALSE);
}
