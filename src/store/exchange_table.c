#include "store/exchange_table.h"

#include <string.h>

static const char secret[] = "a secret";
static const char made_again[] = "made again from what is here";
static const char short_lived[] = "of no use elsewhere";

const ExchangeTable exchange_tables[] = {
    {"setting", "name value", "name", "", "name NOT LIKE 'search%'", "the search is made again"},
    {"blob", "sha256 size:int bytes:blob", "sha256", "encoding", NULL, "chosen again"},

    {"role", "id name permissions created_at version:int", "id", "", NULL, NULL},
    {"calendar", "id name created_at", "id", "", NULL, NULL},
    {"calendar_version", "id calendar_id valid_from:instant zone hours", "id", "", NULL, NULL},
    {"team",
     "id name created_at is_private:int assignment_mode assignment_last:id "
     "reassign_after_minutes:int",
     "id", "", NULL, NULL},
    {"agent",
     "id email name role signature created_at disabled_at availability availability_since:instant "
     "availability_until:instant availability_reason calendar_id capacity:int language",
     "id", "password_hash password_set_at", NULL, secret},
    {"agent_team", "agent_id team_id", "agent_id, team_id", "", NULL, NULL},
    {"token", NULL, NULL, "", NULL, secret},
    {"session", NULL, NULL, "", NULL, short_lived},
    {"ticket", NULL, NULL, "", NULL, short_lived},
    {"system_mail", NULL, NULL, "", NULL, short_lived},
    {"totp", NULL, NULL, "", NULL, secret},
    {"recovery_code", NULL, NULL, "", NULL, secret},
    {"oidc_provider",
     "id name issuer client_id:text domains new_role created_at removed_at version:int", "id",
     "client_secret", NULL, secret},
    {"oidc_identity", "id issuer subject agent_id created_at last_used_at", "id", "", NULL, NULL},
    {"channel",
     "id kind name address key settings calendar_id team_id waits_from:instant created_at "
     "removed_at version:int is_restricted:int",
     "id", "secrets state state_reason", NULL,
     "secrets; and a channel without them begins paused, lest two servers fetch and send at once"},
    {"channel_agent", "channel_id agent_id", "channel_id, agent_id", "", NULL, NULL},
    {"channel_team", "channel_id team_id", "channel_id, team_id", "", NULL, NULL},
    {"hidden_channel", "agent_id channel_id", "agent_id, channel_id", "", NULL, NULL},
    {"hidden_team", "agent_id team_id", "agent_id, team_id", "", NULL, NULL},
    {"mailbox",
     "channel_id folder uid_validity:int last_uid:int cursor server_count:int counts looked_at",
     "channel_id, folder", "", NULL, NULL},

    {"company", "id name created_at version:int", "id", "", NULL, NULL},
    {"company_domain", "domain company_id", "domain", "", NULL, NULL},
    {"customer",
     "id name language merged_into:id root_id created_at company_id preferred_channel_id "
     "version:int is_held:int erased_at",
     "id", "is_indexed", NULL, made_again},
    {"customer_word", NULL, NULL, "", NULL, made_again},
    {"customer_field", "customer_id field_id value", "customer_id, field_id", "", NULL, NULL},
    {"customer_note", "id customer_id agent_id text created_at changed_at version:int", "id", "",
     NULL, NULL},
    {"customer_consent", "id customer_id purpose state occurred_at source agent_id recorded_at",
     "id", "", NULL, NULL},
    {"identity", "id customer_id kind scope address name blocked_at block_version:int created_at",
     "id", "", NULL, NULL},
    {"tag", "id name color", "id", "", NULL, NULL},
    {"conversation",
     "id channel_id customer_id identity_id thread_key subject base_subject status "
     "snoozed_until:instant assignee_id:id team_id priority:int related_to:id merged_into:id "
     "is_split:int is_held:int erased_at created_at version:int last_message_at message_count:int "
     "preview "
     "number:int last_inbound_id",
     "id", "waiting_since sla_due_at sla_warn_at sla_target", NULL, made_again},
    {"foreign_conversation", "source source_id:text conversation_id channel_id is_settled:int",
     "source, source_id", "", NULL, NULL},
    {"conversation_channel", "conversation_id channel_id", "conversation_id, channel_id", "", NULL,
     NULL},
    {"conversation_read", "agent_id conversation_id read_id mentioned_id:int",
     "agent_id, conversation_id", "", NULL, NULL},
    {"view",
     "id scope owner_id:int team_id name query sort columns icon position:int created_at "
     "version:int",
     "id", "", NULL, NULL},
    {"bulk_job", NULL, NULL, "", NULL, short_lived},
    {"bulk_item", NULL, NULL, "", NULL, short_lived},
    {"conversation_tag", "conversation_id tag_id", "conversation_id, tag_id", "", NULL, NULL},
    {"message",
     "id conversation_id channel_id identity_id agent_id direction author class is_automatic:int "
     "client_key message_key content_sha256:text group_key subject text new_text html_sha256 "
     "quoted_message_id headers raw_sha256 state state_reason occurred_at received_at recorded_at "
     "edited_version:int removed_at erased_at",
     "id", "", NULL, NULL},
    {"erasure",
     "id customer_id message_id state message_count:int requested_by:id requested_at finished_at",
     "id", "", NULL, NULL},
    {"retention_rule",
     "id name what days:int channel_id channel_kind version:int created_at run_count:int "
     "last_run_at",
     "id", "is_active is_running cursor_at cursor_id", NULL,
     "it begins stopped, lest it takes what was just brought"},
    {"blob_doomed", NULL, NULL, "", NULL, short_lived},
    {"scrub", NULL, NULL, "", NULL, short_lived},
    {"call_log", "message_id kind outcome duration_ms:int event_id version:int", "message_id", "",
     NULL, NULL},
    {"call_log_version",
     "message_id version:int direction outcome started_at duration_ms:int subject text "
     "changed_by:id changed_at",
     "message_id, version", "", NULL, NULL},
    {"delivery", "message_id channel_id", "message_id, channel_id", "", NULL, NULL},
    {"attachment",
     "id message_id position:int name type size:int content_id:text is_inline:int sha256 reference "
     "state attempts:int next_at",
     "id", "", NULL, NULL},
    {"reaction", "message_id identity_id emoji version:int", "message_id, identity_id", "", NULL,
     NULL},
    {"thread_reference", "reference message_id position:int", "reference, message_id", "", NULL,
     NULL},
    {"thread_mail", "message_id sender parties base_subject is_ours:int", "message_id", "", NULL,
     NULL},
    {"thread_alias", "channel_id thread_key moved_to", "channel_id, thread_key", "", NULL, NULL},
    {"message_alias", "channel_id message_key message_id", "channel_id, message_key", "", NULL,
     NULL},
    {"intake",
     "id channel_id source delivery_key folder uid_validity:int uid:int state reason raw:base64 "
     "raw_sha256 envelope message_id occurred_at received_at decoded_at",
     "id", "", NULL, NULL},
    {"pending_happening", "channel_id message_key event_key incoming received_at",
     "channel_id, message_key, event_key", "", NULL, NULL},
    {"happening", "channel_id event_key received_at", "channel_id, event_key", "", NULL, NULL},
    {"outbox",
     "id message_id conversation_id channel_id part:int recipient state not_before:instant "
     "attempts:int lease_until:instant epoch:int began_at provider_id:text response created_at "
     "settled_at",
     "id", "", NULL, NULL},
    {"event",
     "seq:int id conversation_id channel_id type actor actor_id message_id occurred_at recorded_at "
     "data",
     "seq", "", NULL, NULL},
    {"field",
     "id object key label kind choices is_required:int position:int version:int created_at "
     "removed_at",
     "id", "", NULL, NULL},
    {"conversation_field", "conversation_id field_id value", "conversation_id, field_id", "", NULL,
     NULL},
    {"conversation_link", "id conversation_id other_id title url agent_id created_at", "id", "",
     NULL, NULL},
    {"participant", "conversation_id address name is_removed:int agent_id decided_at",
     "conversation_id, address", "", NULL, NULL},
    {"follower", "conversation_id agent_id is_following:int", "conversation_id, agent_id", "", NULL,
     NULL},
    {"draft",
     "id conversation_id owner_id agent_id mode content rev:int updated_at told_at message_id",
     "id", "", NULL, NULL},
    {"upload", "id agent_id conversation_id name type size:int sha256 used_at", "id", "", NULL,
     NULL},
    {"scheduled", "message_id send_at cancel_on_reply:int", "message_id", "", NULL, NULL},
    {"mention", "message_id agent_id team_id", "message_id, agent_id, team_id", "", NULL, NULL},
    {"note_version", "message_id number:int text agent_id replaced_at", "message_id, number", "",
     NULL, NULL},
    {"notice", "id agent_id kind conversation_id message_id actor actor_id created_at read_at",
     "id", "", NULL, NULL},
    {"canned_folder", "id name position:int created_at", "id", "", NULL, NULL},
    {"canned",
     "id agent_id team_id folder_id shortcut name position:int use_count:int used_at created_at "
     "version:int",
     "id", "", NULL, NULL},
    {"canned_text", "canned_id position:int language subject text html", "canned_id, position", "",
     NULL, NULL},
    {"canned_word", "word canned_id", "word, canned_id", "", NULL, NULL},
    {"macro",
     "id agent_id team_id name position:int actions use_count:int used_at created_at version:int",
     "id", "", NULL, NULL},
    {"rule",
     "id name position:int is_active:int trigger_on conditions actions stops:int "
     "active_since:instant created_at version:int",
     "id", "", NULL, NULL},
    {"rule_run",
     "id rule_id rule_version:int conversation_id customer_id event_id outcome detail recorded_at",
     "id", "", NULL, NULL},
    {"rule_mark", "rule_id conversation_id episode:instant conversation_version:int is_settled:int",
     "rule_id, conversation_id", "", NULL, NULL},
    {"audit", "id actor actor_id action object object_id recorded_at data", "id", "", NULL, NULL},

    {"webhook",
     "id name url event_types channel_ids team_ids include event_seq:int created_at removed_at "
     "version:int",
     "id", "secrets former_until state state_reason failing_since", NULL,
     "secrets; it begins paused, lest two servers send at once"},
    {"webhook_delivery", NULL, NULL, "", NULL, short_lived},

    {"sla_policy", "id name version:int created_at removed_at", "id", "", NULL, NULL},
    {"sla_policy_version",
     "id policy_id valid_from:instant valid_to:instant is_active:int position:int "
     "warning_permille:int targets conditions",
     "id", "", NULL, NULL},
    {"sla_due", NULL, NULL, "", NULL, made_again},
    {"sla_pending", NULL, NULL, "", NULL, made_again},

    {"episode", NULL, NULL, "", NULL, made_again},
    {"wait", NULL, NULL, "", NULL, made_again},
    {"wait_channel", NULL, NULL, "", NULL, made_again},
    {"wait_lane", NULL, NULL, "", NULL, made_again},
    {"wait_link", NULL, NULL, "", NULL, made_again},
    {"idempotency", NULL, NULL, "", NULL, short_lived},
    {"migration", NULL, NULL, "", NULL, "the first line names the schema"},
    {"search", NULL, NULL, "", NULL, made_again},
    {"search_entry", NULL, NULL, "", NULL, made_again},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

// What a name says of its kind: the first ending that fits.
static const struct {
    const char *ending;
    ExchangeKind kind;
} endings[] = {
    {"_id", EXCHANGE_ID},
    {"_at", EXCHANGE_INSTANT},
    {"sha256", EXCHANGE_HEX},
};

static const char *const kind_names[] = {
    [EXCHANGE_TEXT] = "text",       [EXCHANGE_INT] = "int", [EXCHANGE_ID] = "id",
    [EXCHANGE_INSTANT] = "instant", [EXCHANGE_HEX] = "hex", [EXCHANGE_BASE64] = "base64",
    [EXCHANGE_BLOB] = "blob",
};

static ExchangeKind kind_of_name(const char *name) {
    if (strcmp(name, "id") == 0)
        return EXCHANGE_ID;
    for (gsize at = 0; at < G_N_ELEMENTS(endings); at++)
        if (g_str_has_suffix(name, endings[at].ending))
            return endings[at].kind;
    return EXCHANGE_TEXT;
}

static ExchangeKind kind_parse(const char *name) {
    for (gsize at = 0; at < G_N_ELEMENTS(kind_names); at++)
        if (strcmp(kind_names[at], name) == 0)
            return (ExchangeKind)at;
    g_error("exchange_tables names a kind %s that there is not", name);
}

GArray *exchange_columns(const ExchangeTable *table) {
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(ExchangeColumn));
    g_auto(GStrv) words = g_strsplit(table->columns, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        char *colon = strchr(*word, ':');
        if (colon != NULL)
            *colon = '\0';
        ExchangeColumn column = {g_intern_string(*word),
                                 colon != NULL ? kind_parse(colon + 1) : kind_of_name(*word)};
        g_array_append_val(columns, column);
    }
    return columns;
}
