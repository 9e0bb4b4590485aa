#include "store/assignment.h"

#include "base/error.h"
#include "store/availability.h"
#include "store/visibility.h"
#include "store/wait.h"

gboolean team_assignment_get(Db *db, Id team_id, TeamAssignment *team, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT assignment_mode, assignment_last, reassign_after_minutes FROM team"
                 " WHERE id = $1",
                 DB_VALUES(DB_ID(team_id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "team_unknown", "there is no such team");
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    *team = (TeamAssignment){
        .team_id = team_id,
        .last = db_rows_id(rows, 1),
        .reassign_after_minutes = db_rows_is_null(rows, 2) ? REASSIGN_NEVER : db_rows_int(rows, 2),
    };
    if (!assignment_mode_parse(db_rows_text(rows, 0), &team->mode))
        team->mode = ASSIGNMENT_NONE;
    return TRUE;
}

gboolean team_assignment_set(Db *db, const TeamAssignment *team, GError **error) {
    DbValue minutes = team->reassign_after_minutes == REASSIGN_NEVER
                          ? DB_NULL
                          : DB_INT(team->reassign_after_minutes);
    return db_run(
        db, "UPDATE team SET assignment_mode = $2, reassign_after_minutes = $3 WHERE id = $1",
        DB_VALUES(DB_ID(team->team_id), DB_TEXT(assignment_mode_name(team->mode)), minutes), error);
}

gboolean team_assignment_set_last(Db *db, Id team_id, Id agent_id, GError **error) {
    return db_run(db, "UPDATE team SET assignment_last = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(team_id), DB_ID(agent_id)), error);
}

GArray *team_assignment_list(Db *db, GError **error) {
    return wait_id_list(db_query(db,
                                 "SELECT id FROM team WHERE assignment_mode <> 'none' ORDER BY id",
                                 DB_NO_VALUES, error),
                        error);
}

// Round robin without a capacity needs no count.
static const char candidates_sql[] =
    "SELECT " AVAILABILITY_COLUMNS ", agent.disabled_at,"
    " CASE WHEN agent.capacity IS NULL AND $3 = 0 THEN 0 ELSE (SELECT count(*) FROM conversation o"
    " WHERE o.assignee_id = agent.id AND o.status = 'open' AND o.merged_into IS NULL) END,"
    " " VISIBLE_CONVERSATION(
        "c", "agent.id") " FROM agent_team JOIN agent"
                         " ON agent.id = agent_team.agent_id LEFT JOIN conversation c ON c.id = $2"
                         " WHERE agent_team.team_id = $1 ORDER BY agent.id";

static gboolean candidate_read(DbRows *rows, CalendarShelf *calendars, Instant now,
                               AssignmentCandidate *candidate, GError **error) {
    g_auto(AgentAvailability) agent = {0};
    agent_availability_read(rows, 0, &agent);
    *candidate = (AssignmentCandidate){
        .agent_id = agent.agent_id,
        .is_disabled = !db_rows_is_null(rows, AVAILABILITY_COLUMN_COUNT),
        .open = db_rows_int(rows, AVAILABILITY_COLUMN_COUNT + 1),
        .may_see = db_rows_int(rows, AVAILABILITY_COLUMN_COUNT + 2) != 0,
        .capacity = agent.capacity,
    };
    return agent_availability_effective(&agent, calendars, now, &candidate->state, error);
}

GArray *assignment_list_candidates(Db *db, const TeamAssignment *team, Id conversation_id,
                                   CalendarShelf *calendars, Instant now, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(AssignmentCandidate));
    g_autoptr(DbRows) rows = db_query(db, candidates_sql,
                                      DB_VALUES(DB_ID(team->team_id), DB_ID(conversation_id),
                                                DB_INT(team->mode == ASSIGNMENT_LEAST_LOADED)),
                                      error);
    if (rows == NULL)
        return NULL;
    while (failure == NULL && db_rows_next(rows, &failure)) {
        AssignmentCandidate candidate;
        if (candidate_read(rows, calendars, now, &candidate, &failure))
            g_array_append_val(list, candidate);
    }
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

GArray *assignment_list_waiting(Db *db, Id team_id, Id agent_id, guint limit, GError **error) {
    return wait_id_list(
        db_query(db,
                 "SELECT c.id FROM conversation c WHERE c.team_id = $1 AND c.status = 'open'"
                 " AND c.assignee_id IS NULL AND c.waiting_since IS NOT NULL"
                 " AND c.merged_into IS NULL AND " VISIBLE_CONVERSATION(
                     "c", "$2") " ORDER BY c.waiting_since, c.id LIMIT $3",
                 DB_VALUES(DB_ID(team_id), DB_ID(agent_id), DB_INT(limit)), error),
        error);
}

// Who is disabled, or was set away or offline by hand.
typedef struct {
    Id agent_id;
    gint64 absent_ms; // G_MAXINT64: for good
} Absence;

static GArray *list_absences(Db *db, Instant now, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Absence));
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT id, disabled_at, availability_since FROM agent"
                 " WHERE disabled_at IS NOT NULL OR (availability IN ('away', 'offline')"
                 " AND (availability_until IS NULL OR availability_until > $1)) ORDER BY id",
                 DB_VALUES(DB_INSTANT(now)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        gint64 absent_ms = db_rows_is_null(rows, 1) ? now - db_rows_int(rows, 2) : G_MAXINT64;
        Absence absence = {db_rows_id(rows, 0), absent_ms};
        g_array_append_val(list, absence);
    }
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

static GArray *list_stranded_at(Db *db, const Absence *absence, guint limit, GError **error) {
    return wait_id_list(
        db_query(db,
                 "SELECT c.id FROM conversation c LEFT JOIN team t ON t.id = c.team_id"
                 " WHERE c.assignee_id = $1 AND c.status = 'open' AND c.waiting_since IS NOT NULL"
                 " AND c.merged_into IS NULL AND ($2 = 9223372036854775807"
                 " OR t.reassign_after_minutes * 60000 <= $2) ORDER BY c.waiting_since LIMIT $3",
                 DB_VALUES(DB_ID(absence->agent_id), DB_INT(absence->absent_ms), DB_INT(limit)),
                 error),
        error);
}

// By agent first: they are few, and most have nothing that waits.
GArray *assignment_list_stranded(Db *db, Instant now, guint limit, GError **error) {
    g_autoptr(GArray) absences = list_absences(db, now, error);
    if (absences == NULL)
        return NULL;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Id));
    for (guint at = 0; at < absences->len && all->len < limit; at++) {
        g_autoptr(GArray) stranded =
            list_stranded_at(db, &g_array_index(absences, Absence, at), limit - all->len, error);
        if (stranded == NULL)
            return NULL;
        g_array_append_vals(all, stranded->data, stranded->len);
    }
    return g_steal_pointer(&all);
}
