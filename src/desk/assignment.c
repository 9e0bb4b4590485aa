#include "desk/assignment.h"

#include <string.h>

#include "base/error.h"
#include "desk/conversation_change.h"
#include "desk/record.h"
#include "store/assignment.h"
#include "store/availability.h"
#include "store/visibility.h"

static const char *const causes[ASSIGNMENT_CAUSES] = {
    [ASSIGNMENT_BEGUN] = "begun",           [ASSIGNMENT_MOVED] = "moved",
    [ASSIGNMENT_REOPENED] = "reopened",     [ASSIGNMENT_WAITED] = "waited",
    [ASSIGNMENT_TAKEN_BACK] = "taken_back",
};

gboolean assignment_begin(Db *db, const Event *begun, GError **error) {
    Id team_id;
    gboolean found;
    if (!db_query_int(db, "SELECT team_id FROM channel WHERE id = $1 AND team_id IS NOT NULL",
                      DB_VALUES(DB_ID(begun->channel_id)), &team_id, &found, error))
        return FALSE;
    if (!found)
        return TRUE;
    json_t *data = json_pack("{s:n, s:n, s:n, s:I, s:{s:s, s:I}}", "from", "to", "team_from",
                             "team_to", (json_int_t)team_id, "why", "cause", "channel", "channel",
                             (json_int_t)begun->channel_id);
    g_autoptr(Event) event =
        event_new(EVENT_ASSIGNED, begun->conversation_id, ACTOR_SYSTEM, 0, data);
    event->occurred_at = begun->occurred_at;
    return db_run(db, "UPDATE conversation SET team_id = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(begun->conversation_id), DB_ID(team_id)), error) &&
           record_event(db, event, error);
}

// How the conversation stands.
typedef struct {
    Id id;
    gboolean is_open;
    Id team_id;
    Id assignee_id;
    gboolean is_disabled; // the assignee
    Availability by_hand; // the assignee's
} Standing;

static gboolean standing_read(Db *db, Id id, Standing *standing, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT c.status, c.team_id, c.assignee_id, agent.disabled_at,"
                 " " AVAILABILITY_COLUMNS " FROM conversation c LEFT JOIN agent"
                 " ON agent.id = c.assignee_id WHERE c.id = $1 AND c.merged_into IS NULL",
                 DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    *standing = (Standing){.id = id};
    if (!db_rows_next(rows, &failure)) {
        gboolean is_merged = failure == NULL;
        if (!is_merged)
            g_propagate_error(error, g_steal_pointer(&failure));
        return is_merged;
    }
    standing->is_open = strcmp(db_rows_text(rows, 0), "open") == 0;
    standing->team_id = db_rows_id(rows, 1);
    standing->assignee_id = db_rows_id(rows, 2);
    standing->is_disabled = !db_rows_is_null(rows, 3);
    if (standing->assignee_id == 0)
        return TRUE;
    g_auto(AgentAvailability) agent = {0};
    agent_availability_read(rows, 4, &agent);
    standing->by_hand = agent.by_hand;
    return TRUE;
}

// Whether somebody has it who will see to it.
static gboolean is_in_hands(const Standing *standing, AssignmentCause cause) {
    gboolean looks_at_absence = cause == ASSIGNMENT_REOPENED || cause == ASSIGNMENT_TAKEN_BACK;
    if (standing->assignee_id == 0 || standing->is_disabled)
        return FALSE;
    return !looks_at_absence || !availability_is_absent(&standing->by_hand, clock_now());
}

static json_t *why_chosen(const TeamAssignment *team, const AssignmentCandidate *chosen,
                          AssignmentCause cause) {
    json_t *why =
        json_pack("{s:s, s:s}", "mode", assignment_mode_name(team->mode), "cause", causes[cause]);
    if (team->mode == ASSIGNMENT_ROUND_ROBIN)
        json_object_set_new(why, "after", team->last != 0 ? json_integer(team->last) : json_null());
    else
        json_object_set_new(why, "open", json_integer(chosen->open));
    return why;
}

// Takes why.
static gboolean assign(Db *db, Id id, Id agent_id, json_t *why, GError **error) {
    ConversationChange change = {.sets_assignee = TRUE, .assignee_id = agent_id, .why = why};
    gboolean is_done =
        conversation_change_by(db, id, &change, (ConversationActor){ACTOR_SYSTEM, 0}, error);
    json_decref(why);
    return is_done;
}

static gboolean give(Db *db, const TeamAssignment *team, const Standing *standing,
                     const AssignmentCandidate *chosen, AssignmentCause cause, GError **error) {
    return assign(db, standing->id, chosen->agent_id, why_chosen(team, chosen, cause), error) &&
           team_assignment_set_last(db, team->team_id, chosen->agent_id, error);
}

// Nobody fits: it waits in the team, where the next who is available gets it.
static gboolean give_back(Db *db, const Standing *standing, AssignmentCause cause, GError **error) {
    return standing->assignee_id == 0 ||
           assign(db, standing->id, 0,
                  json_pack("{s:s, s:s}", "mode", "none", "cause", causes[cause]), error);
}

static gboolean choose_and_give(Db *db, const TeamAssignment *team, const Standing *standing,
                                AssignmentCause cause, GError **error) {
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    g_autoptr(GArray) candidates =
        assignment_list_candidates(db, team, standing->id, calendars, clock_now(), error);
    if (candidates == NULL)
        return FALSE;
    const AssignmentCandidate *chosen =
        assignment_choose(team->mode, (const AssignmentCandidate *)(gconstpointer)candidates->data,
                          candidates->len, team->last);
    return chosen != NULL ? give(db, team, standing, chosen, cause, error)
                          : give_back(db, standing, cause, error);
}

gboolean assignment_settle(Db *db, Id conversation_id, AssignmentCause cause, GError **error) {
    Standing standing;
    TeamAssignment team = {.mode = ASSIGNMENT_NONE};
    if (!standing_read(db, conversation_id, &standing, error))
        return FALSE;
    if (!standing.is_open || is_in_hands(&standing, cause))
        return TRUE;
    if (standing.team_id != 0 && !team_assignment_get(db, standing.team_id, &team, error))
        return FALSE;
    if (team.mode != ASSIGNMENT_NONE)
        return choose_and_give(db, &team, &standing, cause, error);
    // Where people take conversations themselves, an absent colleague keeps what nobody asked back.
    return (!standing.is_disabled && cause != ASSIGNMENT_TAKEN_BACK) ||
           give_back(db, &standing, cause, error);
}

gboolean assignment_check(Db *db, Id conversation_id, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT agent.disabled_at, " VISIBLE_CONVERSATION(
                     "c", "agent.id") " FROM conversation a JOIN conversation c ON c.id = "
                                      "coalesce(a.merged_into, a.id)"
                                      " JOIN agent ON agent.id = c.assignee_id WHERE a.id = $1",
                 DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &failure)) {
        if (!db_rows_is_null(rows, 0))
            error_set(&failure, ERROR_INVALID, "assignee_disabled",
                      "this agent works here no more: choose another one");
        else if (db_rows_int(rows, 1) == 0)
            error_set(&failure, ERROR_INVALID, "assignee_blind",
                      "this agent may not see the conversation: choose another one or its team");
    }
    gboolean is_fit = failure == NULL;
    if (!is_fit)
        g_propagate_error(error, g_steal_pointer(&failure));
    return is_fit;
}

// Settles those that this member could get, should the choice fall on them.
static gboolean distribute_for(Db *db, Id team_id, Id agent_id, guint *left, GError **error) {
    g_autoptr(GArray) waiting = assignment_list_waiting(db, team_id, agent_id, *left, error);
    if (waiting == NULL)
        return FALSE;
    for (guint at = 0; at < waiting->len; at++, (*left)--)
        if (!assignment_settle(db, g_array_index(waiting, Id, at), ASSIGNMENT_WAITED, error))
            return FALSE;
    return TRUE;
}

static gboolean distribute_team(Db *db, Id team_id, guint *left, GError **error) {
    TeamAssignment team;
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    if (!team_assignment_get(db, team_id, &team, error))
        return FALSE;
    g_autoptr(GArray) members =
        assignment_list_candidates(db, &team, 0, calendars, clock_now(), error);
    if (members == NULL)
        return FALSE;
    for (guint at = 0; at<members->len && * left> 0; at++) {
        const AssignmentCandidate *member = &g_array_index(members, AssignmentCandidate, at);
        if (assignment_is_fit(member) &&
            !distribute_for(db, team_id, member->agent_id, left, error))
            return FALSE;
    }
    return TRUE;
}

gboolean assignment_distribute(Db *db, guint limit, GError **error) {
    guint left = limit;
    g_autoptr(GArray) teams = team_assignment_list(db, error);
    if (teams == NULL)
        return FALSE;
    for (guint at = 0; at < teams->len && left > 0; at++)
        if (!distribute_team(db, g_array_index(teams, Id, at), &left, error))
            return FALSE;
    return TRUE;
}

gboolean assignment_take_back(Db *db, Instant now, guint limit, GError **error) {
    g_autoptr(GArray) stranded = assignment_list_stranded(db, now, limit, error);
    if (stranded == NULL)
        return FALSE;
    for (guint at = 0; at < stranded->len; at++)
        if (!assignment_settle(db, g_array_index(stranded, Id, at), ASSIGNMENT_TAKEN_BACK, error))
            return FALSE;
    return TRUE;
}
