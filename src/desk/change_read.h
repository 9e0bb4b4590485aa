// A change of a conversation from JSON: the members that PATCH takes. Used by bulk changes and
// their undoing, where it is kept as text between.
#pragma once

#include "desk/conversation_change.h"

#define CHANGE_TAGS_MAX 50

typedef struct {
    ConversationChange change; // texts are borrowed from json
    const char *add_tags[CHANGE_TAGS_MAX + 1];
    const char *remove_tags[CHANGE_TAGS_MAX + 1];
    json_t *json; // owned
} ReadChange;

// FALSE with an error (invalid) that names the member.
gboolean change_read(ReadChange *read, const json_t *json, GError **error);
void change_read_clear(ReadChange *read);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadChange, change_read_clear)
