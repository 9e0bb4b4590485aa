#include "model/threading.h"

#include <string.h>

static const char *const placement_names[PLACEMENTS] = {
    [PLACED_NEW] = "new",
    [PLACED_CHAT] = "chat",
    [PLACED_OWN_ID] = "own_id",
    [PLACED_OWN_TOKEN] = "own_token",
    [PLACED_IN_REPLY_TO] = "in_reply_to",
    [PLACED_REFERENCES] = "references",
    [PLACED_LATE_PARENT] = "late_parent",
    [PLACED_REPORT] = "report",
    [PLACED_FORWARD] = "forward",
    [PLACED_BY_HAND] = "by_hand",
    [PLACED_IMPORT] = "import",
};

const char *placement_name(Placement placement) {
    return placement_names[placement];
}

// A mail of ours belongs to whatever it answers; a stranger's only where its sender took part.
static gboolean takes_part(const ThreadMail *mail, const ThreadMail *in) {
    if (mail->is_ours)
        return TRUE;
    for (const char *const *party = in->parties; *party != NULL; party++)
        if (strcmp(*party, mail->sender) == 0)
            return TRUE;
    return FALSE;
}

static gboolean is_same_mail(const ThreadMail *a, const ThreadMail *b) {
    return strcmp(a->sender, b->sender) == 0 && strcmp(a->base_subject, b->base_subject) == 0;
}

static gboolean counts(const ThreadMail *new_mail, const ThreadMail *known, ThreadLink link) {
    if (link.rank_of_new == 0 && link.rank_of_known == 0)
        return is_same_mail(new_mail, known);
    if (link.rank_of_known == 0)
        return takes_part(new_mail, known);
    if (link.rank_of_new == 0)
        return takes_part(known, new_mail);
    return takes_part(new_mail, known) && takes_part(known, new_mail);
}

Placement threading_relate(const ThreadMail *new_mail, const ThreadMail *known, ThreadLink link) {
    if (!counts(new_mail, known, link))
        return PLACED_NEW;
    if (link.rank_of_new == 0 && link.rank_of_known > 0)
        return PLACED_LATE_PARENT;
    return link.rank_of_new == 1 && link.rank_of_known == 0 ? PLACED_IN_REPLY_TO
                                                            : PLACED_REFERENCES;
}
