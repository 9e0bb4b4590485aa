#include "desk/channel_admin.h"

#include <string.h>

#include "base/error.h"
#include "channels/registry.h"
#include "channels/settings.h"
#include "desk/record.h"
#include "store/audit.h"
#include "store/channel.h"

#define KEY_BITS 192

static const ChannelKind *kind_get(const char *name, GError **error) {
    const ChannelKind *kind = registry_find(name);
    if (kind == NULL)
        error_set(error, ERROR_INVALID, "kind_unknown",
                  "there is no channel kind %s: dialogctl channel kinds shows them", name);
    return kind;
}

static gboolean set_value(ChannelConfig *config, const char *name, const json_t *value,
                          GError **error) {
    if (json_is_string(value)) {
        channel_config_set(config, name, json_string_value(value));
    } else if (json_is_integer(value)) {
        g_autofree char *text =
            g_strdup_printf("%" G_GINT64_FORMAT, (gint64)json_integer_value(value));
        channel_config_set(config, name, text);
    } else if (json_is_boolean(value)) {
        channel_config_set(config, name, json_is_true(value) ? "true" : "false");
    } else if (json_is_null(value)) {
        channel_config_set(config, name, NULL);
    } else {
        error_set(error, ERROR_INVALID, "setting_invalid", "%s must be text, number or boolean",
                  name);
        return FALSE;
    }
    return TRUE;
}

static void keep_former_secret(const ChannelKind *kind, ChannelConfig *config,
                               const json_t *settings, const char *name, const char *former) {
    g_autofree char *old_name = g_strconcat(name, "_old", NULL);
    const char *present = channel_config_get(config, name);
    if (former != NULL && present != NULL && strcmp(former, present) != 0 &&
        settings_find(kind, old_name) != NULL && json_object_get(settings, old_name) == NULL)
        channel_config_set(config, old_name, former);
}

static gboolean set_values(const ChannelKind *kind, ChannelConfig *config, const json_t *settings,
                           GError **error) {
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++) {
        const json_t *value = json_object_get(settings, setting->name);
        g_autofree char *former = g_strdup(channel_config_get(config, setting->name));
        if (value == NULL)
            continue;
        if (!set_value(config, setting->name, value, error))
            return FALSE;
        keep_former_secret(kind, config, settings, setting->name, former);
    }
    return TRUE;
}

static void replace(char **text, char *with) {
    g_free(*text);
    *text = with;
}

static gboolean settle(const ChannelKind *kind, ChannelConfig *config, GError **error) {
    if (!settings_check(kind, config, error))
        return FALSE;
    settings_make_secrets(kind, config);
    const char *address = channel_config_get(config, "address");
    if (address != NULL)
        replace(&config->address, party_address_normalize(address));
    return TRUE;
}

// Members that the kind does not declare are refused by name.
static gboolean check_names(const ChannelKind *kind, json_t *settings, GError **error) {
    const char *name;
    json_t *value;
    json_object_foreach(settings, name, value) {
        if (settings_find(kind, name) != NULL)
            continue;
        error_set(error, ERROR_INVALID, "setting_unknown", "channels of kind %s have no setting %s",
                  kind->name, name);
        return FALSE;
    }
    return TRUE;
}

ChannelConfig *channel_admin_draft(const char *kind_name, const char *name, json_t *settings,
                                   GError **error) {
    const ChannelKind *kind = kind_get(kind_name, error);
    if (kind == NULL)
        return NULL;
    g_autoptr(ChannelConfig) config = channel_config_new(kind->name);
    config->id = id_next();
    config->created_at = config->waits_from = clock_now();
    replace(&config->name, g_strdup(name));
    replace(&config->key, secret_token("", KEY_BITS));
    if (!check_names(kind, settings, error) || !set_values(kind, config, settings, error) ||
        !settle(kind, config, error))
        return NULL;
    return g_steal_pointer(&config);
}

ChannelConfig *channel_admin_change(const ChannelConfig *config, json_t *settings, GError **error) {
    const ChannelKind *kind = kind_get(config->kind, error);
    if (kind == NULL)
        return NULL;
    g_autoptr(ChannelConfig) copy = channel_config_copy(config);
    if (!check_names(kind, settings, error) || !set_values(kind, copy, settings, error) ||
        !settle(kind, copy, error))
        return NULL;
    return g_steal_pointer(&copy);
}

// changes_waits: its calendar is another one, so its business times are measured again.
static gboolean record(Db *db, Id id, const char *action, gboolean changes_waits, ChannelActor who,
                       GError **error) {
    json_t *data = json_pack("{s:I, s:b}", "channel", (json_int_t)id, "waits", changes_waits);
    g_autoptr(Event) event = event_new(EVENT_CHANNEL_CHANGED, 0, who.actor, who.actor_id, data);
    event->channel_id = id;
    return record_event(db, event, error) &&
           (action == NULL ||
            audit_add(db, who.actor, who.actor_id, action, "channel", id, NULL, error));
}

static gboolean has_other_calendar(Db *db, const ChannelConfig *config, gboolean *answer,
                                   GError **error) {
    gint64 one;
    return db_query_int(
        db, "SELECT 1 FROM channel WHERE id = $1 AND coalesce(calendar_id, 0) <> $2",
        DB_VALUES(DB_ID(config->id), DB_INT(config->calendar_id)), &one, answer, error);
}

// The database only says that something is there twice: it is the name.
static void explain(GError *failure, const ChannelConfig *config, GError **error) {
    if (error_kind(failure) != ERROR_CONFLICT) {
        g_propagate_error(error, failure);
        return;
    }
    g_error_free(failure);
    error_set(error, ERROR_CONFLICT, "channel_exists", "there is a channel named %s already",
              config->name);
}

gboolean channel_admin_keep(Db *db, const SecretKey *key, const ChannelConfig *config,
                            gboolean is_new, ChannelActor who, GError **error) {
    const ChannelKind *kind = kind_get(config->kind, error);
    if (kind == NULL)
        return FALSE;
    gboolean changes_waits;
    if (!has_other_calendar(db, config, &changes_waits, error))
        return FALSE;
    g_autoptr(GError) failure = NULL;
    gboolean good = is_new ? channel_add(db, key, kind, config, &failure)
                           : channel_change(db, key, kind, config, &failure);
    if (!good)
        explain(g_steal_pointer(&failure), config, error);
    return good && record(db, config->id, is_new ? "channel_added" : "channel_changed",
                          changes_waits, who, error);
}

gboolean channel_admin_remove(Db *db, Id id, ChannelActor who, GError **error) {
    return channel_remove(db, id, clock_now(), error) &&
           record(db, id, "channel_removed", FALSE, who, error);
}

gboolean channel_admin_note_state(Db *db, Id id, ChannelState state, const char *reason,
                                  GError **error) {
    guint before = channel_changes();
    return channel_set_state(db, id, state, reason, error) &&
           (channel_changes() == before ||
            record(db, id, NULL, FALSE, (ChannelActor){ACTOR_SYSTEM, 0}, error));
}
