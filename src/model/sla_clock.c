#include "model/sla_clock.h"

#include "model/business_time.h"

static const char *const state_names[SLA_STATES] = {
    [SLA_OK] = "ok",
    [SLA_AT_RISK] = "at_risk",
    [SLA_BREACHED] = "breached",
};

const char *sla_state_name(SlaState state) {
    return state_names[state];
}

SlaState sla_state_at(Instant warn_at, Instant due_at, Instant now) {
    if (due_at == INSTANT_NONE)
        return SLA_OK;
    if (due_at <= now)
        return SLA_BREACHED;
    return warn_at <= now ? SLA_AT_RISK : SLA_OK;
}

static Instant due(const Calendar *calendar, Instant from, gint64 ms, gboolean is_business) {
    return is_business ? business_time_due(calendar, from, ms) : from + ms;
}

// The earlier of two, where INSTANT_NONE is never.
static Instant earlier(Instant a, Instant b) {
    if (a == INSTANT_NONE || b == INSTANT_NONE)
        return a == INSTANT_NONE ? b : a;
    return MIN(a, b);
}

// Until when what holds at the instant goes on holding, and no longer than to the subject's end.
static Instant segment_end(const SlaSubject *subject, const ConversationHistory *history,
                           const GPtrArray *versions, Instant from) {
    Instant end = earlier(subject->ended_at,
                          conversation_history_next(history, subject->conversation_id, from));
    for (guint at = 0; at < versions->len; at++) {
        const SlaVersion *version = g_ptr_array_index(versions, at);
        if (version->valid_from > from)
            end = earlier(end, version->valid_from);
        if (version->valid_to != INSTANT_NONE && version->valid_to > from)
            end = earlier(end, version->valid_to);
    }
    return end;
}

// What holds at the instant. FALSE: no target.
static gboolean segment_judge(const SlaSubject *subject, const ConversationState *state,
                              const GPtrArray *versions, const Calendar *calendar, Instant at,
                              SlaVerdict *verdict) {
    SlaFacts facts = {subject->channel_id, state->team_id, state->priority, state->tags};
    const SlaVersion *version = sla_version_choose(versions, at, &facts);
    if (version == NULL)
        return FALSE;
    SlaDuration target = sla_version_duration(version, subject->target, state->priority);
    if (target.ms == 0)
        return FALSE;
    *verdict = (SlaVerdict){
        .policy_id = version->policy_id,
        .version_id = version->id,
        .due_at = due(calendar, subject->started_at, target.ms, target.is_business),
        .warn_at = INSTANT_NONE,
        .breach_at = INSTANT_NONE,
    };
    if (verdict->due_at != INSTANT_NONE)
        verdict->warn_at = due(calendar, subject->started_at,
                               target.ms * version->warning_permille / 1000, target.is_business);
    return TRUE;
}

static void charge(const SlaSubject *subject, const ConversationHistory *history,
                   SlaVerdict *verdict, Instant breach_at) {
    const ConversationState *state =
        conversation_history_at(history, subject->conversation_id, breach_at);
    verdict->breach_at = breach_at;
    verdict->team_id = state->team_id;
    verdict->assignee_id = state->assignee_id;
}

gboolean sla_clock_judge(const SlaSubject *subject, const ConversationHistory *history,
                         const GPtrArray *versions, const Calendar *calendar, SlaVerdict *verdict) {
    Instant from = subject->started_at;
    for (;;) {
        const ConversationState *state =
            conversation_history_at(history, subject->conversation_id, from);
        Instant end = segment_end(subject, history, versions, from);
        gboolean applies = segment_judge(subject, state, versions, calendar, from, verdict);
        // A target that is set too late for what went before is missed as it is set.
        Instant breach_at =
            !applies || verdict->due_at == INSTANT_NONE ? INSTANT_NONE : MAX(verdict->due_at, from);
        if (breach_at != INSTANT_NONE && (end == INSTANT_NONE || breach_at < end)) {
            charge(subject, history, verdict, breach_at);
            return TRUE;
        }
        if (end == INSTANT_NONE || end == subject->ended_at)
            return applies;
        from = end;
    }
}
