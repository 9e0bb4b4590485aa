// The tables of all verbs, in the order of the help. A new verb: its file, its table, one line
// here and in verbs.h.
#include "control/verbs.h"

// clang-format off
const ControlVerb *const control_verbs[] = {
    control_init_verbs,
    control_check_config_verbs,
    control_agent_verbs,
    control_role_verbs,
    control_team_verbs,
    control_token_verbs,
    control_agent_access_verbs,
    control_session_verbs,
    control_setup_verbs,
    control_audit_verbs,
    control_oidc_verbs,
    control_conversation_verbs,
    control_conversation_link_verbs,
    control_tag_verbs,
    control_view_verbs,         //
    control_conversation_place_verbs,
    control_event_verbs,
    control_wait_verbs,
    control_bulk_verbs,         //
    control_field_verbs,
    control_macro_verbs,
    control_rule_verbs,
    control_message_verbs,
    control_customer_verbs,
    control_customer_record_verbs,
    control_customer_erase_verbs,
    control_retention_verbs,
    control_company_verbs,
    control_call_log_verbs,
    control_search_verbs,
    control_intake_verbs,
    control_canned_verbs,
    control_channel_verbs,
    control_channel_access_verbs,
    control_demo_verbs,
    control_export_verbs,
    control_reply_verbs,
    control_calendar_verbs,
    control_sla_verbs,
    control_webhook_verbs,
    control_report_verbs,
    control_import_verbs,
    control_deliver_verbs,
    control_backup_verbs,
    control_version_verbs,
    NULL,
};
// clang-format on
