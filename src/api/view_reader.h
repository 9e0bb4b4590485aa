// Which views the caller may use. Used by views.c, lists and bulk changes.
#pragma once

#include "api/call.h"
#include "store/view.h"

static inline ViewReader view_reader_of(const ApiCall *call) {
    const Principal *principal = api_call_principal(call);
    return (ViewReader){.agent_id = principal->agent_id,
                        .may_share = principal_may(principal, PERMISSION_WORKSPACE_SHARE)};
}
