#include "model/call_outcome.h"

#include <string.h>

const CallOutcome call_outcomes[] = {
    {"answered", "phone", CALL_COUNTS_REPLY, CALL_COUNTS_ANSWERED},
    {"voicemail", "phone", CALL_COUNTS_REPLY, CALL_COUNTS_MISSED},
    {"no_answer", "phone", CALL_COUNTS_NOTHING, CALL_COUNTS_MISSED},
    {"busy", "phone", CALL_COUNTS_NOTHING, CALL_COUNTS_MISSED},
    {"failed", "phone", CALL_COUNTS_NOTHING, CALL_COUNTS_NOTHING},
    {"held", "meeting", CALL_COUNTS_REPLY, CALL_COUNTS_ANSWERED},
    {"no_show", "meeting", CALL_COUNTS_NOTHING, CALL_COUNTS_NOTHING},
    {"cancelled", "meeting", CALL_COUNTS_NOTHING, CALL_COUNTS_NOTHING},
    {NULL, NULL, CALL_COUNTS_NOTHING, CALL_COUNTS_NOTHING},
};

const CallOutcome *call_outcome_find(const char *kind, const char *name) {
    for (const CallOutcome *outcome = call_outcomes; outcome->name != NULL; outcome++)
        if (strcmp(outcome->kind, kind) == 0 && strcmp(outcome->name, name) == 0)
            return outcome;
    return NULL;
}

CallCount call_outcome_count(const CallOutcome *outcome, gboolean is_inbound) {
    return is_inbound ? outcome->inbound : outcome->outbound;
}
