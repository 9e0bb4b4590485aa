#include "desk/sign_in.h"

#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "model/throttle.h"
#include "store/audit.h"
#include "store/credential.h"

#define SPRAY_WINDOW_MS (10 * 60 * 1000)
#define SPRAY_FAILURES 50 // in a window: more than people who forgot theirs

// In the order in which they are asked: the first that is empty refuses, and what was taken before
// it is given back.
typedef struct {
    const char *name;
    gboolean has_account;
    gboolean has_address;
    ThrottleRate rates[4]; // by AttemptKind
} Limit;

#define SECONDS(count) ((count)*1000.0)

static const Limit limits[] = {
    {"account+address",
     TRUE,
     TRUE,
     {{5, SECONDS(30)}, {10, SECONDS(30)}, {3, SECONDS(1200)}, {20, SECONDS(10)}}},
    {"address",
     FALSE,
     TRUE,
     {{20, SECONDS(6)}, {20, SECONDS(6)}, {10, SECONDS(60)}, {20, SECONDS(6)}}},
    {"account",
     TRUE,
     FALSE,
     {{30, SECONDS(20)}, {10, SECONDS(120)}, {3, SECONDS(1200)}, {40, SECONDS(5)}}},
    {"all",
     FALSE,
     FALSE,
     {{60, SECONDS(0.5)}, {60, SECONDS(0.5)}, {60, SECONDS(1)}, {60, SECONDS(0.5)}}},
};
static const char *const kind_names[] = {"password", "second_factor", "reset", "ticket"};

static const ThrottleRate device_rate = {10, SECONDS(10)};
static const ThrottleRate audit_rate = {60, SECONDS(10)}; // rows of failures: 8,640 a day
static const ThrottleRate refusal_rate = {5, SECONDS(60)};
static const ThrottleRate token_rate = {5000, 2}; // 500 a second

struct SignIn {
    Store *store;
    PasswordGate *gate;
    GMutex mutex;
    Throttle *throttle;
    Instant window_from;
    guint window_failures;
    guint audits_left_out;
};

// The code itself is only for who asks for it on the server (reliability.md A17).
static void tell_of_setup(Store *store) {
    gboolean exists = TRUE;
    Db *db = store_reader_take(store, NULL);
    if (db == NULL)
        return;
    credential_administrator_exists(db, &exists, NULL);
    store_reader_give(store, db);
    if (!exists)
        log_event(LOG_INFO, "setup_needed", "run", "dialogctl setup-code", NULL);
}

SignIn *sign_in_new(Store *store) {
    guint64 seed;
    secret_random(&seed, sizeof seed);
    SignIn *sign_in = g_new0(SignIn, 1);
    sign_in->store = store;
    sign_in->throttle = throttle_new(seed);
    sign_in->gate = password_gate_new();
    g_mutex_init(&sign_in->mutex);
    tell_of_setup(store);
    return sign_in;
}

void sign_in_free(SignIn *sign_in) {
    if (sign_in == NULL)
        return;
    password_gate_free(sign_in->gate);
    throttle_free(sign_in->throttle);
    g_mutex_clear(&sign_in->mutex);
    g_free(sign_in);
}

PasswordGate *sign_in_gate(SignIn *sign_in) {
    return sign_in->gate;
}

typedef struct {
    char *kind;
    char *key;
} BucketName;

static void bucket_name_clear(BucketName *name) {
    g_free(name->kind);
    g_free(name->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BucketName, bucket_name_clear)

static BucketName name_bucket(const Limit *limit, const Attempt *attempt) {
    g_autofree char *account = g_utf8_strdown(attempt->account, -1);
    return (BucketName){
        .kind = g_strconcat(kind_names[attempt->kind], "/", limit->name, NULL),
        .key = g_strconcat(limit->has_account ? account : "", "\n",
                           limit->has_address ? attempt->address : "", NULL),
    };
}

// An attempt that names no account has no limits by account.
static gboolean applies(const Limit *limit, const Attempt *attempt) {
    return !limit->has_account || attempt->account[0] != '\0';
}

static void give_back(SignIn *sign_in, const Attempt *attempt, gsize count) {
    for (gsize at = 0; at < count; at++) {
        g_auto(BucketName) name = name_bucket(&limits[at], attempt);
        if (applies(&limits[at], attempt))
            throttle_give(sign_in->throttle, name.kind, name.key);
    }
}

static gint64 take_all(SignIn *sign_in, const Attempt *attempt, Instant now) {
    for (gsize at = 0; at < G_N_ELEMENTS(limits); at++) {
        g_auto(BucketName) name = name_bucket(&limits[at], attempt);
        gint64 wait = applies(&limits[at], attempt)
                          ? throttle_take(sign_in->throttle, name.kind, name.key,
                                          limits[at].rates[attempt->kind], now)
                          : 0;
        if (wait > 0) {
            give_back(sign_in, attempt, at);
            return wait;
        }
    }
    return 0;
}

gint64 sign_in_admit(SignIn *sign_in, const Attempt *attempt) {
    Instant now = clock_now();
    g_mutex_lock(&sign_in->mutex);
    gint64 wait = attempt->device != NULL ? throttle_take(sign_in->throttle, "device",
                                                          attempt->device, device_rate, now)
                                          : take_all(sign_in, attempt, now);
    g_mutex_unlock(&sign_in->mutex);
    return wait;
}

void sign_in_succeeded(SignIn *sign_in, const Attempt *attempt) {
    g_mutex_lock(&sign_in->mutex);
    if (attempt->device != NULL)
        throttle_give(sign_in->throttle, "device", attempt->device);
    else
        give_back(sign_in, attempt, G_N_ELEMENTS(limits));
    g_mutex_unlock(&sign_in->mutex);
}

typedef struct {
    const char *action;
    Id agent_id;
    Id token_id;
    json_t *data;
} AuditJob;

static gboolean write_audit(Db *db, gpointer data, GError **error) {
    const AuditJob *job = data;
    Actor actor = job->agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM;
    return audit_add(db, actor, job->agent_id, job->action, job->token_id != 0 ? "token" : "agent",
                     job->token_id != 0 ? job->token_id : job->agent_id, json_incref(job->data),
                     error);
}

static void audit_done(gpointer data, const GError *error) {
    AuditJob *job = data;
    if (error != NULL)
        log_error(error, "audit_unwritten", "action", job->action, NULL);
    json_decref(job->data);
    g_free(job);
}

static void submit_audit(SignIn *sign_in, const AuditJob *job) {
    writer_submit(store_writer(sign_in->store), write_audit, audit_done,
                  g_memdup2(job, sizeof *job));
}

// TRUE once a window, when its failures are more than chance.
static gboolean count_failure(SignIn *sign_in, Instant now) {
    if (now - sign_in->window_from >= SPRAY_WINDOW_MS || now < sign_in->window_from) {
        sign_in->window_from = now;
        sign_in->window_failures = 0;
    }
    return ++sign_in->window_failures == SPRAY_FAILURES;
}

void sign_in_failed(SignIn *sign_in, const Attempt *attempt, Id agent_id) {
    Instant now = clock_now();
    g_mutex_lock(&sign_in->mutex);
    gboolean is_spray = count_failure(sign_in, now);
    gboolean is_audited = throttle_take(sign_in->throttle, "audit", "", audit_rate, now) == 0;
    guint left_out = sign_in->audits_left_out;
    sign_in->audits_left_out = is_audited ? 0 : left_out + 1;
    g_mutex_unlock(&sign_in->mutex);
    if (is_audited)
        submit_audit(sign_in,
                     &(AuditJob){.action = "sign_in_failed",
                                 .agent_id = agent_id,
                                 .data = json_pack("{s:s, s:i}", "step", kind_names[attempt->kind],
                                                   "left_out", (int)left_out)});
    if (!is_spray)
        return;
    log_event(LOG_WARNING, "sign_in_spray", "failures", G_STRINGIFY(SPRAY_FAILURES), "minutes",
              "10", NULL);
    submit_audit(sign_in, &(AuditJob){.action = "sign_in_spray",
                                      .data = json_pack("{s:i}", "failures", SPRAY_FAILURES)});
}

void sign_in_note_refusal(SignIn *sign_in, Id agent_id, Id token_id, const char *route,
                          const char *code) {
    char key[ID_TEXT_SIZE];
    id_format(agent_id, key);
    g_mutex_lock(&sign_in->mutex);
    gboolean is_noted =
        throttle_take(sign_in->throttle, "refusal", key, refusal_rate, clock_now()) == 0;
    g_mutex_unlock(&sign_in->mutex);
    if (is_noted)
        submit_audit(sign_in,
                     &(AuditJob){.action = "request_denied",
                                 .agent_id = agent_id,
                                 .token_id = token_id,
                                 .data = json_pack("{s:s, s:s}", "route", route, "code", code)});
}

gint64 sign_in_admit_token(SignIn *sign_in, Id token_id) {
    char key[ID_TEXT_SIZE];
    id_format(token_id, key);
    g_mutex_lock(&sign_in->mutex);
    gint64 wait = throttle_take(sign_in->throttle, "token", key, token_rate, clock_now());
    g_mutex_unlock(&sign_in->mutex);
    return wait;
}

static char *sign_device(SignIn *sign_in, const char *email, const char *nonce) {
    guint8 mac[32];
    g_autofree char *lower = g_utf8_strdown(email, -1);
    g_autofree char *text = g_strconcat(nonce, ".", lower, NULL);
    secret_sign(store_key(sign_in->store), "device", text, strlen(text), mac);
    GString *value = g_string_new(nonce);
    g_string_append_c(value, '.');
    for (gsize at = 0; at < 16; at++)
        g_string_append_printf(value, "%02x", mac[at]);
    return g_string_free(value, FALSE);
}

char *sign_in_device_new(SignIn *sign_in, const char *email) {
    g_autofree char *nonce = secret_token("", 128);
    return sign_device(sign_in, email, nonce);
}

char *sign_in_device_read(SignIn *sign_in, const char *email, const char *value) {
    const char *dot = value != NULL ? strchr(value, '.') : NULL;
    if (dot == NULL || strlen(value) > 100)
        return NULL;
    g_autofree char *nonce = g_strndup(value, (gsize)(dot - value));
    g_autofree char *genuine = sign_device(sign_in, email, nonce);
    return secret_equal(genuine, strlen(genuine), value, strlen(value)) ? g_steal_pointer(&nonce)
                                                                        : NULL;
}
