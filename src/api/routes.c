// The tables of all resources. A new resource: its table, one line here.
#include "api/resources.h"

// clang-format off
const ApiRoute *const api_routes[] = {
    api_agent_routes,
    api_calendar_routes,
    api_channel_access_routes,
    api_channel_routes,
    api_conversation_action_routes,
    api_conversation_list_routes,
    api_conversation_routes,
    api_custom_field_routes,
    api_customer_action_routes,
    api_customer_routes,
    api_demo_routes,
    api_event_routes,
    api_exchange_routes,
    api_export_routes,
    api_hook_routes,
    api_intake_routes,
    api_mail_routes,
    api_maintenance_routes,
    api_message_routes,
    api_reply_routes,
    api_report_routes,
    api_role_routes,
    api_search_routes,
    api_sending_routes,
    api_status_routes,
    api_team_routes,
    api_token_routes,
    api_wait_routes,
    api_webhook_delivery_routes,
    api_webhook_routes,
    NULL,
};
// clang-format on
