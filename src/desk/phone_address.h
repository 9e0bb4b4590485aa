// Numbers as identities have them: E.164, national ones by the settings of a phone channel. Used by
// whoever takes a number from a person. Reads only.
#pragma once

#include "store/db.h"

// Owned; NULL with an error (invalid: phone_invalid). channel_id: the phone channel whose country
// counts; 0 or a channel of another kind: the oldest phone channel's.
char *phone_address_normalize(Db *db, const char *text, Id channel_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
