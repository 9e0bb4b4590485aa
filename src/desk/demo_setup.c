#include "desk/demo_setup.h"

#include <jansson.h>

#include "base/error.h"
#include "desk/channel_admin.h"
#include "model/role.h"
#include "store/agent.h"
#include "store/channel.h"
#include "store/team.h"

#define TEAMS 2

const char *const demo_channel_addresses[DEMO_CHANNELS] = {"asiakaspalvelu@lamppukauppa.example",
                                                           "laskut@lamppukauppa.example", ""};

static const struct {
    const char *email;
    const char *name;
    const char *role;
    guint team;
} agents[DEMO_AGENTS] = {
    {"anna@lamppukauppa.example", "Anna Lahti", ROLE_SUPERVISOR, 0},
    {"oskar@lamppukauppa.example", "Oskar Berg", ROLE_AGENT, 0},
    {"jenna@lamppukauppa.example", "Jenna Salo", ROLE_AGENT, 0},
    {"tero@lamppukauppa.example", "Tero Aalto", ROLE_AGENT, 1},
};

static const char *const team_names[TEAMS] = {"Asiakaspalvelu", "Laskutus"};

static const struct {
    const char *kind;
    const char *name;
} channels[DEMO_CHANNELS] = {
    {"email", "Asiakaspalvelu"}, {"email", "Laskut"}, {"telegram", "Lamppukauppa Telegramissa"}};

typedef struct {
    const SecretKey *key;
    Instant now;
    DemoPeople *people;
} SetupJob;

static gboolean add_team(Db *db, guint number, Instant now, Id *id, GError **error) {
    *id = id_next();
    return team_add(db, *id, team_names[number], now, error);
}

static gboolean add_agent(Db *db, guint number, Instant now, const Id *teams, Id *id,
                          GError **error) {
    *id = id_next();
    g_autofree char *email = g_strdup(agents[number].email);
    g_autofree char *name = g_strdup(agents[number].name);
    g_autofree char *role = g_strdup(agents[number].role);
    g_autofree char *signature = g_strdup_printf("%s\nLamppukauppa", name);
    Agent agent = {.id = *id,
                   .email = email,
                   .name = name,
                   .role = role,
                   .signature = signature,
                   .created_at = now,
                   .disabled_at = INSTANT_NONE};
    return agent_add(db, &agent, error) &&
           team_set_of_agent(db, *id, &teams[agents[number].team], 1, error);
}

static json_t *channel_settings(guint number) {
    if (number == DEMO_TELEGRAM) {
        return json_pack("{s:s, s:s}", "token", "123456789:demo", "receive", "poll");
    }
    return json_pack("{s:s, s:s, s:s, s:s}", "address", demo_channel_addresses[number], "from_name",
                     "Lamppukauppa", "incoming", "none", "smtp_host", "mail.lamppukauppa.example");
}

static gboolean add_channel(Db *db, const SetupJob *job, guint number, GError **error) {
    json_t *settings = channel_settings(number);
    g_autoptr(ChannelConfig) config =
        channel_admin_draft(channels[number].kind, channels[number].name, settings, error);
    json_decref(settings);
    if (config == NULL) {
        return FALSE;
    }
    config->waits_from = job->now;
    job->people->channels[number] = config->id;
    ChannelActor who = {.actor = ACTOR_SYSTEM};
    return channel_admin_keep(db, job->key, config, TRUE, who, error);
}

static gboolean is_empty(Db *db, GError **error) {
    gint64 count = 0;
    gboolean found = FALSE;
    if (!db_query_int(db, "SELECT COUNT(*) FROM channel", DB_NO_VALUES, &count, &found, error)) {
        return FALSE;
    }
    if (count > 0) {
        error_set(error, ERROR_CONFLICT, "demo_not_empty",
                  "there are channels already: the demo wants a data directory of its own");
    }
    return count == 0;
}

static gboolean run_setup(Db *db, gpointer data, GError **error) {
    SetupJob *job = data;
    Id teams[TEAMS];
    if (!is_empty(db, error)) {
        return FALSE;
    }
    for (guint at = 0; at < TEAMS; at++) {
        if (!add_team(db, at, job->now, &teams[at], error)) {
            return FALSE;
        }
    }
    for (guint at = 0; at < DEMO_AGENTS; at++) {
        if (!add_agent(db, at, job->now, teams, &job->people->agents[at], error)) {
            return FALSE;
        }
    }
    for (guint at = 0; at < DEMO_CHANNELS; at++) {
        if (!add_channel(db, job, at, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean demo_setup(Store *store, Instant now, DemoPeople *people, GError **error) {
    SetupJob job = {store_key(store), now, people};
    return writer_run(store_writer(store), run_setup, &job, error);
}

static gboolean run_pause(Db *db, gpointer data, GError **error) {
    const DemoPeople *people = data;
    for (guint at = 0; at < DEMO_CHANNELS; at++) {
        if (!channel_admin_note_state(db, people->channels[at], CHANNEL_PAUSED, "demo", error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean demo_setup_pause(Store *store, const DemoPeople *people, GError **error) {
    DemoPeople copy = *people;
    return writer_run(store_writer(store), run_pause, &copy, error);
}
