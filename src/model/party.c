#include "model/party.h"

#include <string.h>

Party *party_new(const char *address, const char *name) {
    Party *party = g_new0(Party, 1);
    party->address = g_strdup(address);
    party->name = g_strdup(name);
    return party;
}

void party_free(Party *party) {
    if (party == NULL)
        return;
    g_free(party->address);
    g_free(party->name);
    g_free(party);
}

GPtrArray *party_list_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)party_free);
}

char *party_address_normalize(const char *address) {
    if (!g_utf8_validate(address, -1, NULL))
        return g_ascii_strdown(address, -1);
    g_autofree char *composed = g_utf8_normalize(address, -1, G_NORMALIZE_NFC);
    return g_strstrip(g_utf8_strdown(composed, -1));
}
