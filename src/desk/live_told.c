#include "desk/live_told.h"

#include <string.h>

#define TOLD_MAX 4000

static void told_free(gpointer data) {
    Told *told = data;
    g_bytes_unref(told->bytes);
    g_free(told);
}

GPtrArray *live_told_new(void) {
    return g_ptr_array_new_with_free_func(told_free);
}

void live_told_add(GPtrArray *told, Id owner, Id conversation_id, const char *json) {
    if (told->len >= TOLD_MAX)
        return;
    char *text = g_strdup_printf("event: live\ndata: %s\n\n", json);
    Told *item = g_new(Told, 1);
    *item = (Told){g_bytes_new_take(text, strlen(text)), owner, conversation_id};
    g_ptr_array_add(told, item);
}
