// Threading of mail as a relation between two mails, so that conversations are its connected
// components and the order of arrival cannot change them (channels.md 17.1; RFC 5322 3.6.4). Pure.
#pragma once

#include <glib.h>

#include "base/id.h"

// What threading looks at in a mail. All addresses are normalized; everything is borrowed.
typedef struct {
    Id message_id;              // our row; 0 for the mail that is being placed
    const char *sender;         // From
    const char *const *parties; // From, Reply-To, To, Cc; ends with NULL
    const char *base_subject;   // RFC 5256
    gboolean is_ours;           // written by us: a Sent folder or dialogd itself
} ThreadMail;

// How two mails share a reference: by the ranks of that reference in each. Rank 0 is a mail's own
// id, 1 what it answers (In-Reply-To, or its newest reference), then older ones.
typedef struct {
    guint rank_of_new;
    guint rank_of_known;
} ThreadLink;

// Why a message stands where it stands; shown to agents as "placement".
typedef enum {
    PLACED_NEW,         // nothing matched: a conversation of its own
    PLACED_CHAT,        // the provider's chat
    PLACED_OWN_ID,      // one of our signed ids among its references
    PLACED_OWN_TOKEN,   // a signed +token among its recipients
    PLACED_IN_REPLY_TO, // answers a known mail
    PLACED_REFERENCES,  // names a known mail, or shares a reference with one
    PLACED_LATE_PARENT, // a known mail names this one
    PLACED_REPORT,      // a bounce or receipt about a mail of ours
    PLACED_FORWARD,     // forwarded by an agent: a conversation with the real customer
    PLACED_BY_HAND,
    PLACED_IMPORT, // another help desk had it there
    PLACEMENTS,
} Placement;

const char *placement_name(Placement placement);

// The rule by which a mail that shares this reference with a known mail belongs to it, or
// PLACED_NEW where the match does not count because neither is a participant of the other.
// Symmetric in what it joins.
Placement threading_relate(const ThreadMail *new_mail, const ThreadMail *known, ThreadLink link);
