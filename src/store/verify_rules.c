#include "store/verify_rules.h"

// How many rows of a table name a blob that is not there.
#define BLOB_NAMED(table, column)                                                                  \
    "SELECT count(*), min(id) FROM " table " WHERE " column " IS NOT NULL AND NOT EXISTS"          \
    " (SELECT 1 FROM blob WHERE sha256 = " table "." column ")"

const VerifyRule verify_rules[] = {
    {"raw_missing", "messages whose original is not stored", BLOB_NAMED("message", "raw_sha256")},
    {"html_missing", "messages whose HTML is not stored", BLOB_NAMED("message", "html_sha256")},
    {"attachment_missing", "attachments whose bytes are not stored",
     BLOB_NAMED("attachment", "sha256")},
    {"intake_missing", "deliveries whose raw bytes are not stored",
     BLOB_NAMED("intake", "raw_sha256")},
    {"event_gap", "numbers missing in the sequence of events",
     "SELECT coalesce(max(seq) - min(seq) + 1 - count(*), 0), min(seq) FROM event"},
    {"event_stray", "events about conversations that do not exist",
     "SELECT count(*), min(seq) FROM event WHERE conversation_id IS NOT NULL AND NOT EXISTS"
     " (SELECT 1 FROM conversation WHERE id = event.conversation_id)"},
    {"message_count", "conversations whose count of messages is wrong",
     "SELECT count(*), min(id) FROM conversation c WHERE merged_into IS NULL AND message_count <>"
     " (SELECT count(*) FROM message WHERE conversation_id = c.id AND direction <> 'note')"},
    {"intake_without_message", "stored deliveries whose message does not exist",
     "SELECT count(*), min(id) FROM intake WHERE message_id IS NOT NULL AND NOT EXISTS"
     " (SELECT 1 FROM message WHERE id = intake.message_id)"},
    {"ledger_gap", "mail folders whose server listed more mails than there are rows for",
     "SELECT count(*), min(channel_id) FROM mailbox b WHERE looked_at IS NOT NULL AND server_count"
     " > (SELECT count(*) FROM intake WHERE channel_id = b.channel_id AND folder = b.folder AND"
     " uid_validity = b.uid_validity) AND EXISTS (SELECT 1 FROM channel WHERE id = b.channel_id AND"
     " removed_at IS NULL)"},
    {"intake_state", "deliveries in a state that there is not",
     "SELECT count(*), min(id) FROM intake WHERE state NOT IN"
     " ('stored', 'duplicate', 'quarantined', 'refused')"},
    {NULL, NULL, NULL},
};
