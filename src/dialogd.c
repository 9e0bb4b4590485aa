// dialogd: serves the inbox in the foreground. Reads the command line, starts the parts in order,
// waits for a signal, stops them in reverse.
#include "config.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/events.h"
#include "api/server.h"
#include "api/web_files.h"
#include "api/webhook_payload.h"
#include "api/work.h"
#include "base/error.h"
#include "base/log.h"
#include "base/service.h"
#include "conf/conf.h"
#include "desk/agenda.h"
#include "desk/bulk_runner.h"
#include "desk/channel_directory.h"
#include "desk/eraser.h"
#include "desk/fetch.h"
#include "desk/inbound.h"
#include "desk/live_events.h"
#include "desk/lmtp.h"
#include "desk/media.h"
#include "desk/oidc.h"
#include "desk/outbox.h"
#include "desk/poller.h"
#include "desk/presence.h"
#include "desk/rules.h"
#include "desk/sign_in.h"
#include "desk/soundness.h"
#include "desk/system_mails.h"
#include "desk/view_counter.h"
#include "desk/webhook_sender.h"
#include "mime/parser_pool.h"
#include "mime/parser_process.h"

#define CONFIG_FILE SYSCONFDIR "/dialogd.conf"
#define DRAIN_MS 10000

// The parts, in the order in which they start. Absent ones are NULL.
typedef struct {
    const char *file;
    const char *web_directory; // of --web-dir; NULL: the page that is embedded
    WebFiles *web;
    Conf *conf;
    char *control_socket;
    Store *store;
    WorkPool *work;
    ChannelDirectory *channels;
    Inbound *inbound;
    FetchOptions mail_servers;
    ParserPool *parsers;
    MailIntake *mail;
    Fetch *fetch;
    Lmtp *lmtp;
    HttpClient *http;
    Outbox *outbox;
    Poller *poller;
    Media *media;
    WebhookSender *webhooks;
    LiveEvents *live;
    SignIn *sign_in;
    Oidc *oidc;
    ViewCounter *views;
    BulkRunner *bulk;
    SystemMails *system_mails;
    Presence *presence;
    Router *router;
    Server *server;
    Agenda *agenda;
    Rules *rules;
    Soundness *soundness;
    Eraser *eraser;
    GMainLoop *loop;
} Daemon;

static void set_log_level(const char *name) {
    static const char *const names[] = {"debug", "info", "warning", "error"};
    for (guint at = 0; at < G_N_ELEMENTS(names); at++)
        if (strcmp(names[at], name) == 0)
            log_set_level((LogLevel)at);
}

static gboolean start_store(Daemon *daemon, GError **error) {
    daemon->store = store_open(daemon->conf->data_directory, FALSE, error);
    return daemon->store != NULL;
}

static gboolean start_outbox(Daemon *daemon, GError **error) {
    OutboxOptions options = {
        .allow_private = daemon->conf->allow_private_addresses,
        .ca_file = daemon->conf->ca_file,
    };
    daemon->outbox = outbox_new(daemon->store, daemon->channels, daemon->http, &options, error);
    return daemon->outbox != NULL;
}

static void start_webhooks(Daemon *daemon) {
    WebhookSenderOptions options = {
        .allow_private = daemon->conf->allow_private_addresses,
        .ca_file = daemon->conf->ca_file,
        .format = webhook_payload_write,
    };
    daemon->webhooks = webhook_sender_new(daemon->store, daemon->http, &options);
}

static gboolean start_desk(Daemon *daemon, GError **error) {
    daemon->work = work_pool_new(g_get_num_processors());
    daemon->channels = channel_directory_new(daemon->store, error);
    if (daemon->channels == NULL)
        return FALSE;
    daemon->inbound = inbound_new(store_key(daemon->store), daemon->channels);
    daemon->parsers = parser_pool_new((guint)daemon->conf->parser_processes);
    daemon->mail = mail_intake_new(daemon->store, daemon->inbound, daemon->parsers);
    daemon->http = http_client_new();
    if (!start_outbox(daemon, error))
        return FALSE;
    daemon->poller = poller_new(daemon->store, daemon->channels, daemon->inbound, daemon->http);
    daemon->media = media_new(daemon->store, daemon->channels, daemon->http);
    start_webhooks(daemon);
    daemon->sign_in = sign_in_new(daemon->store);
    daemon->oidc =
        oidc_new(daemon->http, daemon->conf->allow_private_addresses, daemon->conf->ca_file);
    daemon->system_mails =
        system_mails_new(outbox_context(daemon->outbox), daemon->conf->public_url);
    daemon->live = live_events_new(daemon->store, events_format, events_heartbeat);
    daemon->views = view_counter_new(daemon->store, daemon->live, VIEW_COUNT_MOST);
    daemon->bulk = bulk_runner_new(daemon->store, daemon->live);
    return TRUE;
}

static gboolean start_mail(Daemon *daemon, GError **error) {
    const Conf *conf = daemon->conf;
    daemon->fetch = fetch_new(daemon->channels, daemon->mail, &daemon->mail_servers);
    if (*conf->lmtp_listen == '\0')
        return TRUE;
    daemon->lmtp =
        lmtp_new(conf->lmtp_listen, conf->mail_limit, daemon->channels, daemon->mail, error);
    return daemon->lmtp != NULL;
}

static gboolean start_server(Daemon *daemon, GError **error) {
    const Conf *conf = daemon->conf;
    daemon->mail_servers = (FetchOptions){
        .allow_private = conf->allow_private_addresses,
        .ca_file = conf->ca_file,
        .mail_limit = conf->mail_limit,
    };
    daemon->presence = presence_new();
    ApiParts parts = {
        .store = daemon->store,
        .work = daemon->work,
        .live = daemon->live,
        .views = daemon->views,
        .presence = daemon->presence,
        .channels = daemon->channels,
        .inbound = daemon->inbound,
        .parsers = daemon->parsers,
        .mail = daemon->mail,
        .mail_servers = &daemon->mail_servers,
        .outbox = daemon->outbox,
        .sign_in = daemon->sign_in,
        .oidc = daemon->oidc,
        .http = daemon->http,
        .public_url = conf->public_url,
    };
    daemon->web = web_files_new(daemon->web_directory, error);
    if (daemon->web == NULL)
        return FALSE;
    parts.web = daemon->web;
    daemon->control_socket = g_build_filename(conf->data_directory, "control.sock", NULL);
    ServerOptions options = {
        .listen = conf->listen,
        .control_socket = daemon->control_socket,
        .threads = (guint)conf->threads,
        .connections_max = (guint)conf->connections,
        .connections_per_address = (guint)conf->connections_per_address,
        .proxies = (const char *const *)conf->trusted_proxies,
        .head_deadline_ms = (guint)conf->header_seconds * 1000,
        .body_deadline_ms = (guint)conf->body_seconds * 1000,
    };
    daemon->router = router_new(api_routes, &parts);
    daemon->server = server_new(daemon->router, &options, error);
    return daemon->server != NULL;
}

static gboolean start(Daemon *daemon, GError **error) {
    daemon->conf = conf_load(daemon->file, error);
    if (daemon->conf == NULL)
        return FALSE;
    set_log_level(daemon->conf->log_level);
    if (!start_store(daemon, error) || !start_desk(daemon, error) || !start_server(daemon, error))
        return FALSE;
    if (!start_mail(daemon, error))
        return FALSE;
    daemon->agenda = agenda_new(store_writer(daemon->store));
    const ReplyContext context = {
        .store = daemon->store, .channels = daemon->channels, .parsers = daemon->parsers};
    daemon->rules = rules_new(&context);
    daemon->soundness = soundness_new(daemon->store);
    daemon->eraser = eraser_new(daemon->store);
    return TRUE;
}

// What a stuck call may still use is left to the end of the process.
static void stop(Daemon *daemon) {
    g_clear_pointer(&daemon->eraser, eraser_free);
    g_clear_pointer(&daemon->soundness, soundness_free);
    g_clear_pointer(&daemon->rules, rules_free);
    g_clear_pointer(&daemon->agenda, agenda_free);
    g_clear_pointer(&daemon->fetch, fetch_free);
    g_clear_pointer(&daemon->lmtp, lmtp_free);
    g_clear_pointer(&daemon->system_mails, system_mails_free);
    if (daemon->outbox != NULL && !outbox_stop(daemon->outbox)) {
        log_event(LOG_WARNING, "sends_unfinished", NULL); // unknown after the next start
        _exit(0);
    }
    g_clear_pointer(&daemon->webhooks, webhook_sender_free);
    if (daemon->http != NULL)
        http_client_stop(daemon->http); // whoever waits for an answer waits no more
    if (daemon->server != NULL)
        server_quiesce(daemon->server);
    g_clear_pointer(&daemon->bulk, bulk_runner_free);
    if (daemon->live != NULL)
        live_events_stop(daemon->live); // calls under way may still speak to it
    if (daemon->server != NULL && !server_free(daemon->server, DRAIN_MS)) {
        log_event(LOG_ERROR, "calls_unfinished", NULL);
        _exit(1);
    }
    g_clear_pointer(&daemon->views, view_counter_free);
    g_clear_pointer(&daemon->live, live_events_free);
    g_clear_pointer(&daemon->sign_in, sign_in_free);
    g_clear_pointer(&daemon->oidc, oidc_free);
    g_clear_pointer(&daemon->poller, poller_free);
    g_clear_pointer(&daemon->media, media_free);
    g_clear_pointer(&daemon->outbox, outbox_free);
    g_clear_pointer(&daemon->work, work_pool_free);
    g_clear_pointer(&daemon->http, http_client_free);
    g_clear_pointer(&daemon->router, router_free);
    g_clear_pointer(&daemon->presence, presence_free);
    g_clear_pointer(&daemon->web, web_files_free);
    g_clear_pointer(&daemon->parsers, parser_pool_free);
    g_clear_pointer(&daemon->mail, mail_intake_free);
    g_clear_pointer(&daemon->inbound, inbound_free);
    g_clear_pointer(&daemon->channels, channel_directory_free);
    g_clear_pointer(&daemon->store, store_close);
    g_clear_pointer(&daemon->conf, conf_free);
    g_free(daemon->control_socket);
}

static gboolean end_asked(gpointer data) {
    Daemon *daemon = data;
    g_main_loop_quit(daemon->loop);
    return G_SOURCE_CONTINUE; // a second signal must not kill what is being drained
}

// SIGHUP: what can change while all runs is taken over; an unusable file changes nothing.
static gboolean reload_asked(gpointer data) {
    Daemon *daemon = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(Conf) conf = conf_load(daemon->file, &error);
    if (conf == NULL) {
        log_error(error, "configuration_unusable", NULL);
        return G_SOURCE_CONTINUE;
    }
    set_log_level(conf->log_level);
    log_event(LOG_INFO, "configuration_reloaded", "applied", "log_level", "others", "at restart",
              NULL);
    return G_SOURCE_CONTINUE;
}

static void serve(Daemon *daemon) {
    daemon->loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, end_asked, daemon);
    g_unix_signal_add(SIGINT, end_asked, daemon);
    g_unix_signal_add(SIGHUP, reload_asked, daemon);
    g_autofree char *port = g_strdup_printf("%u", server_port(daemon->server));
    log_event(LOG_INFO, "ready", "version", PACKAGE_VERSION, "listen", daemon->conf->listen, "port",
              port, NULL);
    service_notify("READY=1");
    g_main_loop_run(daemon->loop);
    log_event(LOG_INFO, "stopping", NULL);
    service_notify("STOPPING=1");
    g_main_loop_unref(daemon->loop);
}

static int run(const char *file, const char *web_directory) {
    g_autoptr(GError) error = NULL;
    Daemon daemon = {.file = file, .web_directory = web_directory};
    service_harden();
    secret_init();
    gboolean started = start(&daemon, &error);
    if (started)
        serve(&daemon);
    else
        log_error(error, "start_failed", NULL);
    stop(&daemon);
    return started ? 0 : 1;
}

static const char help[] =
    "Serves the inbox in the foreground. Make a data directory first: dialogctl -c FILE init";

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return parser_process_main();
    g_autofree char *file = NULL;
    g_autofree char *web_directory = NULL;
    gboolean asks_version = FALSE;
    const GOptionEntry options[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file,
         "The settings, " CONFIG_FILE " unless given", "FILE"},
        {"web-dir", 0, 0, G_OPTION_ARG_FILENAME, &web_directory,
         "Serve the page from src/web/dist, for work on it", "DIRECTORY"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &asks_version, "Print the version", NULL},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_set_summary(context, help);
    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1) {
        fprintf(
            stderr,
            "dialogd: %s\nusage: dialogd [-c FILE] [--web-dir DIRECTORY] | --help | --version\n",
            error != NULL ? error->message : "there are no further arguments");
        return 64;
    }
    if (!asks_version)
        return run(file != NULL ? file : CONFIG_FILE, web_directory);
    puts(PACKAGE_STRING);
    return 0;
}
