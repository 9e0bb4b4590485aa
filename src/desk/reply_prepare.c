#include <string.h>

#include "base/error.h"
#include "desk/outgoing_build.h"
#include "desk/reply_address.h"
#include "desk/reply_draft.h"
#include "desk/reply_quote.h"
#include "mime/mail_encode.h"
#include "model/own_id.h"

#define PREVIEW_CHARACTERS 200

static gboolean clean_texts(Reply *reply, const ReplyContext *context, GError **error) {
    ReplyDraft *draft = reply->draft;
    g_autofree char *clean = NULL;
    g_autofree char *text = NULL;
    if (reply->html != NULL && context->parsers == NULL) {
        error_set(error, ERROR_UNAVAILABLE, "html_unavailable",
                  "html cannot be cleaned here: send text, or write through the running server");
        return FALSE;
    }
    if (reply->html != NULL &&
        !parser_pool_clean_html_wait(context->parsers, reply->html, &clean, &text, error))
        return FALSE;
    draft->new_text = g_strdup(reply->text != NULL ? reply->text : text);
    if (draft->new_text == NULL)
        draft->new_text = g_strdup("");
    draft->html = g_steal_pointer(&clean);
    return TRUE;
}

static void choose_recipients(Reply *reply) {
    ReplyDraft *draft = reply->draft;
    const ReplyParent *parent = draft->asked.id != 0 ? &draft->asked : &draft->parent;
    if (reply->to->len > 0 || parent->id == 0)
        return;
    g_ptr_array_unref(reply->to);
    reply->to = reply_address_default(parent->headers, parent->is_out, draft->channel->address);
    if (reply->to->len == 0 && draft->identity_address != NULL)
        g_ptr_array_add(reply->to, party_new(draft->identity_address, NULL));
}

// Copies to all who take part; who is named already is not named twice.
static void copy_participants(Reply *reply) {
    const GPtrArray *participants = reply->draft->participants;
    for (guint at = 0; participants != NULL && at < participants->len; at++) {
        const Party *party = participants->pdata[at];
        g_ptr_array_add(reply->cc, party_new(party->address, party->name));
    }
}

// No address twice over all lists: nobody gets two copies.
static void drop_repeated_recipients(Reply *reply) {
    GPtrArray *lists[] = {reply->to, reply->cc, reply->bcc};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize list = 0; list < G_N_ELEMENTS(lists); list++)
        for (guint at = 0; at < lists[list]->len;) {
            const Party *party = lists[list]->pdata[at];
            if (g_hash_table_add(seen, party_address_normalize(party->address)))
                at++;
            else
                g_ptr_array_remove_index(lists[list], at);
        }
}

static void set_parties(json_t *headers, const char *name, const GPtrArray *parties) {
    if (parties->len > 0)
        json_object_set_new(headers, name, parties_to_json(parties));
}

static void set_parent(ReplyDraft *draft) {
    if (draft->parent.id == 0 || draft->parent.message_key == NULL)
        return;
    g_auto(GStrv) references = reply_references(draft->parent.headers, draft->parent.message_key);
    json_t *list = json_array();
    for (char **at = references; *at != NULL; at++)
        json_array_append_new(list, json_string(*at));
    json_object_set_new(draft->headers, "references", list);
    json_object_set_new(draft->headers, "in_reply_to", json_pack("[s]", draft->parent.message_key));
}

static void make_mail_headers(Reply *reply, const SecretKey *key) {
    ReplyDraft *draft = reply->draft;
    const char *address = draft->channel->address, *at = strrchr(address, '@');
    const char *name = channel_config_get(draft->channel, "from_name");
    g_autoptr(Party) from = party_new(address, name != NULL ? name : draft->channel->name);
    draft->message_key = own_id_make(key, draft->conversation_id, draft->message_id,
                                     at != NULL ? at + 1 : "localhost");
    json_object_set_new(draft->headers, "from", party_to_json(from));
    set_parties(draft->headers, "to", reply->to);
    set_parties(draft->headers, "cc", reply->cc);
    set_parties(draft->headers, "bcc", reply->bcc);
    json_object_set_new(draft->headers, "message_id", json_string(draft->message_key));
    json_object_set_new(draft->headers, "date", json_integer(draft->written_at));
    set_parent(draft);
}

static void compose_mail(Reply *reply) {
    ReplyDraft *draft = reply->draft;
    g_autoptr(Party) writer = party_from_json(json_object_get(draft->asked.headers, "from"));
    QuotedMail quoted = {.from = writer,
                         .written_at = draft->asked.occurred_at,
                         .text = draft->asked.text,
                         .html = draft->asked.html,
                         .language = draft->language};
    const QuotedMail *original =
        writer != NULL && draft->asked.id != 0 && !reply->omits_quote ? &quoted : NULL;
    draft->text = reply_compose_text(draft->new_text, draft->signature, original);
    if (draft->html != NULL) {
        g_autofree char *own = g_steal_pointer(&draft->html);
        draft->html = reply_compose_html(own, draft->signature, original);
    }
}

static char *make_subject(const Reply *reply) {
    const ReplyDraft *draft = reply->draft;
    if (reply->subject != NULL)
        return g_strdup(reply->subject);
    return draft->parent.id != 0 ? reply_subject(draft->conversation_subject)
                                 : g_strdup(draft->conversation_subject);
}

static Outgoing *build_outgoing(const Reply *reply) {
    const ReplyDraft *draft = reply->draft;
    OutgoingSource source = {.message_id = draft->message_id,
                             .client_key = reply->client_key,
                             .thread_key = draft->thread_key,
                             .subject = draft->subject,
                             .text = draft->text,
                             .html = draft->html,
                             .message_key = draft->message_key,
                             .headers = draft->headers,
                             .is_automatic = reply->author != ACTOR_AGENT,
                             .date = draft->written_at};
    Outgoing *outgoing = outgoing_build(&source, draft->kind);
    g_ptr_array_unref(outgoing->attachments);
    outgoing->attachments = g_ptr_array_ref(reply->attachments);
    return outgoing;
}

// What cannot be encoded is refused now, while its writer looks at it.
static gboolean try_encoding(Reply *reply, GError **error) {
    ReplyDraft *draft = reply->draft;
    g_autoptr(Outgoing) outgoing = build_outgoing(reply);
    if (draft->is_mail) {
        g_autoptr(GBytes) bytes = mail_encode(outgoing, "check", error);
        return bytes != NULL;
    }
    if (draft->kind->encode == NULL) {
        error_set(error, ERROR_INVALID, "channel_cannot_reply", "this channel takes no replies");
        return FALSE;
    }
    g_autoptr(GPtrArray) requests =
        draft->kind->encode(outgoing, draft->channel, draft->written_at, error);
    draft->parts = requests != NULL ? requests->len : 0;
    return requests != NULL;
}

static void index_words(Reply *reply) {
    ReplyDraft *draft = reply->draft;
    draft->document = search_document_new();
    search_document_add_subject(draft->document, draft->subject);
    search_document_add_text(draft->document, draft->new_text);
    const Party *to = reply->to->len > 0 ? reply->to->pdata[0] : NULL;
    if (draft->is_mail)
        search_document_add_from(draft->document, draft->channel->address, draft->channel->name);
    if (to != NULL)
        search_document_add_to(draft->document, to->address, to->name);
    for (guint at = 0; at < reply->attachments->len; at++) {
        const Attachment *attachment = reply->attachments->pdata[at];
        search_document_add_attachment(draft->document, attachment->name);
    }
    g_autofree char *start = g_utf8_substring(
        draft->new_text, 0, MIN(g_utf8_strlen(draft->new_text, -1), PREVIEW_CHARACTERS));
    draft->preview = g_strstrip(g_strdelimit(g_steal_pointer(&start), "\r\n\t", ' '));
}

static gboolean prepare_blobs(Reply *reply, const ReplyContext *context, GError **error) {
    ReplyDraft *draft = reply->draft;
    if (draft->html != NULL) {
        g_autoptr(GBytes) bytes = g_bytes_new(draft->html, strlen(draft->html));
        draft->html_blob = blob_prepare(context->store, bytes, error);
        if (draft->html_blob == NULL)
            return FALSE;
    }
    for (guint at = 0; at < reply->attachments->len; at++) {
        const Attachment *attachment = reply->attachments->pdata[at];
        Blob *blob = blob_prepare(context->store, attachment->bytes, error);
        if (blob == NULL)
            return FALSE;
        g_ptr_array_add(draft->blobs, blob);
    }
    return TRUE;
}

static gboolean check_recipients(const Reply *reply, GError **error) {
    if (!reply->draft->is_mail || reply->to->len + reply->cc->len + reply->bcc->len > 0)
        return TRUE;
    error_set(error, ERROR_INVALID, "recipient_missing",
              "nobody can be answered here: name a recipient");
    return FALSE;
}

static gboolean prepare(Reply *reply, const ReplyContext *context, Db *db, GError **error) {
    ReplyDraft *draft = reply->draft;
    if (!reply_source_read(reply, context, db, error))
        return FALSE;
    draft->message_id = id_next();
    draft->written_at = clock_now();
    draft->headers = json_object();
    draft->subject = make_subject(reply);
    if (draft->is_mail)
        choose_recipients(reply);
    if (draft->is_mail)
        copy_participants(reply);
    drop_repeated_recipients(reply);
    if (!reply_check_kind(reply, error) || !check_recipients(reply, error) ||
        !clean_texts(reply, context, error))
        return FALSE;
    if (draft->is_mail) {
        make_mail_headers(reply, store_key(context->store));
        compose_mail(reply);
    } else {
        draft->text = g_strdup(draft->new_text);
    }
    index_words(reply);
    return try_encoding(reply, error) && prepare_blobs(reply, context, error);
}

gboolean reply_prepare(Reply *reply, const ReplyContext *context, GError **error) {
    if (!reply_check(reply, error))
        return FALSE;
    Db *db = store_reader_take(context->store, error);
    if (db == NULL)
        return FALSE;
    reply_draft_free(reply->draft);
    reply->draft = reply_draft_new();
    gboolean good = prepare(reply, context, db, error);
    store_reader_give(context->store, db);
    return good;
}
