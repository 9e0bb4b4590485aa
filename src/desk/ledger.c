#include "desk/ledger.h"

static void count_state(LedgerCounts *counts, char state) {
    switch (state) {
    case 's':
        counts->stored++;
        break;
    case 'd':
        counts->duplicate++;
        break;
    case 'q':
        counts->quarantined++;
        break;
    default:
        counts->refused++;
    }
}

LedgerCounts ledger_compare(const GArray *server, const GArray *rows, GArray *missing) {
    LedgerCounts counts = {.server = server->len};
    guint row = 0;
    for (guint at = 0; at < server->len; at++) {
        guint32 uid = g_array_index(server, guint32, at);
        for (; row < rows->len && g_array_index(rows, MailboxUid, row).uid < uid; row++)
            counts.gone++;
        if (row < rows->len && g_array_index(rows, MailboxUid, row).uid == uid) {
            count_state(&counts, g_array_index(rows, MailboxUid, row++).state);
            continue;
        }
        counts.missing++;
        if (missing != NULL)
            g_array_append_val(missing, uid);
    }
    counts.gone += rows->len - row;
    return counts;
}

json_t *ledger_counts_to_json(const LedgerCounts *counts) {
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "server", (json_int_t)counts->server,
                     "stored", (json_int_t)counts->stored, "duplicate",
                     (json_int_t)counts->duplicate, "quarantined", (json_int_t)counts->quarantined,
                     "refused", (json_int_t)counts->refused, "missing", (json_int_t)counts->missing,
                     "gone", (json_int_t)counts->gone);
}

static json_t *folder_to_json(const Mailbox *mailbox) {
    json_t *json =
        json_pack("{s:s, s:I, s:I}", "folder", mailbox->folder, "uid_validity",
                  (json_int_t)mailbox->uid_validity, "last_uid", (json_int_t)mailbox->last_uid);
    g_autofree char *looked_at =
        mailbox->looked_at == INSTANT_NONE ? NULL : instant_format(mailbox->looked_at);
    json_object_set_new(json, "looked_at",
                        looked_at == NULL ? json_null() : json_string(looked_at));
    json_t *counts = mailbox->counts == NULL ? NULL : json_loads(mailbox->counts, 0, NULL);
    if (counts != NULL)
        json_object_update_missing(json, counts);
    json_decref(counts);
    return json;
}

json_t *ledger_read(Db *db, Id channel_id, GError **error) {
    g_autoptr(GPtrArray) mailboxes = mailbox_list(db, channel_id, error);
    if (mailboxes == NULL)
        return NULL;
    json_t *folders = json_array();
    for (guint at = 0; at < mailboxes->len; at++)
        json_array_append_new(folders, folder_to_json(mailboxes->pdata[at]));
    return json_pack("{s:o}", "items", folders);
}
