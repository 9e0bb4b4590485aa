// The verbs' tables, one a file. Used by verbs.c alone.
#pragma once

#include "control/verb.h"

extern const ControlVerb control_agent_verbs[];
extern const ControlVerb control_calendar_verbs[];
extern const ControlVerb control_canned_verbs[];
extern const ControlVerb control_channel_access_verbs[];
extern const ControlVerb control_channel_verbs[];
extern const ControlVerb control_deliver_verbs[];
extern const ControlVerb control_demo_verbs[];
extern const ControlVerb control_export_verbs[];
extern const ControlVerb control_field_verbs[];
extern const ControlVerb control_import_verbs[];
extern const ControlVerb control_init_verbs[];
extern const ControlVerb control_macro_verbs[];
extern const ControlVerb control_message_verbs[];
extern const ControlVerb control_reply_verbs[];
extern const ControlVerb control_report_verbs[];
extern const ControlVerb control_role_verbs[];
extern const ControlVerb control_bulk_verbs[];
extern const ControlVerb control_view_verbs[];
extern const ControlVerb control_sla_verbs[];
extern const ControlVerb control_rule_verbs[];
extern const ControlVerb control_team_verbs[];
extern const ControlVerb control_agent_access_verbs[];
extern const ControlVerb control_session_verbs[];
extern const ControlVerb control_setup_verbs[];
extern const ControlVerb control_audit_verbs[];
extern const ControlVerb control_oidc_verbs[];
extern const ControlVerb control_token_verbs[];
extern const ControlVerb control_version_verbs[];
extern const ControlVerb control_check_config_verbs[];
extern const ControlVerb control_conversation_verbs[];
extern const ControlVerb control_conversation_place_verbs[];
extern const ControlVerb control_event_verbs[];
extern const ControlVerb control_wait_verbs[];
extern const ControlVerb control_call_log_verbs[];
extern const ControlVerb control_company_verbs[];
extern const ControlVerb control_customer_record_verbs[];
extern const ControlVerb control_customer_erase_verbs[];
extern const ControlVerb control_retention_verbs[];
extern const ControlVerb control_conversation_link_verbs[];
extern const ControlVerb control_customer_verbs[];
extern const ControlVerb control_tag_verbs[];
extern const ControlVerb control_intake_verbs[];
extern const ControlVerb control_search_verbs[];
extern const ControlVerb control_backup_verbs[];
extern const ControlVerb control_webhook_verbs[];
