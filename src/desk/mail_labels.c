#include "desk/mail_labels.h"

#include <string.h>

#define CATEGORY "Category "

// Of the program itself, not of its user.
static const char *const own[] = {"Inbox",    "Sent",  "Unread", "Opened", "Important", "Starred",
                                  "Archived", "Draft", "Drafts", "Chat",   "Trash",     NULL};

static gboolean has(const Mail *mail, const char *label) {
    return g_strv_contains((const char *const *)mail->labels, label);
}

gboolean mail_labels_say_sent(const Mail *mail) {
    return has(mail, "Sent");
}

gboolean mail_labels_say_draft(const Mail *mail) {
    return has(mail, "Draft") || has(mail, "Drafts");
}

GPtrArray *mail_labels_tags(const Mail *mail) {
    GPtrArray *tags = g_ptr_array_new();
    for (char **label = mail->labels; *label != NULL; label++)
        if (!g_strv_contains(own, *label) && !g_str_has_prefix(*label, CATEGORY))
            g_ptr_array_add(tags, *label);
    g_ptr_array_add(tags, NULL);
    return tags;
}
