#include "store/ticket.h"

#include "base/error.h"
#include "store/token.h"

#define KEPT_MS (24 * G_GINT64_CONSTANT(3600000))

gboolean ticket_add(Db *db, const NewTicket *ticket, GError **error) {
    guint8 sha256[32];
    token_hash(ticket->secret, sha256);
    return db_run(db,
                  "INSERT INTO ticket (id, purpose, agent_id, hash, created_at, expires_at) VALUES "
                  "($1, $2, $3, $4, $5, $6)",
                  DB_VALUES(DB_ID(id_next()), DB_TEXT(ticket->purpose), DB_ID(ticket->agent_id),
                            DB_SPAN(sha256, 32), DB_INSTANT(ticket->now),
                            DB_INSTANT(ticket->expires_at)),
                  error);
}

gboolean ticket_get(Db *db, const char *purpose, const char *secret, Instant now, Ticket *ticket,
                    GError **error) {
    GError *problem = NULL;
    guint8 sha256[32];
    token_hash(secret, sha256);
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT ticket.id, ticket.agent_id, ticket.tries FROM ticket LEFT JOIN agent ON agent.id = "
        "ticket.agent_id WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 "
        "AND agent.disabled_at IS NULL",
        DB_VALUES(DB_SPAN(sha256, 32), DB_TEXT(purpose), DB_INSTANT(now)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &problem)) {
        if (problem == NULL)
            error_set(&problem, ERROR_UNAUTHENTICATED, "ticket_invalid",
                      "this has been used, or is no longer valid: ask for a new one");
        g_propagate_error(error, problem);
        return FALSE;
    }
    *ticket = (Ticket){
        .id = db_rows_id(rows, 0), .agent_id = db_rows_id(rows, 1), .tries = db_rows_int(rows, 2)};
    return TRUE;
}

gboolean ticket_use(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE ticket SET used_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}

gboolean ticket_count_try(Db *db, Id id, GError **error) {
    return db_run(db, "UPDATE ticket SET tries = tries + 1 WHERE id = $1", DB_VALUES(DB_ID(id)),
                  error);
}

gboolean ticket_void(Db *db, const char *purpose, Id agent_id, Instant now, GError **error) {
    if (agent_id == 0)
        return db_run(db,
                      "UPDATE ticket SET used_at = $2 WHERE agent_id IS NULL AND purpose = $1 AND "
                      "used_at IS NULL",
                      DB_VALUES(DB_TEXT(purpose), DB_INSTANT(now)), error);
    return db_run(db,
                  "UPDATE ticket SET used_at = $3 WHERE agent_id = $1 AND purpose = $2 AND used_at "
                  "IS NULL",
                  DB_VALUES(DB_ID(agent_id), DB_TEXT(purpose), DB_INSTANT(now)), error);
}

gboolean ticket_count_since(Db *db, const char *purpose, Id agent_id, Instant since, gint64 *count,
                            GError **error) {
    gboolean found = FALSE;
    return db_query_int(
        db, "SELECT COUNT(*) FROM ticket WHERE agent_id = $1 AND purpose = $2 AND created_at > $3",
        DB_VALUES(DB_ID(agent_id), DB_TEXT(purpose), DB_INSTANT(since)), count, &found, error);
}

gboolean ticket_prune(Db *db, Instant now, GError **error) {
    return db_run(db,
                  "DELETE FROM ticket WHERE id IN (SELECT id FROM ticket WHERE expires_at < $1 "
                  "ORDER BY expires_at LIMIT 1000)",
                  DB_VALUES(DB_INSTANT(now - KEPT_MS)), error);
}
