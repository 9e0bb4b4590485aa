#include "store/intake.h"

static gboolean find_known(Db *db, const IntakeRow *row, Id *message_id, GError **error) {
    gboolean found;
    return db_query_int(
        db, "SELECT message_id FROM intake WHERE channel_id = $1 AND delivery_key = $2",
        DB_VALUES(DB_ID(row->channel_id), DB_TEXT(row->delivery_key)), message_id, &found, error);
}

gboolean intake_add(Db *db, const IntakeRow *row, gboolean *is_new, Id *known_message_id,
                    GError **error) {
    gint64 changed;
    DbValue sha256 = row->raw_sha256 != NULL ? DB_SPAN(row->raw_sha256, 32) : DB_NULL;
    DbValue uid_validity = row->folder != NULL ? DB_INT(row->uid_validity) : DB_NULL;
    DbValue uid = row->folder != NULL ? DB_INT(row->uid) : DB_NULL;
    if (!db_run_counted(db,
                        "INSERT INTO intake (id, channel_id, source, delivery_key, folder,"
                        " uid_validity, uid, state, reason, raw, raw_sha256, envelope, message_id,"
                        " occurred_at, received_at)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
                        " ON CONFLICT (channel_id, delivery_key) DO NOTHING",
                        DB_VALUES(DB_ID(row->id), DB_ID(row->channel_id), DB_TEXT(row->source),
                                  DB_TEXT(row->delivery_key), DB_TEXT(row->folder), uid_validity,
                                  uid, DB_TEXT(row->state), DB_TEXT(row->reason),
                                  DB_BYTES(row->raw), sha256, DB_TEXT(row->envelope),
                                  DB_ID(row->message_id), DB_INSTANT(row->occurred_at),
                                  DB_INSTANT(row->received_at)),
                        &changed, error))
        return FALSE;
    *is_new = changed == 1;
    *known_message_id = 0;
    return *is_new || find_known(db, row, known_message_id, error);
}

gboolean intake_settle(Db *db, Id id, const char *state, const char *reason, Id message_id,
                       GError **error) {
    return db_run(db,
                  "UPDATE intake SET state = $2, reason = $3, message_id = $4, decoded_at = $5"
                  " WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_TEXT(state), DB_TEXT(reason), DB_ID(message_id),
                            DB_INSTANT(clock_now())),
                  error);
}
