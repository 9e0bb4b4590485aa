// Which conversation a message belongs to (model/threading.h; channels.md 17.1).
#include <string.h>

#include "desk/arrival.h"
#include "model/authentication.h"
#include "model/own_id.h"
#include "store/thread.h"

static ChannelConfig *find_own_mailbox(const Arrival *arrival, const GPtrArray *parties) {
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        ChannelConfig *channel =
            channel_directory_find_by_address(arrival->context->channels, "email", party->address);
        if (channel != NULL)
            return channel;
    }
    return NULL;
}

gboolean arrival_choose_home(Arrival *arrival, G_GNUC_UNUSED GError **error) {
    const Mail *mail = arrival->incoming->mail;
    if (mail != NULL && !arrival->incoming->is_outbound) {
        arrival->home = find_own_mailbox(arrival, mail->to);
        if (arrival->home == NULL)
            arrival->home = find_own_mailbox(arrival, mail->cc);
    }
    if (arrival->home == NULL)
        arrival->home = channel_config_ref(arrival->channel);
    return TRUE;
}

static gboolean is_own_address(const Arrival *arrival, const char *address) {
    g_autoptr(ChannelConfig) channel =
        channel_directory_find_by_address(arrival->context->channels, "email", address);
    return channel != NULL;
}

static const Party *first_stranger(const Arrival *arrival, const GPtrArray *parties) {
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        if (!is_own_address(arrival, party->address))
            return party;
    }
    return NULL;
}

// Of a mail in a Sent folder the customer is whom it was written to.
static const Party *recipient(const Arrival *arrival) {
    const Mail *mail = arrival->incoming->mail;
    const GPtrArray *const lists[] = {mail->to, mail->cc, mail->bcc};
    for (gsize at = 0; at < G_N_ELEMENTS(lists); at++) {
        const Party *party = first_stranger(arrival, lists[at]);
        if (party != NULL)
            return party;
    }
    return arrival->incoming->from;
}

static gboolean find_agent(Arrival *arrival, GError **error) {
    gboolean found;
    return db_query_int(
        arrival->db, "SELECT id FROM agent WHERE email = $1 AND disabled_at IS NULL",
        DB_VALUES(DB_TEXT(arrival->prepared->sender)), &arrival->agent_id, &found, error);
}

// An agent's forward counts only when our own server recorded that the sender is real
// (reliability.md E02).
static gboolean is_agent_forward(const Arrival *arrival) {
    const Mail *mail = arrival->incoming->mail;
    return arrival->agent_id != 0 && mail->forwarded_from != NULL &&
           authentication_has_dmarc_pass(mail->authentication,
                                         channel_config_get(arrival->channel, "authserv_id"));
}

gboolean arrival_choose_customer(Arrival *arrival, GError **error) {
    const Incoming *incoming = arrival->incoming;
    const Mail *mail = incoming->mail;
    arrival->customer_party = incoming->from;
    if (mail == NULL)
        return TRUE;
    if (!find_agent(arrival, error))
        return FALSE;
    if (incoming->is_outbound) {
        arrival->customer_party = recipient(arrival);
        return TRUE;
    }
    if (is_agent_forward(arrival)) {
        arrival->customer_party = mail->forwarded_from;
        arrival->placement = PLACED_FORWARD;
        return TRUE;
    }
    arrival->agent_id = 0;
    // A contact form writes from our own address and names the customer in Reply-To.
    const Party *asker = is_own_address(arrival, incoming->from->address)
                             ? first_stranger(arrival, mail->reply_to)
                             : NULL;
    if (asker != NULL)
        arrival->customer_party = asker;
    return TRUE;
}

// Takes one conversation that matched: the first becomes this message's, later ones are the same
// conversation.
static gboolean take_match(Arrival *arrival, Id conversation_id, Placement placement,
                           const char *reference, GError **error) {
    Conversation match;
    gboolean found;
    if (!conversation_find(arrival->db, conversation_id, &match, &found, error))
        return FALSE;
    if (!found || match.is_erased ||
        (arrival->has_conversation && match.id == arrival->conversation.id))
        return TRUE;
    if (!arrival->has_conversation) {
        arrival->has_conversation = TRUE;
        arrival->conversation = match;
        arrival->placement = placement;
        arrival->placement_reference = g_strdup(reference);
    } else if (!match.is_split && !arrival->conversation.is_split) {
        g_array_append_val(arrival->joined, match.id);
    }
    return TRUE;
}

static ThreadMail describe(const Arrival *arrival) {
    return (ThreadMail){
        .message_id = arrival->message_id,
        .sender = arrival->prepared->sender,
        .parties = (const char *const *)arrival->prepared->parties,
        .base_subject = arrival->prepared->base_subject,
        .is_ours = arrival->incoming->is_outbound,
    };
}

static gboolean match_reference(Arrival *arrival, const char *reference, guint rank,
                                GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(ThreadMatches) matches = thread_find(arrival->db, reference, error);
    if (matches == NULL)
        return FALSE;
    ThreadMail mail = describe(arrival);
    ThreadMatch match;
    Id last_taken = 0;
    while (failure == NULL && thread_matches_next(matches, &match, &failure)) {
        if (match.conversation_id == last_taken)
            continue;
        ThreadLink link = {.rank_of_new = rank, .rank_of_known = match.rank};
        Placement placement = threading_relate(&mail, &match.mail, link);
        if (placement == PLACED_NEW) {
            arrival->related_to =
                arrival->related_to != 0 ? arrival->related_to : match.conversation_id;
            continue;
        }
        last_taken = match.conversation_id;
        take_match(arrival, match.conversation_id, placement, reference, &failure);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean has_written(const Arrival *arrival, Id conversation_id, gboolean *answer,
                            GError **error) {
    gint64 one;
    return db_query_int(arrival->db,
                        "SELECT 1 FROM message m JOIN identity i ON i.id = m.identity_id"
                        " WHERE m.conversation_id = $1 AND i.address = $2 LIMIT 1",
                        DB_VALUES(DB_ID(conversation_id), DB_TEXT(arrival->prepared->sender)), &one,
                        answer, error);
}

static gboolean is_among(const char *address, const char *lines) {
    g_auto(GStrv) addresses = g_strsplit(lines, "\n", -1);
    return g_strv_contains((const char *const *)addresses, address);
}

static gboolean was_addressed(const Arrival *arrival, Id conversation_id, gboolean *answer,
                              GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(arrival->db,
                 "SELECT t.parties FROM message m JOIN thread_mail t ON t.message_id = m.id"
                 " WHERE m.conversation_id = $1 ORDER BY m.occurred_at, m.id LIMIT 500",
                 DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    *answer = FALSE;
    while (!*answer && db_rows_next(rows, &failure))
        *answer = is_among(arrival->prepared->sender, db_rows_text(rows, 0));
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean is_participant(const Arrival *arrival, Id conversation_id, gboolean *answer,
                               GError **error) {
    return has_written(arrival, conversation_id, answer, error) &&
           (*answer || was_addressed(arrival, conversation_id, answer, error));
}

// A signature lets in even somebody who took no part so far; that is flagged, and never becomes the
// default recipient.
static gboolean take_signed(Arrival *arrival, Id conversation_id, Placement placement,
                            const char *reference, GError **error) {
    gboolean was_placed = arrival->has_conversation;
    gboolean takes_part = TRUE;
    if (!take_match(arrival, conversation_id, placement, reference, error))
        return FALSE;
    if (was_placed || !arrival->has_conversation || arrival->incoming->is_outbound)
        return TRUE;
    if (!is_participant(arrival, arrival->conversation.id, &takes_part, error))
        return FALSE;
    arrival->is_stranger = !takes_part;
    return TRUE;
}

static gboolean match_own_ids(Arrival *arrival, GError **error) {
    for (char **id = arrival->prepared->references; *id != NULL; id++) {
        Id conversation_id;
        if (own_id_find(arrival->context->key, *id, &conversation_id, NULL) &&
            !take_signed(arrival, conversation_id, PLACED_OWN_ID, *id, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean match_token(Arrival *arrival, const char *address, GError **error) {
    Id conversation_id;
    return !own_token_find(arrival->context->key, address, &conversation_id) ||
           take_signed(arrival, conversation_id, PLACED_OWN_TOKEN, address, error);
}

static gboolean match_own_tokens(Arrival *arrival, GError **error) {
    const Mail *mail = arrival->incoming->mail;
    const GPtrArray *const lists[] = {mail->to, mail->cc};
    for (gsize list = 0; list < G_N_ELEMENTS(lists); list++)
        for (guint at = 0; at < lists[list]->len; at++)
            if (!match_token(arrival, ((const Party *)lists[list]->pdata[at])->address, error))
                return FALSE;
    for (char **address = mail->delivered_to; *address != NULL; address++)
        if (!match_token(arrival, *address, error))
            return FALSE;
    return TRUE;
}

// A bounce or receipt belongs to our mail that it names, if we signed it (reliability.md E13).
static gboolean match_report(Arrival *arrival, GError **error) {
    const Mail *mail = arrival->incoming->mail;
    const char *const names[] = {mail->report_envelope, mail->report_about};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        Id conversation_id;
        if (names[at] != NULL &&
            own_id_find(arrival->context->key, names[at], &conversation_id,
                        &arrival->reported_message_id) &&
            !take_match(arrival, conversation_id, PLACED_REPORT, names[at], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean find_by_headers(Arrival *arrival, GError **error) {
    if (!match_report(arrival, error) || !match_own_ids(arrival, error) ||
        !match_own_tokens(arrival, error))
        return FALSE;
    guint rank = 1;
    for (char **reference = arrival->prepared->references; *reference != NULL; reference++, rank++)
        if (!match_reference(arrival, *reference, rank, error))
            return FALSE;
    return match_reference(arrival, arrival->prepared->message_key, 0, error);
}

// A chat that nobody knows may be one that has another name by now.
static gboolean find_by_thread(Arrival *arrival, GError **error) {
    Db *db = arrival->db;
    Id channel_id = arrival->channel->id;
    arrival->thread_key = g_strdup(arrival->incoming->thread_key);
    if (!conversation_find_by_thread(db, channel_id, arrival->thread_key, &arrival->conversation,
                                     &arrival->has_conversation, error))
        return FALSE;
    if (arrival->has_conversation)
        return TRUE;
    g_free(arrival->thread_key);
    arrival->thread_key =
        conversation_thread_now(db, channel_id, arrival->incoming->thread_key, error);
    return arrival->thread_key != NULL &&
           (strcmp(arrival->thread_key, arrival->incoming->thread_key) == 0 ||
            conversation_find_by_thread(db, channel_id, arrival->thread_key, &arrival->conversation,
                                        &arrival->has_conversation, error));
}

gboolean arrival_find_conversation(Arrival *arrival, GError **error) {
    arrival->joined = g_array_new(FALSE, FALSE, sizeof(Id));
    if (arrival->placement == PLACED_FORWARD)
        return TRUE;
    if (arrival->delivery->placed_in != 0)
        return take_match(arrival, arrival->delivery->placed_in, PLACED_IMPORT, NULL, error);
    if (arrival->incoming->mail != NULL)
        return find_by_headers(arrival, error);
    arrival->placement = PLACED_CHAT;
    if (arrival->incoming->thread_key == NULL)
        return TRUE;
    return find_by_thread(arrival, error);
}
