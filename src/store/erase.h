// Emptying rows of what is said about a person: texts, names, addresses, keys and the bytes they
// name. The rows themselves stay, with their ids and instants, so that figures and references stay
// as they are. Writer jobs only. Used by desk/erasure and desk/retention, which decide what goes.
#pragma once

#include "store/db.h"

// Empties one message with its attachments, original, deliveries and index entry. Harmless for one
// that is empty already.
gboolean erase_message(Db *db, Id message_id, Instant now, GError **error);

// Only the files that came with it; it shows as without attachments.
gboolean erase_attachments(Db *db, Id message_id, GError **error);

// Only the original mail of it.
gboolean erase_raw(Db *db, Id message_id, GError **error);

// Empties the conversation itself: subject, preview, drafts, fields, participants, links.
gboolean erase_conversation(Db *db, Id conversation_id, Instant now, GError **error);

// Empties the person: names, addresses, notes, consent, fields, words, and deliveries that could
// not be read and name one of the addresses. The same addresses are a new customer afterwards.
gboolean erase_person(Db *db, Id root_id, Instant now, GError **error);

// Empties the oldest deliveries that could not be read and are older, a few at a time: *count.
gboolean erase_unread(Db *db, Instant before, gint64 *count, GError **error);

// What a message's key is replaced by, so that the same message is known when it comes again.
char *erase_key(const char *message_key) G_GNUC_WARN_UNUSED_RESULT;
