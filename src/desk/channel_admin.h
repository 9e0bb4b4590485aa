// Administration of channels: drafts from what a person asks for, checked against the kind's
// declared settings, and the writer jobs that keep them, with event and audit row. Used by
// api/channels. Calls no provider: desk/channel_check does.
#pragma once

#include <jansson.h>

#include "model/channel_kind.h"
#include "model/event.h"
#include "store/store.h"

// A new channel of that kind: id, key for its web hook, random secrets where the kind wants them,
// waits counted from now. NULL with an error (invalid) that names what is wrong. settings: object
// of texts, numbers and booleans.
ChannelConfig *channel_admin_draft(const char *kind, const char *name, json_t *settings,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// A copy of config with those settings changed (null takes one away); a changed secret whose kind
// declares NAME_old is kept there, so that both are accepted for a while. NULL with an error.
ChannelConfig *channel_admin_change(const ChannelConfig *config, json_t *settings,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Who does it.
typedef struct {
    Actor actor;
    Id actor_id;
} ChannelActor;

// Writer jobs. config as drafted or changed; is_new says which.
gboolean channel_admin_keep(Db *db, const SecretKey *key, const ChannelConfig *config,
                            gboolean is_new, ChannelActor who, GError **error);
gboolean channel_admin_remove(Db *db, Id id, ChannelActor who, GError **error);

// What a part of the desk found out about a channel; records an event when it is new. Writer jobs.
gboolean channel_admin_note_state(Db *db, Id id, ChannelState state, const char *reason,
                                  GError **error);
