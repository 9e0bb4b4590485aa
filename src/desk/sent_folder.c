#include "desk/sent_folder.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "net/imap_session.h"

#define TRIES 3
#define PAUSE_S 2

gboolean sent_folder_is_ours(const ChannelConfig *channel) {
    static const char *const keepers[] = {"smtp.gmail.com", "smtp-mail.outlook.com",
                                          "smtp.office365.com"};
    const char *copy = channel_config_get(channel, "sent_copy");
    const char *host = channel_config_get(channel, "smtp_host");
    if (copy != NULL && strcmp(copy, "auto") != 0)
        return strcmp(copy, "yes") == 0;
    for (gsize at = 0; at < G_N_ELEMENTS(keepers); at++)
        if (host != NULL && g_ascii_strcasecmp(host, keepers[at]) == 0)
            return FALSE;
    return TRUE;
}

// The folder's name: as set, or the one that the server marks as \Sent; NULL with an error.
static char *find_name(ImapSession *session, const char *setting, GError **error) {
    if (strcmp(setting, "auto") != 0)
        return g_strdup(setting);
    g_autoptr(GPtrArray) folders = imap_session_list(session, error);
    for (guint at = 0; folders != NULL && at < folders->len; at++) {
        const ImapListed *folder = folders->pdata[at];
        if (strstr(folder->flags, "\\sent") != NULL || strstr(folder->flags, "\\Sent") != NULL)
            return g_strdup(folder->name);
    }
    for (guint at = 0; folders != NULL && at < folders->len; at++) {
        const ImapListed *folder = folders->pdata[at];
        if (g_ascii_strcasecmp(folder->name, "Sent") == 0)
            return g_strdup(folder->name);
    }
    if (folders != NULL)
        error_set(error, ERROR_CONFLICT, "sent_folder_missing",
                  "the mailbox has no Sent folder: name one in imap_sent_folder");
    return NULL;
}

typedef struct {
    ImapSession *session;
    char *folder;
} SentFolder;

static void sent_folder_close(SentFolder *sent) {
    g_clear_pointer(&sent->session, imap_session_free);
    g_clear_pointer(&sent->folder, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SentFolder, sent_folder_close)

static gboolean sent_folder_open(const ChannelConfig *channel, const FetchOptions *options,
                                 SentFolder *sent, GError **error) {
    g_autoptr(FetchSettings) settings = fetch_settings_read(channel, options, error);
    ImapFolder facts;
    if (settings == NULL)
        return FALSE;
    if (settings->kind != FETCH_IMAP || *settings->sent_folder == '\0') {
        error_set(error, ERROR_CONFLICT, "sent_folder_missing",
                  "the channel has no Sent folder to look into");
        return FALSE;
    }
    sent->session = imap_session_open(settings->account, NULL, error);
    if (sent->session == NULL)
        return FALSE;
    sent->folder = find_name(sent->session, settings->sent_folder, error);
    return sent->folder != NULL &&
           imap_session_select(sent->session, sent->folder, FALSE, &facts, error);
}

static gboolean holds(SentFolder *sent, const char *message_id, gboolean *found, GError **error) {
    g_autoptr(GArray) uids = imap_session_find_message_id(sent->session, message_id, error);
    *found = uids != NULL && uids->len > 0;
    return uids != NULL;
}

gboolean sent_folder_find(const ChannelConfig *channel, const FetchOptions *options,
                          const char *message_id, gboolean *found, GError **error) {
    g_auto(SentFolder) sent = {0};
    return sent_folder_open(channel, options, &sent, error) &&
           holds(&sent, message_id, found, error);
}

static gboolean copy_once(const ChannelConfig *channel, const FetchOptions *options,
                          const char *message_id, GBytes *mail, GError **error) {
    g_auto(SentFolder) sent = {0};
    gboolean found;
    return sent_folder_open(channel, options, &sent, error) &&
           holds(&sent, message_id, &found, error) &&
           (found ||
            imap_session_append(sent.session, sent.folder, "\\Seen", INSTANT_NONE, mail, error));
}

static gboolean has_folder(const ChannelConfig *channel) {
    const char *incoming = channel_config_get(channel, "incoming");
    const char *folder = channel_config_get(channel, "imap_sent_folder");
    return g_strcmp0(incoming, "imap") == 0 && folder != NULL &&
           channel_config_get(channel, "imap_host") != NULL;
}

void sent_folder_copy(const ChannelConfig *channel, const FetchOptions *options,
                      const char *message_id, GBytes *mail) {
    if (!has_folder(channel) || !sent_folder_is_ours(channel))
        return;
    for (guint try = 1;; try++) {
        g_autoptr(GError) error = NULL;
        if (copy_once(channel, options, message_id, mail, &error))
            return;
        if (!error_can_retry(error) || try == TRIES) {
            log_error(error, "sent_copy_failed", "channel", channel->name, NULL);
            return;
        }
        g_usleep(PAUSE_S * G_USEC_PER_SEC);
    }
}
