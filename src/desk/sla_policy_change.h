// What supervisors do to SLA policies, as writer jobs: rows, event and audit row. A change adds a
// version; due times of what goes on follow by the event (desk/sla_projection.h).
#pragma once

#include "model/event.h"
#include "store/sla_policy.h"

// What is to change; NULL members and what is not set stay.
typedef struct {
    const char *name;
    const SlaVersion *values; // those that are set below
    gboolean sets_targets, sets_conditions, sets_position, sets_active, sets_warning;
    const char *const *tags; // names, with sets_conditions; ends with NULL; made when new
} SlaPolicyChange;

// Of a new one, name and targets are set. Errors: conflict, invalid.
gboolean sla_policy_change_add(Db *db, Id id, const SlaPolicyChange *change, Actor actor,
                               Id actor_id, GError **error);

// Errors: not_found, conflict, invalid.
gboolean sla_policy_change(Db *db, Id id, const SlaPolicyChange *change, Actor actor, Id actor_id,
                           GError **error);
gboolean sla_policy_change_remove(Db *db, Id id, Actor actor, Id actor_id, GError **error);
