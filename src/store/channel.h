// Rows of channels: connected addresses with their settings and sealed secrets. Used by
// desk/channel_directory (which keeps the opened snapshots that everybody else reads) and by the
// administration of channels. Records no events and checks no settings: desk/channels does.
#pragma once

#include "base/secret.h"
#include "model/channel_kind.h"
#include "store/db.h"

// Adds the channel as it stands in config: id, kind, name, address, key, values (those that the
// kind declares as secrets are sealed). Writer only. conflict when the name is taken.
gboolean channel_add(Db *db, const SecretKey *key, const ChannelKind *kind,
                     const ChannelConfig *config, GError **error);

// Writes name, address, team, calendar and values of config over the row, if its version is still
// config->version (else precondition), and raises the version. A channel that needed a new sign-in
// or was failing is active again. Writer only.
gboolean channel_change(Db *db, const SecretKey *key, const ChannelKind *kind,
                        const ChannelConfig *config, GError **error);

// Marks it as removed, forgets its secrets and frees its name; its conversations stay. Writer only.
// not_found.
gboolean channel_remove(Db *db, Id id, Instant now, GError **error);

// Where it stands; reason NULL when all is well. TRUE without effect when it is so already. Writer
// only.
gboolean channel_set_state(Db *db, Id id, ChannelState state, const char *reason, GError **error);

// All channels that are not removed (of ChannelConfig), by name. One whose secrets do not open is
// failing and says so. NULL with an error.
GPtrArray *channel_list(Db *db, const SecretKey *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// One that is not removed; NULL with an error (not_found).
ChannelConfig *channel_get(Db *db, const SecretKey *key, Id id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Rises with every change made by this process, before it is committed: the directory looks again
// when it has risen. Any thread.
guint channel_changes(void);
