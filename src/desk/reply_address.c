#include "desk/reply_address.h"

#include <string.h>

#include "base/error.h"
#include "desk/outgoing_build.h"

#define REFERENCES_LAST 20
#define ADDRESS_LIMIT 320

static gboolean is_address(const char *address, const char *own) {
    g_autofree char *one = party_address_normalize(address);
    g_autofree char *other = party_address_normalize(own);
    return g_str_equal(one, other);
}

static void leave_out(GPtrArray *parties, const char *own_address) {
    for (guint at = parties->len; at-- > 0;) {
        const Party *party = parties->pdata[at];
        if (is_address(party->address, own_address) || !reply_address_check(party->address, NULL))
            g_ptr_array_remove_index(parties, at);
    }
}

GPtrArray *reply_address_default(const json_t *headers, gboolean is_out, const char *own_address) {
    GPtrArray *parties = parties_from_json(json_object_get(headers, is_out ? "to" : "reply_to"));
    leave_out(parties, own_address);
    Party *from = is_out ? NULL : party_from_json(json_object_get(headers, "from"));
    if (parties->len == 0 && from != NULL)
        g_ptr_array_add(parties, g_steal_pointer(&from));
    party_free(from);
    leave_out(parties, own_address);
    return parties;
}

gboolean reply_address_check(const char *address, GError **error) {
    const char *at = strrchr(address, '@');
    gboolean is_good = at != NULL && at != address && at[1] != '\0' &&
                       strlen(address) <= ADDRESS_LIMIT && g_utf8_validate(address, -1, NULL);
    for (const char *byte = address; is_good && *byte != '\0'; byte++)
        is_good = (guchar)*byte > 32 && *byte != 127 && strchr("<>,;:()[]\\", *byte) == NULL;
    if (!is_good)
        error_set(error, ERROR_INVALID, "address_invalid",
                  "a recipient is no mail address of the form name@domain");
    return is_good;
}

char **reply_references(const json_t *headers, const char *message_id) {
    const json_t *list = json_object_get(headers, "references");
    if (json_array_size(list) == 0 && json_array_size(json_object_get(headers, "in_reply_to")) == 1)
        list = json_object_get(headers, "in_reply_to");
    g_auto(GStrv) all = texts_from_json(list);
    GPtrArray *kept = g_ptr_array_new();
    guint count = g_strv_length(all);
    for (guint at = 0; at < count; at++)
        if ((at == 0 || at + REFERENCES_LAST >= count) && !g_str_equal(all[at], message_id))
            g_ptr_array_add(kept, g_strdup(all[at]));
    g_ptr_array_add(kept, g_strdup(message_id));
    g_ptr_array_add(kept, NULL);
    return (char **)g_ptr_array_free(kept, FALSE);
}

char *reply_subject(const char *subject) {
    static const char *const marks[] = {"re:", "sv:", "vs:", "aw:"};
    for (gsize at = 0; at < G_N_ELEMENTS(marks); at++)
        if (g_ascii_strncasecmp(subject, marks[at], strlen(marks[at])) == 0)
            return g_strdup(subject);
    return g_strconcat("Re: ", subject, NULL);
}
