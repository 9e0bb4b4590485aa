// The channels as everybody reads them: immutable, reference-counted snapshots with opened secrets
// and every default filled in. Read by hooks, polls, fetchers and the outbox on any thread; follows
// the store by itself: a change that was answered is seen. Changes nothing.
#pragma once

#include "model/channel_kind.h"
#include "store/store.h"

typedef struct ChannelDirectory ChannelDirectory;

// Reads all channels. Borrows the store; freed before it is closed. NULL with an error
// (unavailable).
ChannelDirectory *channel_directory_new(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void channel_directory_free(ChannelDirectory *directory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChannelDirectory, channel_directory_free)

// Called after a change is committed and the new snapshots are in place, on the writer's thread;
// must be quick. For fetchers, pollers and media to start and stop their work. Any thread.
typedef void (*ChannelDirectoryChanged)(gpointer data);
void channel_directory_watch(ChannelDirectory *directory, ChannelDirectoryChanged changed,
                             gpointer data);
// Ends what was watched with that data; afterwards it is called no more.
void channel_directory_unwatch(ChannelDirectory *directory, gpointer data);

// A reference of the caller's own, or NULL. Removed channels are not there; paused ones are.
ChannelConfig *channel_directory_find(ChannelDirectory *directory, Id id) G_GNUC_WARN_UNUSED_RESULT;
ChannelConfig *channel_directory_find_by_key(ChannelDirectory *directory, const char *kind,
                                             const char *key) G_GNUC_WARN_UNUSED_RESULT;
// address is normalized by party_address_normalize here.
ChannelConfig *channel_directory_find_by_address(ChannelDirectory *directory, const char *kind,
                                                 const char *address) G_GNUC_WARN_UNUSED_RESULT;

// All of a kind (NULL: of every kind), by name; of ChannelConfig, owned references.
GPtrArray *channel_directory_list(ChannelDirectory *directory,
                                  const char *kind) G_GNUC_WARN_UNUSED_RESULT;
