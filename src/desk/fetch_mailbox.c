#include "desk/fetch_mailbox.h"

#include <string.h>

#include "base/error.h"
#include "desk/fetch_folder.h"
#include "desk/fetch_pop3.h"

#define RENEW_MS (9 * 60 * 1000)  // of IDLE (channels.md 17.5)
#define OTHERS_MS (2 * 60 * 1000) // between visits to folders without IDLE
#define LOOK_MS (60 * 60 * 1000)  // between comparisons of the ledger
#define LOOK_SOON_MS (30 * 1000)  // the same after mails came, for who asks for the ledger

struct FetchMailbox {
    ChannelConfig *config;
    FetchSettings *settings;
    gint64 mail_limit;
    MailIntake *intake;
    const gint *stopping;
    ImapSession *session; // NULL: closed; else in IDLE between turns, or not
    gboolean is_idle;
    gboolean is_careful;
    GPtrArray *sent;       // names of the folders whose mails are ours; NULL: not asked yet
    gint64 looked_at;      // monotonic; 0: never
    gboolean has_unlooked; // mails came since then
};

FetchMailbox *fetch_mailbox_new(ChannelConfig *config, const FetchOptions *options,
                                MailIntake *intake, const gint *stopping, GError **error) {
    g_autoptr(FetchSettings) settings = fetch_settings_read(config, options, error);
    if (settings == NULL)
        return NULL;
    if (settings->kind == FETCH_NONE) {
        error_set(error, ERROR_INVALID, "not_fetched", "The channel's mail is brought to it.");
        return NULL;
    }
    FetchMailbox *mailbox = g_new0(FetchMailbox, 1);
    settings->account->stopping = stopping;
    mailbox->config = channel_config_ref(config);
    mailbox->mail_limit = options->mail_limit;
    mailbox->settings = g_steal_pointer(&settings);
    mailbox->intake = intake;
    mailbox->stopping = stopping;
    return mailbox;
}

static void close_session(FetchMailbox *mailbox) {
    g_clear_pointer(&mailbox->session, imap_session_free);
    mailbox->is_idle = FALSE;
}

void fetch_mailbox_free(FetchMailbox *mailbox) {
    if (mailbox == NULL)
        return;
    close_session(mailbox);
    fetch_settings_free(mailbox->settings);
    channel_config_unref(mailbox->config);
    g_clear_pointer(&mailbox->sent, g_ptr_array_unref);
    g_free(mailbox);
}

const ChannelConfig *fetch_mailbox_config(const FetchMailbox *mailbox) {
    return mailbox->config;
}

int fetch_mailbox_socket(const FetchMailbox *mailbox) {
    return mailbox->is_idle ? imap_session_socket(mailbox->session) : -1;
}

gboolean fetch_mailbox_has_news(FetchMailbox *mailbox) {
    gboolean has_news = FALSE;
    if (mailbox->is_idle && !imap_session_idle_look(mailbox->session, &has_news, NULL)) {
        close_session(mailbox);
        return TRUE;
    }
    return has_news;
}

// Ends IDLE, or opens a session. A session that was lost in IDLE is no failure: the next is tried.
static gboolean ensure_session(FetchMailbox *mailbox, GError **error) {
    if (mailbox->is_idle && !imap_session_idle_end(mailbox->session, NULL))
        close_session(mailbox);
    mailbox->is_idle = FALSE;
    if (mailbox->session == NULL)
        mailbox->session = imap_session_open(mailbox->settings->account, NULL, error);
    return mailbox->session != NULL;
}

// The Sent folder by its name, or by its flag where the setting says auto.
static gboolean find_sent(FetchMailbox *mailbox, GError **error) {
    const char *setting = mailbox->settings->sent_folder;
    if (mailbox->sent != NULL)
        return TRUE;
    g_autoptr(GPtrArray) sent = g_ptr_array_new_with_free_func(g_free);
    if (*setting != '\0' && !g_str_equal(setting, "auto"))
        g_ptr_array_add(sent, g_strdup(setting));
    if (g_str_equal(setting, "auto")) {
        g_autoptr(GPtrArray) folders = imap_session_list(mailbox->session, error);
        if (folders == NULL)
            return FALSE;
        for (guint at = 0; at < folders->len; at++) {
            const ImapListed *listed = folders->pdata[at];
            if (strstr(listed->flags, "\\sent") != NULL)
                g_ptr_array_add(sent, g_strdup(listed->name));
        }
    }
    mailbox->sent = g_steal_pointer(&sent);
    return TRUE;
}

static gboolean sync_folder(FetchMailbox *mailbox, const char *folder, gboolean looks,
                            FetchTurn *turn, GError **error) {
    FetchFolder job = {
        .intake = mailbox->intake,
        .session = mailbox->session,
        .channel_id = mailbox->config->id,
        .folder = folder,
        .mail_limit = mailbox->mail_limit,
        .is_outbound = g_ptr_array_find_with_equal_func(mailbox->sent, folder, g_str_equal, NULL),
        .is_careful = mailbox->is_careful,
        .looks = looks,
        .stopping = mailbox->stopping,
    };
    FetchFolderResult result;
    gboolean is_good = fetch_folder(&job, &result, error);
    turn->fetched += result.fetched;
    turn->missing += result.ledger.missing;
    turn->was_changed |= result.was_changed;
    return is_good;
}

// A folder that is missing must not keep the others from being fetched.
static gboolean sync_other(FetchMailbox *mailbox, const char *folder, gboolean looks,
                           FetchTurn *turn, GError **error) {
    GError *failure = NULL;
    if (sync_folder(mailbox, folder, looks, turn, &failure))
        return TRUE;
    if (!g_str_equal(error_code(failure), "imap_no")) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_clear_error(&turn->problem);
    turn->problem = failure;
    return TRUE;
}

// All others first; the first of the list last, because it stays open for IDLE.
static gboolean sync_folders(FetchMailbox *mailbox, FetchTurn *turn, GError **error) {
    char **folders = mailbox->settings->folders;
    gint64 now = clock_monotonic();
    gint64 between = mailbox->has_unlooked ? LOOK_SOON_MS : LOOK_MS;
    gboolean looks = mailbox->looked_at == 0 || now - mailbox->looked_at >= between;
    for (gsize at = 1; folders[at] != NULL; at++)
        if (!sync_other(mailbox, folders[at], looks, turn, error))
            return FALSE;
    for (guint at = 0; at < mailbox->sent->len; at++) {
        const char *sent = mailbox->sent->pdata[at];
        if (!g_strv_contains((const char *const *)folders, sent) &&
            !sync_other(mailbox, sent, looks, turn, error))
            return FALSE;
    }
    if (!sync_folder(mailbox, folders[0], looks, turn, error))
        return FALSE;
    if (looks)
        mailbox->looked_at = now;
    mailbox->has_unlooked = !looks && (mailbox->has_unlooked || turn->fetched > 0);
    return TRUE;
}

static gboolean begin_idle(FetchMailbox *mailbox, FetchTurn *turn, GError **error) {
    gboolean has_others = mailbox->settings->folders[1] != NULL || mailbox->sent->len > 0;
    turn->next_ms = OTHERS_MS;
    if (!imap_session_has(mailbox->session, "IDLE"))
        return TRUE;
    if (!imap_session_idle_begin(mailbox->session, error))
        return FALSE;
    mailbox->is_idle = TRUE;
    if (!has_others)
        turn->next_ms = RENEW_MS;
    if (mailbox->has_unlooked)
        turn->next_ms = LOOK_SOON_MS;
    if (fetch_mailbox_has_news(mailbox))
        turn->next_ms = 0;
    return TRUE;
}

static gboolean imap_turn(FetchMailbox *mailbox, FetchTurn *turn, GError **error) {
    return ensure_session(mailbox, error) && find_sent(mailbox, error) &&
           sync_folders(mailbox, turn, error) && begin_idle(mailbox, turn, error);
}

static gboolean pop3_turn(FetchMailbox *mailbox, FetchTurn *turn, GError **error) {
    FetchPop3 job = {
        .intake = mailbox->intake,
        .account = mailbox->settings->account,
        .channel_id = mailbox->config->id,
        .mail_limit = mailbox->mail_limit,
        .deletes = mailbox->settings->deletes,
        .is_careful = mailbox->is_careful,
        .stopping = mailbox->stopping,
    };
    turn->next_ms = OTHERS_MS;
    return fetch_pop3(&job, &turn->fetched, error);
}

// What the store refused for itself is taken one by one the next time.
static gboolean calls_for_care(const GError *error) {
    ErrorKind kind = error_kind(error);
    return kind == ERROR_INTERNAL || kind == ERROR_CONFLICT || kind == ERROR_INVALID ||
           kind == ERROR_TOO_LARGE;
}

gboolean fetch_mailbox_turn(FetchMailbox *mailbox, FetchTurn *turn, GError **error) {
    GError *failure = NULL;
    *turn = (FetchTurn){0};
    gboolean is_good = mailbox->settings->kind == FETCH_POP3 ? pop3_turn(mailbox, turn, &failure)
                                                             : imap_turn(mailbox, turn, &failure);
    mailbox->is_careful = !is_good && calls_for_care(failure);
    if (is_good)
        return TRUE;
    close_session(mailbox);
    g_clear_error(&turn->problem);
    g_propagate_error(error, failure);
    return FALSE;
}
