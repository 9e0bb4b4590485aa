#include "desk/outbox_state.h"

#define MINUTE_MS ((gint64)60 * 1000)
#define GIVE_UP_MS ((gint64)5 * 24 * 60 * MINUTE_MS)
#define LONGEST_MS ((gint64)4 * 60 * MINUTE_MS)

static const OutboxRow *first_in(const GPtrArray *rows, OutboxState state) {
    for (guint at = 0; at < rows->len; at++) {
        const OutboxRow *row = rows->pdata[at];
        if (row->state == state)
            return row;
    }
    return NULL;
}

// Mail: when the first recipient's server had it; chat: when the last part was there.
static Instant accepted_at(const GPtrArray *rows, gboolean is_mail) {
    Instant found = INSTANT_NONE;
    for (guint at = 0; at < rows->len; at++) {
        const OutboxRow *row = rows->pdata[at];
        gboolean is_better =
            found == INSTANT_NONE || (is_mail ? row->settled_at < found : row->settled_at > found);
        if (row->state == OUTBOX_ACCEPTED && is_better)
            found = row->settled_at;
    }
    return found;
}

static gboolean is_accepted(const GPtrArray *rows, gboolean is_mail) {
    for (guint at = 0; at < rows->len; at++) {
        const OutboxRow *row = rows->pdata[at];
        if ((row->state == OUTBOX_ACCEPTED) == is_mail)
            return is_mail;
    }
    return !is_mail;
}

static void explain(OutboxFold *fold, const OutboxRow *row) {
    if (row == NULL || fold->concern != NULL)
        return;
    fold->concern = row->response;
    fold->whom = row->recipient;
}

OutboxFold outbox_fold(const GPtrArray *rows) {
    static const struct {
        OutboxState row;
        const char *message;
    } ranks[] = {
        {OUTBOX_UNKNOWN, "unknown"},     {OUTBOX_SENDING, "sending"}, {OUTBOX_CLAIMED, "sending"},
        {OUTBOX_QUEUED, "queued"},       {OUTBOX_RETRY, "queued"},    {OUTBOX_REFUSED, "refused"},
        {OUTBOX_CANCELLED, "cancelled"},
    };
    OutboxFold fold = {.state = "cancelled", .settled_at = INSTANT_NONE, .whom = ""};
    gboolean is_mail = *((const OutboxRow *)rows->pdata[0])->recipient != '\0';
    gboolean accepted = is_accepted(rows, is_mail);
    for (gsize at = G_N_ELEMENTS(ranks); at-- > 0;)
        if (first_in(rows, ranks[at].row) != NULL)
            fold.state = ranks[at].message;
    // A refused part of a chat message ends it: what comes after it is never sent.
    if (!is_mail && first_in(rows, OUTBOX_REFUSED) != NULL &&
        first_in(rows, OUTBOX_UNKNOWN) == NULL)
        fold.state = "refused";
    if (accepted) {
        fold.state = "accepted";
        fold.settled_at = accepted_at(rows, is_mail);
    }
    explain(&fold, first_in(rows, OUTBOX_UNKNOWN));
    explain(&fold, first_in(rows, OUTBOX_REFUSED));
    explain(&fold, first_in(rows, OUTBOX_RETRY));
    return fold;
}

gint64 outbox_retry_delay_ms(gint64 attempts, double random) {
    static const gint64 minutes[] = {1, 5, 15, 60, 120, 240};
    gsize at = attempts < 1 ? 0 : MIN((gsize)attempts - 1, G_N_ELEMENTS(minutes) - 1);
    gint64 delay = MIN(minutes[at] * MINUTE_MS, LONGEST_MS);
    return delay + (gint64)((random * 2 - 1) * (double)delay / 10);
}

gboolean outbox_is_given_up(Instant created_at, Instant now) {
    return now - created_at >= GIVE_UP_MS;
}
