// What a rule's conditions are asked about: the facts of one conversation, its customer and one of
// its messages, as plain values. Filled by desk/rule_facts, read by model/rule_conditions. Texts
// are kept folded (model/fold.h). Pure.
#pragma once

#include "base/clock.h"
#include "base/id.h"
#include "model/calendar.h"

typedef enum {
    FACT_STATUS,
    FACT_CHANNEL,
    FACT_CHANNEL_KIND,
    FACT_TEAM,
    FACT_ASSIGNEE,
    FACT_PRIORITY,
    FACT_TAGS,
    FACT_SUBJECT,
    FACT_MESSAGE_COUNT,
    FACT_LANGUAGE,
    FACT_AGE_MINUTES,
    FACT_IDLE_MINUTES,
    FACT_WAITING_MINUTES,
    FACT_CUSTOMER_NAME,
    FACT_CUSTOMER_ADDRESS,
    FACT_CUSTOMER_DOMAIN,
    FACT_CUSTOMER_COMPANY,
    FACT_MESSAGE_TEXT,
    FACT_MESSAGE_SUBJECT,
    FACT_MESSAGE_FROM,
    FACT_MESSAGE_DIRECTION,
    FACT_MESSAGE_CLASS,
    FACT_MESSAGE_IS_AUTOMATIC,
    FACT_MESSAGE_IS_LIST,
    FACT_MESSAGE_HAS_ATTACHMENT,
    FACT_IS_OPEN,            // of a calendar; asked, not stored
    FACT_CONVERSATION_FIELD, // by key, in fields
    FACT_CUSTOMER_FIELD,
    FACTS,
} FactName;

typedef enum {
    FACT_TYPE_WORD, // one of a fixed list: its value may be logged
    FACT_TYPE_TEXT, // never logged
    FACT_TYPE_ID,
    FACT_TYPE_NUMBER,
    FACT_TYPE_FLAG,
    FACT_TYPE_SET, // of texts
} FactType;

// "conversation.status"; a field's name is its prefix, "conversation.field.".
const char *fact_name(FactName fact);
FactType fact_type(FactName fact);

// key points into name behind the prefix where it is a field, else it is NULL.
gboolean fact_parse(const char *name, FactName *fact, const char **key);

typedef guint64 FactSet; // of bits
#define FACT_BIT(fact) (G_GUINT64_CONSTANT(1) << (fact))

typedef struct {
    gboolean is_known; // FALSE: the conversation has no such thing
    gint64 number;     // number, id, flag
    char *text;        // folded; word, text
    char **list;       // folded; set
} Fact;

typedef struct {
    Id conversation_id;
    gint64 version; // of the conversation's row, to tell that it has changed since
    Id customer_id; // the customer that stands for it now
    Id message_id;  // the message that is meant; 0: none
    Instant now;
    Fact facts[FACTS];
    GHashTable *fields;       // "conversation.field.x" -> Fact; NULL: none
    const Calendar *calendar; // the channel's; borrowed, NULL: none
    GHashTable *calendars;    // Id -> Calendar, for conditions that name one; borrowed
} RuleFacts;

void rule_facts_clear(RuleFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RuleFacts, rule_facts_clear)

// Sets one; NULL, or 0 as an id, makes it unknown.
void rule_facts_set_text(RuleFacts *facts, FactName fact, const char *text);
void rule_facts_set_id(RuleFacts *facts, FactName fact, Id id);
void rule_facts_set_number(RuleFacts *facts, FactName fact, gint64 number);
// Minutes from then to now; INSTANT_NONE makes it unknown.
void rule_facts_set_since(RuleFacts *facts, FactName fact, Instant then);
void rule_facts_set_field(RuleFacts *facts, FactName prefix, const char *key, const char *text);

// Tags, as texts ended by separator; NULL: none.
void rule_facts_set_list(RuleFacts *facts, FactName fact, const char *texts, const char *separator);
gboolean rule_facts_has(const RuleFacts *facts, FactName fact, const char *text);
void rule_facts_add(RuleFacts *facts, FactName fact, const char *text);
void rule_facts_remove(RuleFacts *facts, FactName fact, const char *text);
