#include "desk/agenda.h"

#include "base/log.h"
#include "desk/assignment.h"
#include "desk/conversation_change.h"
#include "desk/notice.h"
#include "desk/retention.h"
#include "desk/sla_notice.h"
#include "desk/sla_projection.h"
#include "store/customer_word.h"
#include "store/draft.h"
#include "store/idempotency.h"
#include "store/session.h"
#include "store/system_mail.h"
#include "store/ticket.h"
#include "store/upload.h"
#include "store/webhook_delivery.h"

#define DAY_MS (24 * G_GINT64_CONSTANT(3600000))
#define HAPPENING_KEPT_MS (45 * DAY_MS) // longer than any provider repeats (reliability.md 1)
#define WEBHOOK_DELIVERY_KEPT_MS (30 * DAY_MS)
#define INDEXED_AT_ONCE 50
#define DELETED_AT_ONCE 1000 // a batch of the writer stays short
#define ASSIGNED_AT_ONCE 50
#define NOTICED_AT_ONCE 100
#define JUDGED_AT_ONCE 500

static gboolean wake_snoozed(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return conversation_wake_snoozed(db, clock_now(), error);
}

static gboolean take_back(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return assignment_take_back(db, clock_now(), ASSIGNED_AT_ONCE, error);
}

static gboolean distribute(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return assignment_distribute(db, ASSIGNED_AT_ONCE, error);
}

static gboolean judge_again(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return sla_projection_go_on(db, JUDGED_AT_ONCE, error);
}

static gboolean say_what_is_due(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return sla_notice_record(db, clock_now(), NOTICED_AT_ONCE, error);
}

static gboolean forget_idempotency_keys(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return idempotency_prune(db, clock_now(), error);
}

static gboolean keep_no_longer(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    gboolean is_done;
    return retention_step(db, clock_now(), &is_done, error);
}

static gboolean index_customers(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return customer_word_catch_up(db, INDEXED_AT_ONCE, error);
}

static gboolean forget_happenings(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return db_run(db,
                  "DELETE FROM happening WHERE (channel_id, event_key) IN (SELECT channel_id,"
                  " event_key FROM happening WHERE received_at < $1 ORDER BY received_at LIMIT $2)",
                  DB_VALUES(DB_INSTANT(clock_now() - HAPPENING_KEPT_MS), DB_INT(DELETED_AT_ONCE)),
                  error);
}

static gboolean forget_webhook_deliveries(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return webhook_delivery_prune(db, clock_now() - WEBHOOK_DELIVERY_KEPT_MS, DELETED_AT_ONCE,
                                  error);
}

static gboolean forget_drafts_and_notices(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return draft_prune(db, clock_now() - DAY_MS, DELETED_AT_ONCE, error) &&
           upload_prune(db, clock_now(), DELETED_AT_ONCE, error) &&
           notice_prune(db, clock_now(), DELETED_AT_ONCE, error);
}

static gboolean forget_sign_ins(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    Instant now = clock_now();
    return session_prune(db, now, error) && ticket_prune(db, now, error) &&
           system_mail_prune(db, now, error);
}

typedef struct {
    const char *name;
    guint interval_seconds;
    WriterRun run;
} Chore;

static const Chore chores[] = {
    {"wake_snoozed", 1, wake_snoozed},
    {"judge_again", 1, judge_again},
    {"say_what_is_due", 1, say_what_is_due},
    {"take_back_from_absent", 2, take_back},
    {"distribute_waiting", 2, distribute},
    {"forget_idempotency_keys", 600, forget_idempotency_keys},
    {"keep_no_longer", 1, keep_no_longer},
    {"index_customers", 1, index_customers},
    {"forget_happenings", 3600, forget_happenings},
    {"forget_sign_ins", 3600, forget_sign_ins},
    {"forget_drafts_and_notices", 3600, forget_drafts_and_notices},
    {"forget_webhook_deliveries", 60, forget_webhook_deliveries},
};

// One chore on its timer. Lives as long as the agenda, or as its last queued job.
typedef struct {
    const Chore *chore;
    Writer *writer;
    guint source;
    gint is_queued; // atomic: the last job has not come back yet
} Turn;

struct Agenda {
    Turn *turns[G_N_ELEMENTS(chores)]; // counted boxes
};

static void turn_done(gpointer data, const GError *error) {
    Turn *turn = data;
    if (error != NULL)
        log_error(error, "chore_failed", "chore", turn->chore->name, NULL);
    g_atomic_int_set(&turn->is_queued, 0);
    g_atomic_rc_box_release(turn);
}

static gboolean turn_take(gpointer data) {
    Turn *turn = data;
    if (g_atomic_int_compare_and_exchange(&turn->is_queued, 0, 1))
        writer_submit(turn->writer, turn->chore->run, turn_done, g_atomic_rc_box_acquire(turn));
    return G_SOURCE_CONTINUE;
}

Agenda *agenda_new(Writer *writer) {
    Agenda *agenda = g_new0(Agenda, 1);
    for (gsize at = 0; at < G_N_ELEMENTS(chores); at++) {
        Turn *turn = g_atomic_rc_box_new0(Turn);
        turn->chore = &chores[at];
        turn->writer = writer;
        turn->source = g_timeout_add_seconds(chores[at].interval_seconds, turn_take, turn);
        agenda->turns[at] = turn;
    }
    return agenda;
}

void agenda_free(Agenda *agenda) {
    for (gsize at = 0; at < G_N_ELEMENTS(chores); at++) {
        g_source_remove(agenda->turns[at]->source);
        g_atomic_rc_box_release(agenda->turns[at]);
    }
    g_free(agenda);
}
