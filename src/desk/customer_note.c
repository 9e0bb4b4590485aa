#include "desk/customer_note.h"

#include "base/error.h"

// Who names the events is the agent, or the system for the local administrator (agent 0).
static gboolean check_writer(Db *db, Id root, Id note_id, CustomerActor who, GError **error) {
    gint64 agent_id = 0;
    gboolean found;
    if (!db_query_int(db,
                      "SELECT COALESCE(agent_id, 0) FROM customer_note WHERE id = $1 AND"
                      " customer_id IN (SELECT id FROM customer WHERE root_id = $2)",
                      DB_VALUES(DB_ID(note_id), DB_ID(root)), &agent_id, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "note_unknown", "there is no such note");
    else if (agent_id != who.actor_id)
        error_set(error, ERROR_DENIED, "note_of_another",
                  "only its writer may change or remove a note");
    return found && agent_id == who.actor_id;
}

gboolean customer_note_add(Db *db, Id customer_id, const char *text, Id *note_id, CustomerActor who,
                           GError **error) {
    Id root;
    *note_id = id_next();
    return customer_get_root(db, customer_id, &root, error) &&
           db_run(db,
                  "INSERT INTO customer_note (id, customer_id, agent_id, text, created_at) VALUES"
                  " ($1, $2, $3, $4, $5)",
                  DB_VALUES(DB_ID(*note_id), DB_ID(root), DB_ID(who.actor_id), DB_TEXT(text),
                            DB_INSTANT(clock_now())),
                  error) &&
           customer_record(db, root, "note_added", *note_id, who, error);
}

gboolean customer_note_change(Db *db, Id customer_id, Id note_id, const char *text,
                              CustomerActor who, GError **error) {
    Id root;
    return customer_get_root(db, customer_id, &root, error) &&
           check_writer(db, root, note_id, who, error) &&
           db_run(db,
                  "UPDATE customer_note SET text = $2, changed_at = $3, version = version + 1 WHERE"
                  " id = $1",
                  DB_VALUES(DB_ID(note_id), DB_TEXT(text), DB_INSTANT(clock_now())), error) &&
           customer_record(db, root, "note_changed", note_id, who, error);
}

gboolean customer_note_remove(Db *db, Id customer_id, Id note_id, CustomerActor who,
                              GError **error) {
    Id root;
    return customer_get_root(db, customer_id, &root, error) &&
           check_writer(db, root, note_id, who, error) &&
           db_run(db, "DELETE FROM customer_note WHERE id = $1", DB_VALUES(DB_ID(note_id)),
                  error) &&
           customer_record(db, root, "note_removed", note_id, who, error);
}

gboolean customer_consent_add(Db *db, Id customer_id, const CustomerConsent *consent,
                              CustomerActor who, GError **error) {
    Id root;
    Id id = id_next();
    return customer_get_root(db, customer_id, &root, error) &&
           db_run(db,
                  "INSERT INTO customer_consent (id, customer_id, purpose, state, occurred_at,"
                  " source, agent_id, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_VALUES(DB_ID(id), DB_ID(root), DB_TEXT(consent->purpose),
                            DB_TEXT(consent->is_given ? "given" : "withdrawn"),
                            DB_INSTANT(consent->occurred_at), DB_TEXT(consent->source),
                            DB_ID(who.actor_id), DB_INSTANT(clock_now())),
                  error) &&
           db_run(db, "UPDATE customer SET version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(root)), error) &&
           customer_record(db, root, "consent_recorded", id, who, error);
}
