#include "net/imap_fetch.h"

#include <string.h>

#include "base/error.h"
#include "net/imap_command.h"
#include "net/imap_name.h"

#define UIDS_MAXIMUM 20000000u

const ImapFetchLimits imap_fetch_limits = {.in_flight = 4, .uids = 100, .bytes = 8 << 20};

static void mail_clear(ImapMail *mail) {
    if (mail->bytes != NULL)
        g_bytes_unref(mail->bytes);
    mail->bytes = NULL;
}

// What one FETCH response says; bytes is borrowed from it. FALSE when it is none, or bears no UID.
static gboolean read_fetch(const ImapResponse *response, ImapMail *mail, gboolean *has_body) {
    const ImapValue *items = imap_values_at(response->values, 2);
    if (response->status != NULL || !imap_value_is(imap_values_at(response->values, 1), "FETCH") ||
        items == NULL || items->type != IMAP_LIST)
        return FALSE;
    gint64 uid = 0;
    *mail = (ImapMail){.arrived_at = INSTANT_NONE};
    *has_body = FALSE;
    for (guint at = 0; at + 1 < items->values->len; at += 2) {
        const ImapValue *name = imap_values_at(items->values, at);
        const ImapValue *value = imap_values_at(items->values, at + 1);
        if (imap_value_is(name, "UID"))
            imap_value_number(value, &uid);
        else if (imap_value_is(name, "RFC822.SIZE"))
            imap_value_number(value, &mail->size);
        else if (imap_value_is(name, "INTERNALDATE") && value->text != NULL)
            mail->arrived_at = imap_date_parse(value->text);
        else if (imap_value_is(name, "BODY[]")) {
            *has_body = TRUE;
            mail_clear(mail);
            mail->bytes = value->bytes != NULL  ? g_bytes_ref(value->bytes)
                          : value->text != NULL ? g_bytes_new(value->text, strlen(value->text))
                                                : NULL;
        }
    }
    mail->uid = uid >= 1 && uid <= G_MAXUINT32 ? (guint32)uid : 0;
    if (mail->bytes != NULL)
        mail->size = (gint64)g_bytes_get_size(mail->bytes);
    return mail->uid != 0;
}

typedef struct {
    guint32 first;
    GArray *sizes; // of ImapSize
} Listing;

static gboolean hear_listed(const ImapResponse *response, gpointer data, GError **error) {
    Listing *listing = data;
    ImapMail mail = {0};
    gboolean has_body = FALSE;
    gboolean is_fetch = read_fetch(response, &mail, &has_body);
    mail_clear(&mail);
    if (!is_fetch || mail.uid < listing->first)
        return TRUE;
    if (listing->sizes->len >= UIDS_MAXIMUM) {
        error_set(error, ERROR_UPSTREAM, "imap_folder_too_large",
                  "The folder holds more mails than can be listed.");
        return FALSE;
    }
    ImapSize size = {mail.uid, mail.size};
    g_array_append_val(listing->sizes, size);
    return TRUE;
}

static gint compare_sizes(gconstpointer a, gconstpointer b) {
    const ImapSize *left = a, *right = b;
    return left->uid < right->uid ? -1 : left->uid > right->uid;
}

// Rising and each once: a server may repeat itself.
static void sort_once(GArray *sizes) {
    g_array_sort(sizes, compare_sizes);
    guint kept = 0;
    for (guint at = 0; at < sizes->len; at++) {
        ImapSize size = g_array_index(sizes, ImapSize, at);
        if (kept == 0 || g_array_index(sizes, ImapSize, kept - 1).uid != size.uid)
            g_array_index(sizes, ImapSize, kept++) = size;
    }
    g_array_set_size(sizes, kept);
}

static GArray *list(ImapSession *session, const char *set, const char *items, guint32 first,
                    GError **error) {
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(ImapSize));
    Listing listing = {first, sizes};
    g_autofree char *command = g_strdup_printf("UID FETCH %s (%s)", set, items);
    if (!imap_command_run(session, command, (ImapListener){hear_listed, &listing}, error))
        return NULL;
    sort_once(sizes);
    return g_steal_pointer(&sizes);
}

GArray *imap_session_list_uids(ImapSession *session, guint32 first, GError **error) {
    g_autofree char *set = g_strdup_printf("%u:*", MAX(first, 1));
    session->has_news = FALSE;
    g_autoptr(GArray) sizes = list(session, set, "UID", first, error);
    if (sizes == NULL)
        return NULL;
    GArray *uids = g_array_sized_new(FALSE, FALSE, sizeof(guint32), sizes->len);
    for (guint at = 0; at < sizes->len; at++)
        g_array_append_val(uids, g_array_index(sizes, ImapSize, at).uid);
    return uids;
}

GArray *imap_session_list_sizes(ImapSession *session, const guint32 *uids, gsize count,
                                GError **error) {
    if (count == 0)
        return g_array_new(FALSE, FALSE, sizeof(ImapSize));
    g_autofree char *set = imap_set_format(uids, count);
    return list(session, set, "UID RFC822.SIZE", 1, error);
}

typedef struct {
    ImapSession *session;
    GArray *wanted;
    const ImapFetchLimits *limits;
    guint next;      // in wanted
    guint first_tag; // of the oldest command in flight
    guint in_flight;
    ImapFetched fetched;
    gpointer data;
} Fetching;

// The UIDs of the next command: as many as the limits allow, at least one.
static char *next_set(Fetching *fetching) {
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    gint64 bytes = 0;
    while (fetching->next < fetching->wanted->len && uids->len < fetching->limits->uids) {
        ImapSize size = g_array_index(fetching->wanted, ImapSize, fetching->next);
        if (uids->len > 0 && bytes + size.size > fetching->limits->bytes)
            break;
        bytes += size.size;
        g_array_append_val(uids, size.uid);
        fetching->next++;
    }
    return imap_set_format((const guint32 *)(void *)uids->data, uids->len);
}

static gboolean fill_pipe(Fetching *fetching, GError **error) {
    while (fetching->in_flight < fetching->limits->in_flight &&
           fetching->next < fetching->wanted->len) {
        g_autofree char *set = next_set(fetching);
        g_autofree char *command =
            g_strdup_printf("UID FETCH %s (UID INTERNALDATE RFC822.SIZE BODY.PEEK[])", set);
        guint tag = imap_command_send(fetching->session, command, error);
        if (tag == 0)
            return FALSE;
        if (fetching->in_flight++ == 0)
            fetching->first_tag = tag;
    }
    return TRUE;
}

static gboolean is_wanted(GArray *wanted, guint32 uid) {
    ImapSize size = {uid, 0};
    return g_array_binary_search(wanted, &size, compare_sizes, NULL);
}

static gboolean hand_over(Fetching *fetching, const ImapResponse *response, GError **error) {
    ImapMail mail = {0};
    gboolean has_body = FALSE;
    gboolean is_good = TRUE;
    if (read_fetch(response, &mail, &has_body) && has_body && is_wanted(fetching->wanted, mail.uid))
        is_good = fetching->fetched(&mail, fetching->data, error);
    mail_clear(&mail);
    return is_good;
}

// One response: a mail, the answer to the oldest command, or something of no interest. A server may
// answer NO because some of the mails have gone; the others have come.
static gboolean take_response(Fetching *fetching, GError **error) {
    g_autoptr(ImapResponse) response = imap_command_next(fetching->session, error);
    gboolean is_good = FALSE;
    if (response == NULL)
        return FALSE;
    if (imap_command_is_answer(response, fetching->first_tag, &is_good, NULL)) {
        fetching->first_tag++;
        fetching->in_flight--;
        if (is_good || g_str_equal(response->status, "NO"))
            return TRUE;
        error_set(error, ERROR_UPSTREAM, "imap_bad", "The mail server does not understand FETCH.");
        return FALSE;
    }
    return hand_over(fetching, response, error);
}

static void find_culprit(ImapSession *session, ImapSize *culprit) {
    g_autoptr(ImapResponse) head = imap_reader_take_head(session->reader, &culprit->size);
    ImapMail mail = {0};
    gboolean has_body = FALSE;
    if (head != NULL && read_fetch(head, &mail, &has_body))
        culprit->uid = mail.uid;
    mail_clear(&mail);
}

gboolean imap_session_fetch(ImapSession *session, GArray *wanted, const ImapFetchLimits *limits,
                            ImapFetched fetched, gpointer data, ImapSize *culprit, GError **error) {
    Fetching fetching = {
        .session = session,
        .wanted = wanted,
        .limits = limits != NULL ? limits : &imap_fetch_limits,
        .fetched = fetched,
        .data = data,
    };
    GError *failure = NULL;
    *culprit = (ImapSize){0, 0};
    while (failure == NULL && (fetching.in_flight > 0 || fetching.next < wanted->len))
        if (fill_pipe(&fetching, &failure))
            take_response(&fetching, &failure);
    if (failure == NULL)
        return TRUE;
    session->is_dead = TRUE;
    if (g_str_equal(error_code(failure), "imap_literal_too_large"))
        find_culprit(session, culprit);
    g_propagate_error(error, failure);
    return FALSE;
}
