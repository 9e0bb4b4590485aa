// SLA policies as metrics.md has them: targets by priority, conditions, a warning share, in
// versions that hold from an instant on; and which of them applies. Read from JSON, which is
// strict. Pure.
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/id.h"

typedef enum { SLA_FIRST_RESPONSE, SLA_NEXT_RESPONSE, SLA_RESOLUTION, SLA_TARGETS } SlaTarget;

const char *sla_target_name(SlaTarget target); // "first_response", "next_response", "resolution"
gboolean sla_target_parse(const char *name, SlaTarget *target);

#define SLA_PRIORITIES 4 // low (-1), normal, high, urgent (2)

typedef struct {
    gint64 ms; // 0: no such target
    gboolean is_business;
} SlaDuration;

typedef struct {
    Id id;
    Id policy_id;
    Instant valid_from;
    Instant valid_to; // INSTANT_NONE: still holds
    gboolean is_active;
    gint64 position;         // of policies that are equally specific the lowest applies
    gint64 warning_permille; // share of a target after which it is at risk
    SlaDuration targets[SLA_TARGETS][SLA_PRIORITIES];
    GArray *channels, *teams, *tags; // of Id; empty: any
} SlaVersion;

SlaVersion *sla_version_new(void) G_GNUC_WARN_UNUSED_RESULT;
void sla_version_free(SlaVersion *version);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlaVersion, sla_version_free)

// {"first_response": {"normal": {"ms": 3600000, "time": "business"}, ...}, ...}. "default" stands
// for the priorities that are not named; what is absent has no target. FALSE with an error
// (invalid) that names the member.
gboolean sla_version_read_targets(SlaVersion *version, const json_t *targets, GError **error);
json_t *sla_version_targets_json(const SlaVersion *version) G_GNUC_WARN_UNUSED_RESULT;

// {"channels": [ids], "teams": [ids], "tags": [ids]} as the store keeps it, ids as integers.
void sla_version_read_conditions(SlaVersion *version, const json_t *conditions);
json_t *sla_version_conditions_json(const SlaVersion *version) G_GNUC_WARN_UNUSED_RESULT;

// How a conversation stands at an instant.
typedef struct {
    Id channel_id;
    Id team_id;
    int priority;
    const GArray *tags; // of Id, sorted; NULL: none
} SlaFacts;

// The most specific of the active versions that hold at the instant and match: the one with the
// most kinds of conditions; of equals the lowest position, then the lowest policy id. NULL: none.
// versions: of SlaVersion; borrowed.
const SlaVersion *sla_version_choose(const GPtrArray *versions, Instant at, const SlaFacts *facts);

SlaDuration sla_version_duration(const SlaVersion *version, SlaTarget target, int priority);
