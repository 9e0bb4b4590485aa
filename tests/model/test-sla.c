// SLA policies: which applies, when something is due, and what was missed. The rows of metrics.md's
// table that are about business time, through due instants.
#include "fixture_events.h"
#include "model/sla_clock.h"

#define HOUR G_GINT64_CONSTANT(3600000)
#define MINUTE G_GINT64_CONSTANT(60000)

static SlaVersion *version(Id policy_id, const char *targets, const char *conditions) {
    g_autoptr(GError) error = NULL;
    SlaVersion *one = sla_version_new();
    one->id = policy_id * 10;
    one->policy_id = policy_id;
    one->is_active = TRUE;
    one->warning_permille = 800;
    json_t *json = json_loads(targets, 0, NULL);
    sla_version_read_targets(one, json, &error);
    g_assert_no_error(error);
    json_decref(json);
    json = json_loads(conditions, 0, NULL);
    sla_version_read_conditions(one, json);
    json_decref(json);
    return one;
}

// A target for all priorities.
static SlaVersion *simple(Id policy_id, const char *target, gint64 ms, const char *time) {
    g_autofree char *targets =
        g_strdup_printf("{\"%s\": {\"default\": {\"ms\": %" G_GINT64_FORMAT ", \"time\": \"%s\"}}}",
                        target, ms, time);
    return version(policy_id, targets, "{}");
}

static GPtrArray *list_of(SlaVersion *one, SlaVersion *other) {
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)sla_version_free);
    g_ptr_array_add(list, one);
    if (other != NULL)
        g_ptr_array_add(list, other);
    return list;
}

typedef struct {
    Id channel_id, team_id, tag;
    Id policy_id; // that applies; 0: none
} ChoiceCase;

static void test_the_most_specific_policy_that_matches_applies(void) {
    static const ChoiceCase cases[] = {
        {SUPPORT, 0, 0, 1},  {SALES, 0, 0, 2}, {SALES, TEAM, 0, 3}, {SUPPORT, TEAM, 0, 4},
        {SALES, TEAM, 7, 6}, {SALES, 0, 7, 2}, {SUPPORT, 0, 8, 5},  {SALES, 0, 9, 2},
    };
    g_autoptr(GPtrArray) versions = list_of(version(1, "{}", "{}"), NULL);
    g_ptr_array_add(versions, version(2, "{}", "{\"channels\": [102]}"));
    g_ptr_array_add(versions, version(3, "{}", "{\"channels\": [102, 103], \"teams\": [301]}"));
    g_ptr_array_add(versions, version(4, "{}", "{\"teams\": [301]}"));
    g_ptr_array_add(versions, version(5, "{}", "{\"tags\": [7, 8]}"));
    g_ptr_array_add(versions, version(6, "{}", "{\"tags\": [7], \"teams\": [301]}"));
    ((SlaVersion *)versions->pdata[4])->position = 1;
    ((SlaVersion *)versions->pdata[2])->position = 9;
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(GArray) tags = g_array_new(FALSE, FALSE, sizeof(Id));
        if (cases[at].tag != 0)
            g_array_append_val(tags, cases[at].tag);
        SlaFacts facts = {cases[at].channel_id, cases[at].team_id, 0, tags};
        const SlaVersion *chosen = sla_version_choose(versions, 0, &facts);
        g_assert_cmpint(chosen != NULL ? chosen->policy_id : 0, ==, cases[at].policy_id);
    }
}

static void test_of_equals_the_lowest_position_then_the_lowest_id_applies(void) {
    g_autoptr(GPtrArray) versions = list_of(version(3, "{}", "{}"), version(2, "{}", "{}"));
    SlaFacts facts = {SUPPORT, 0, 0, NULL};
    g_assert_cmpint(sla_version_choose(versions, 0, &facts)->policy_id, ==, 2);
    ((SlaVersion *)versions->pdata[1])->position = 1;
    g_assert_cmpint(sla_version_choose(versions, 0, &facts)->policy_id, ==, 3);
    ((SlaVersion *)versions->pdata[0])->is_active = FALSE;
    g_assert_cmpint(sla_version_choose(versions, 0, &facts)->policy_id, ==, 2);
    ((SlaVersion *)versions->pdata[1])->valid_from = 10;
    g_assert_null(sla_version_choose(versions, 9, &facts));
}

static void test_targets_are_read_strictly_and_default_stands_for_the_rest(void) {
    static const char *const bad[] = {
        "[]",
        "{\"first\": {}}",
        "{\"resolution\": {\"soon\": {\"ms\": 1, \"time\": \"elapsed\"}}}",
        "{\"resolution\": {\"low\": {\"ms\": 0, \"time\": \"elapsed\"}}}",
        "{\"resolution\": {\"low\": {\"ms\": 1.5, \"time\": \"elapsed\"}}}",
        "{\"resolution\": {\"low\": {\"ms\": 1, \"time\": \"lunar\"}}}",
        "{\"resolution\": {\"low\": {\"ms\": 34560000001, \"time\": \"elapsed\"}}}",
        "{\"resolution\": {\"low\": {\"ms\": 1, \"time\": \"elapsed\", \"x\": 1}}}",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(bad); at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SlaVersion) one = sla_version_new();
        json_t *json = json_loads(bad[at], 0, NULL);
        g_assert_false(sla_version_read_targets(one, json, &error));
        g_assert_nonnull(error);
        json_decref(json);
    }
    g_autoptr(SlaVersion) good =
        version(1,
                "{\"resolution\": {\"default\": {\"ms\": 5, \"time\": \"elapsed\"},"
                " \"urgent\": {\"ms\": 1, \"time\": \"business\"}, \"low\": null}}",
                "{}");
    g_assert_cmpint(sla_version_duration(good, SLA_RESOLUTION, -1).ms, ==, 0);
    g_assert_cmpint(sla_version_duration(good, SLA_RESOLUTION, 1).ms, ==, 5);
    g_assert_true(sla_version_duration(good, SLA_RESOLUTION, 2).is_business);
    g_assert_cmpint(sla_version_duration(good, SLA_FIRST_RESPONSE, 2).ms, ==, 0);
}

static SlaSubject subject_of(const char *start, const char *end) {
    return (SlaSubject){.id = 1,
                        .target = SLA_FIRST_RESPONSE,
                        .conversation_id = 1,
                        .channel_id = SUPPORT,
                        .started_at = at(start),
                        .ended_at = end != NULL ? at(end) : INSTANT_NONE};
}

static SlaVerdict judge(const FixtureLog *log, const GPtrArray *versions, const Calendar *calendar,
                        const char *start, const char *end) {
    SlaVerdict verdict;
    SlaSubject subject = subject_of(start, end);
    g_autoptr(ConversationHistory) history = conversation_history_new(log->events);
    g_assert_true(sla_clock_judge(&subject, history, versions, calendar, &verdict));
    return verdict;
}

typedef struct {
    const char *hours; // NULL: office
    const char *start;
    gint64 target;
    const char *due;
} DueCase;

// 15 to 20 the other way round: what the table says was business time is the target, and the end
// of the span the due instant.
static void test_due_instants_are_those_of_the_table(void) {
    static const DueCase cases[] = {
        {NULL, "2026-11-20T15:30:00", HOUR, "2026-11-23T08:30:00"},
        {NULL, "2026-11-20T15:30:00", 30 * MINUTE, "2026-11-20T16:00:00"},
        {FIXTURE_DAILY("00:00", "24:00") "}", "2026-03-28T22:00:00", 7 * HOUR,
         "2026-03-29T06:00:00"},
        {FIXTURE_DAILY("00:00", "24:00") "}", "2026-10-24T22:00:00", 9 * HOUR,
         "2026-10-25T06:00:00"},
        {FIXTURE_DAILY("21:00", "02:00") "}", "2026-11-23T23:00:00", 2 * HOUR,
         "2026-11-24T01:00:00"},
        {"{'week': {'mon': [['08:00', '11:30'], ['12:00', '16:00']]}}", "2026-11-23T11:00:00", HOUR,
         "2026-11-23T12:30:00"},
        {FIXTURE_DAILY("08:00", "16:00") ", 'exceptions': [{'from': '2026-12-06', 'to':"
                                         " '2026-12-06', 'hours': []}]}",
         "2026-12-05T15:00:00", 2 * HOUR, "2026-12-07T09:00:00"},
    };
    g_autoptr(FixtureLog) log = fixture_log_new();
    for (gsize at_case = 0; at_case < G_N_ELEMENTS(cases); at_case++) {
        const DueCase *one = &cases[at_case];
        g_autoptr(Calendar) calendar =
            fixture_calendar("Europe/Helsinki", one->hours != NULL ? one->hours : FIXTURE_OFFICE);
        g_autoptr(GPtrArray) versions =
            list_of(simple(1, "first_response", one->target, "business"), NULL);
        SlaVerdict verdict = judge(log, versions, calendar, one->start, NULL);
        g_assert_cmpint(verdict.due_at, ==, at(one->due));
        // Answered then it is in time, a millisecond later it is not.
        SlaSubject subject = subject_of(one->start, one->due);
        g_autoptr(ConversationHistory) history = conversation_history_new(log->events);
        g_assert_true(sla_clock_judge(&subject, history, versions, calendar, &verdict));
        g_assert_cmpint(verdict.breach_at, ==, INSTANT_NONE);
        subject.ended_at++;
        g_assert_true(sla_clock_judge(&subject, history, versions, calendar, &verdict));
        g_assert_cmpint(verdict.breach_at, ==, at(one->due));
    }
}

static void test_20_a_due_instant_is_found_across_versions_of_the_hours(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(Calendar) calendar =
        fixture_calendar("Europe/Helsinki", FIXTURE_DAILY("08:00", "16:00") "}");
    json_t *hours = json_loads("{\"week\": {\"wed\": [[\"10:00\", \"18:00\"]]}}", 0, NULL);
    calendar_take_version(calendar, calendar_version_new(2, at("2026-11-25T00:00:00"),
                                                         "Europe/Helsinki", hours, NULL));
    json_decref(hours);
    g_autoptr(GPtrArray) versions =
        list_of(simple(1, "first_response", 2 * HOUR, "business"), NULL);
    SlaVerdict verdict = judge(log, versions, calendar, "2026-11-24T15:00:00", NULL);
    g_assert_cmpint(verdict.due_at, ==, at("2026-11-25T11:00:00"));
}

static void test_the_warning_comes_after_its_share_of_the_target(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(Calendar) office = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    g_autoptr(GPtrArray) versions = list_of(simple(1, "first_response", HOUR, "business"), NULL);
    SlaVerdict verdict = judge(log, versions, office, "2026-11-20T15:30:00", NULL);
    g_assert_cmpint(verdict.warn_at, ==, at("2026-11-23T08:18:00"));
    g_assert_cmpint(sla_state_at(verdict.warn_at, verdict.due_at, verdict.warn_at - 1), ==, SLA_OK);
    g_assert_cmpint(sla_state_at(verdict.warn_at, verdict.due_at, verdict.warn_at), ==,
                    SLA_AT_RISK);
    g_assert_cmpint(sla_state_at(verdict.warn_at, verdict.due_at, verdict.due_at), ==,
                    SLA_BREACHED);
}

static void test_without_opening_hours_there_is_no_due_time(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(Calendar) never = fixture_calendar("Europe/Helsinki", "{'week': {}}");
    g_autoptr(GPtrArray) versions = list_of(simple(1, "first_response", HOUR, "business"), NULL);
    SlaVerdict verdict = judge(log, versions, never, "10:00", NULL);
    g_assert_cmpint(verdict.due_at, ==, INSTANT_NONE);
    g_assert_cmpint(verdict.breach_at, ==, INSTANT_NONE);
    verdict = judge(log, versions, NULL, "10:00", "12:00");
    g_assert_cmpint(verdict.due_at, ==, INSTANT_NONE);
    g_assert_cmpint(verdict.policy_id, ==, 1);
}

static GPtrArray *by_priority(void) {
    return list_of(version(1,
                           "{\"first_response\": {\"default\": {\"ms\": 7200000, \"time\":"
                           " \"elapsed\"}, \"urgent\": {\"ms\": 1800000, \"time\": \"elapsed\"}}}",
                           "{}"),
                   NULL);
}

static void prioritised(FixtureLog *log, const char *time, int to) {
    fixture_add(log, EVENT_PRIORITISED, time, ACTOR_AGENT, ALICE, 0,
                json_pack("{s:i, s:i}", "from", 0, "to", to));
}

static void test_a_changed_priority_changes_what_goes_on(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GPtrArray) versions = by_priority();
    g_assert_cmpint(judge(log, versions, NULL, "10:00", NULL).due_at, ==, at("12:00"));
    prioritised(log, "10:10", 2);
    g_assert_cmpint(judge(log, versions, NULL, "10:00", NULL).due_at, ==, at("10:30"));
    prioritised(log, "10:20", 0);
    g_assert_cmpint(judge(log, versions, NULL, "10:00", NULL).due_at, ==, at("12:00"));
}

static void test_what_was_missed_stays_missed_whatever_is_changed_afterwards(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GPtrArray) versions = by_priority();
    prioritised(log, "10:00", 2);
    prioritised(log, "10:31", -1);
    SlaVerdict verdict = judge(log, versions, NULL, "10:00", NULL);
    g_assert_cmpint(verdict.due_at, ==, at("10:30"));
    g_assert_cmpint(verdict.breach_at, ==, at("10:30"));
    // Nor does another policy help, nor none.
    ((SlaVersion *)versions->pdata[0])->valid_to = at("10:40");
    g_assert_cmpint(judge(log, versions, NULL, "10:00", "10:50").breach_at, ==, at("10:30"));
}

static void test_a_target_set_too_late_is_missed_as_it_is_set(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GPtrArray) versions = by_priority();
    prioritised(log, "11:00", 2);
    SlaVerdict verdict = judge(log, versions, NULL, "10:00", NULL);
    g_assert_cmpint(verdict.due_at, ==, at("10:30"));
    g_assert_cmpint(verdict.breach_at, ==, at("11:00"));
}

static void test_a_breach_is_charged_to_team_and_assignee_at_the_due_time(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GPtrArray) versions = list_of(simple(1, "first_response", HOUR, "elapsed"), NULL);
    fixture_assigned(log, "10:00", ALICE, TEAM);
    fixture_assigned(log, "10:59", BOB, 0);
    fixture_assigned(log, "11:01", ALICE, TEAM);
    SlaVerdict verdict = judge(log, versions, NULL, "10:00", "12:00");
    g_assert_cmpint(verdict.breach_at, ==, at("11:00"));
    g_assert_cmpint(verdict.assignee_id, ==, BOB);
    g_assert_cmpint(verdict.team_id, ==, 0);
}

static void test_ended_waits_keep_what_they_were_judged_by(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    SlaVersion *old = simple(1, "first_response", 2 * HOUR, "elapsed");
    SlaVersion *fresh = simple(1, "first_response", MINUTE, "elapsed");
    old->valid_to = fresh->valid_from = at("11:00");
    fresh->id = 11;
    g_autoptr(GPtrArray) versions = list_of(old, fresh);
    SlaVerdict ended = judge(log, versions, NULL, "10:00", "10:50");
    g_assert_cmpint(ended.version_id, ==, 10);
    g_assert_cmpint(ended.breach_at, ==, INSTANT_NONE);
    SlaVerdict open = judge(log, versions, NULL, "10:00", NULL);
    g_assert_cmpint(open.version_id, ==, 11);
    g_assert_cmpint(open.breach_at, ==, at("11:00"));
}

static void test_a_tag_brings_its_policy_and_a_merge_brings_the_tag(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    SlaVersion *tagged =
        version(2, "{\"first_response\": {\"default\": {\"ms\": 60000, \"time\": \"elapsed\"}}}",
                "{\"tags\": [7]}");
    g_autoptr(GPtrArray) versions = list_of(simple(1, "first_response", HOUR, "elapsed"), tagged);
    log->conversation_id = 2;
    fixture_add(log, EVENT_TAGGED, "09:00", ACTOR_AGENT, ALICE, 0,
                json_pack("{s:i, s:b}", "tag", 7, "added", 1));
    log->conversation_id = 1;
    g_assert_cmpint(judge(log, versions, NULL, "10:00", NULL).policy_id, ==, 1);
    fixture_linked(log, EVENT_MERGED, "10:00:30", "from", 2);
    SlaVerdict verdict = judge(log, versions, NULL, "10:00", NULL);
    g_assert_cmpint(verdict.policy_id, ==, 2);
    g_assert_cmpint(verdict.due_at, ==, at("10:01"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sla/the-most-specific-policy-that-matches-applies",
                    test_the_most_specific_policy_that_matches_applies);
    g_test_add_func("/sla/of-equals-the-lowest-position-then-the-lowest-id-applies",
                    test_of_equals_the_lowest_position_then_the_lowest_id_applies);
    g_test_add_func("/sla/targets-are-read-strictly-and-default-stands-for-the-rest",
                    test_targets_are_read_strictly_and_default_stands_for_the_rest);
    g_test_add_func("/sla/2-3-15-16-17-18-19-due-instants-are-those-of-the-table",
                    test_due_instants_are_those_of_the_table);
    g_test_add_func("/sla/20-a-due-instant-is-found-across-versions-of-the-hours",
                    test_20_a_due_instant_is_found_across_versions_of_the_hours);
    g_test_add_func("/sla/the-warning-comes-after-its-share-of-the-target",
                    test_the_warning_comes_after_its_share_of_the_target);
    g_test_add_func("/sla/without-opening-hours-there-is-no-due-time",
                    test_without_opening_hours_there_is_no_due_time);
    g_test_add_func("/sla/a-changed-priority-changes-what-goes-on",
                    test_a_changed_priority_changes_what_goes_on);
    g_test_add_func("/sla/what-was-missed-stays-missed-whatever-is-changed-afterwards",
                    test_what_was_missed_stays_missed_whatever_is_changed_afterwards);
    g_test_add_func("/sla/a-target-set-too-late-is-missed-as-it-is-set",
                    test_a_target_set_too_late_is_missed_as_it_is_set);
    g_test_add_func("/sla/a-breach-is-charged-to-team-and-assignee-at-the-due-time",
                    test_a_breach_is_charged_to_team_and_assignee_at_the_due_time);
    g_test_add_func("/sla/ended-waits-keep-what-they-were-judged-by",
                    test_ended_waits_keep_what_they_were_judged_by);
    g_test_add_func("/sla/a-tag-brings-its-policy-and-a-merge-brings-the-tag",
                    test_a_tag_brings_its_policy_and_a_merge_brings_the_tag);
    return g_test_run();
}
