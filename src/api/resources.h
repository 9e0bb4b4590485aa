// The route tables of the resources, one a file. Used by routes.c alone.
#pragma once

#include "api/router.h"

extern const ApiRoute api_agent_routes[];               // agents.c
extern const ApiRoute api_availability_routes[];        // availability.c
extern const ApiRoute api_calendar_routes[];            // calendars.c
extern const ApiRoute api_canned_routes[];              // canned_replies.c
extern const ApiRoute api_canned_folder_routes[];       // canned_folders.c
extern const ApiRoute api_channel_routes[];             // channels.c
extern const ApiRoute api_conversation_routes[];        // conversations.c
extern const ApiRoute api_conversation_list_routes[];   // conversation_list.c
extern const ApiRoute api_conversation_action_routes[]; // conversation_actions.c
extern const ApiRoute api_custom_field_routes[];        // custom_fields.c
extern const ApiRoute api_customer_routes[];            // customers.c
extern const ApiRoute api_customer_action_routes[];     // customer_actions.c
extern const ApiRoute api_customer_identity_routes[];   // customer_identities.c
extern const ApiRoute api_customer_note_routes[];       // customer_notes.c
extern const ApiRoute api_customer_consent_routes[];    // customer_consents.c
extern const ApiRoute api_company_routes[];             // companies.c
extern const ApiRoute api_erasure_routes[];             // erasures.c
extern const ApiRoute api_personal_data_routes[];       // personal_data.c
extern const ApiRoute api_hold_routes[];                // holds.c
extern const ApiRoute api_retention_routes[];           // retention.c
extern const ApiRoute api_customer_duplicate_routes[];  // customer_duplicates.c
extern const ApiRoute api_call_routes[];                // calls.c
extern const ApiRoute api_demo_routes[];                // demo.c
extern const ApiRoute api_draft_routes[];               // drafts.c
extern const ApiRoute api_export_routes[];              // export.c
extern const ApiRoute api_foreign_routes[];             // foreign.c
extern const ApiRoute api_exchange_routes[];            // exchange.c
extern const ApiRoute api_event_routes[];               // events.c
extern const ApiRoute api_intake_routes[];              // intake.c
extern const ApiRoute api_role_routes[];                // roles.c
extern const ApiRoute api_channel_access_routes[];      // channel_access.c
extern const ApiRoute api_rule_routes[];                // rules.c
extern const ApiRoute api_rule_run_routes[];            // rule_runs.c
extern const ApiRoute api_search_routes[];              // search.c
extern const ApiRoute api_macro_routes[];               // macros.c
extern const ApiRoute api_macro_run_routes[];           // macro_run.c
extern const ApiRoute api_mail_routes[];                // mails.c
extern const ApiRoute api_maintenance_routes[];         // maintenance.c
extern const ApiRoute api_message_routes[];             // messages.c
extern const ApiRoute api_note_routes[];                // notes.c
extern const ApiRoute api_notice_routes[];              // notices.c
extern const ApiRoute api_link_routes[];                // links.c
extern const ApiRoute api_participant_routes[];         // participants.c
extern const ApiRoute api_tag_routes[];                 // tags.c
extern const ApiRoute api_presence_routes[];            // presence.c
extern const ApiRoute api_report_routes[];              // reports.c
extern const ApiRoute api_board_routes[];               // board.c
extern const ApiRoute api_reply_routes[];               // replies.c
extern const ApiRoute api_sending_routes[];             // sending.c
extern const ApiRoute api_sla_policy_routes[];          // sla_policies.c
extern const ApiRoute api_team_assignment_routes[];     // team_assignment.c
extern const ApiRoute api_upload_routes[];              // uploads.c
extern const ApiRoute api_team_routes[];                // teams.c
extern const ApiRoute api_token_routes[];               // tokens.c
extern const ApiRoute api_bulk_routes[];                // bulk.c
extern const ApiRoute api_conversation_ops_routes[];    // conversation_ops.c
extern const ApiRoute api_reading_routes[];             // reading.c
extern const ApiRoute api_view_order_routes[];          // view_order.c
extern const ApiRoute api_view_routes[];                // views.c
extern const ApiRoute api_web_routes[];                 // web.c: the page
extern const ApiRoute api_wait_routes[];                // waits.c
extern const ApiRoute api_webhook_routes[];             // webhooks.c: web hooks out
extern const ApiRoute api_webhook_delivery_routes[];    // webhook_deliveries.c
extern const ApiRoute api_hook_routes[];                // hooks.c: web hooks of providers
extern const ApiRoute api_status_routes[];              // status.c: index, health, metrics, version
extern const ApiRoute api_password_routes[];            // password.c
extern const ApiRoute api_second_factor_routes[];       // second_factor.c
extern const ApiRoute api_session_routes[];             // session.c
extern const ApiRoute api_session_confirm_routes[];     // confirmation.c
extern const ApiRoute api_sessions_routes[];            // sessions.c
extern const ApiRoute api_invitation_routes[];          // invitations.c
extern const ApiRoute api_password_link_routes[];       // password_links.c
extern const ApiRoute api_audit_routes[];               // audit.c
extern const ApiRoute api_oidc_begin_routes[];          // oidc_begin.c
extern const ApiRoute api_oidc_callback_routes[];       // oidc_callback.c
extern const ApiRoute api_oidc_provider_routes[];       // oidc_providers.c
extern const ApiRoute api_setup_routes[];               // setup.c
extern const ApiRoute api_system_mail_routes[];         // system_mail.c
