#include "store/conversation_read.h"

gboolean conversation_read_set(Db *db, Id agent_id, Id conversation_id, Id message_id,
                               GError **error) {
    return db_run(
        db,
        "INSERT INTO conversation_read (agent_id, conversation_id, read_id) SELECT $1, $2,"
        " CASE WHEN $3 > 0 THEN $3 ELSE coalesce((SELECT max(id) FROM message WHERE"
        " conversation_id = $2), 0) END ON CONFLICT (agent_id, conversation_id) DO UPDATE SET"
        " read_id = CASE WHEN excluded.read_id > conversation_read.read_id THEN excluded.read_id"
        " ELSE conversation_read.read_id END",
        DB_VALUES(DB_ID(agent_id), DB_ID(conversation_id), DB_INT(message_id)), error);
}

gboolean conversation_read_unset(Db *db, Id agent_id, Id conversation_id, GError **error) {
    return db_run(
               db,
               "INSERT INTO conversation_read (agent_id, conversation_id, read_id) SELECT $1, id,"
               " last_inbound_id - 1 FROM conversation WHERE id = $2 ON CONFLICT (agent_id,"
               " conversation_id) DO NOTHING",
               DB_VALUES(DB_ID(agent_id), DB_ID(conversation_id)), error) &&
           db_run(db,
                  "UPDATE conversation_read SET read_id = (SELECT CASE WHEN c.last_inbound_id >"
                  " conversation_read.mentioned_id THEN c.last_inbound_id ELSE"
                  " conversation_read.mentioned_id END - 1 FROM conversation c WHERE c.id = $2)"
                  " WHERE agent_id = $1 AND conversation_id = $2",
                  DB_VALUES(DB_ID(agent_id), DB_ID(conversation_id)), error);
}

gboolean conversation_read_mention(Db *db, Id agent_id, Id conversation_id, Id message_id,
                                   GError **error) {
    return db_run(
        db,
        "INSERT INTO conversation_read (agent_id, conversation_id, read_id, mentioned_id) VALUES"
        " ($1, $2, $1, $3) ON CONFLICT (agent_id, conversation_id) DO UPDATE SET mentioned_id ="
        " CASE WHEN $3 > conversation_read.mentioned_id THEN $3 ELSE"
        " conversation_read.mentioned_id END",
        DB_VALUES(DB_ID(agent_id), DB_ID(conversation_id), DB_ID(message_id)), error);
}
