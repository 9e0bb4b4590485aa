#include "desk/prepared.h"

#include <string.h>

#include "base/error.h"
#include "model/base_subject.h"

#define REFERENCES_MAX 100
#define PREVIEW_BYTES_MAX 200

// Message-IDs are compared to the letter but for the domain's case (channels.md 17.1).
static char *message_id_normalize(const char *id) {
    char *normal = g_strdup(id);
    for (char *at = strrchr(normal, '@'); at != NULL && *at != '\0'; at++)
        *at = g_ascii_tolower(*at);
    return normal;
}

// A mail without Message-ID is known by its own data (channels.md 17.1).
static char *message_key_make(const Incoming *incoming) {
    const Mail *mail = incoming->mail;
    g_autofree char *facts = g_strdup_printf(
        "%" G_GINT64_FORMAT "\n%s\n%s\n%s", mail->date, incoming->from->address, mail->subject,
        mail->body_sha256 != NULL ? mail->body_sha256 : incoming->text);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, facts, -1);
    return g_strconcat("sha256-", hash, "@none", NULL);
}

static void digest_text(GChecksum *digest, const char *text) {
    if (text != NULL)
        g_checksum_update(digest, (const guchar *)text, (gssize)strlen(text));
    g_checksum_update(digest, (const guchar *)"", 1);
}

static void digest_texts(GChecksum *digest, char *const *texts) {
    for (; *texts != NULL; texts++)
        digest_text(digest, *texts);
    digest_text(digest, NULL);
}

static void digest_parties(GChecksum *digest, const GPtrArray *parties) {
    for (guint at = 0; at < parties->len; at++)
        digest_text(digest, ((const Party *)parties->pdata[at])->address);
    digest_text(digest, NULL);
}

// The same for every copy of one mail, whatever way it came; broken senders give different mails
// one Message-ID.
static char *content_digest(const Incoming *incoming) {
    const Mail *mail = incoming->mail;
    g_autoptr(GChecksum) digest = g_checksum_new(G_CHECKSUM_SHA256);
    digest_text(digest, mail->body_sha256);
    digest_text(digest, incoming->from->address);
    digest_text(digest, mail->subject);
    g_checksum_update(digest, (const guchar *)&mail->date, sizeof mail->date);
    digest_texts(digest, mail->in_reply_to);
    digest_texts(digest, mail->references);
    digest_parties(digest, mail->to);
    digest_parties(digest, mail->cc);
    return g_strdup(g_checksum_get_string(digest));
}

static void add_reference(GPtrArray *references, const char *id, const char *own_key) {
    g_autofree char *normal = message_id_normalize(id);
    gboolean is_known = g_ptr_array_find_with_equal_func(references, normal, g_str_equal, NULL);
    if (!is_known && references->len < REFERENCES_MAX && strcmp(normal, own_key) != 0)
        g_ptr_array_add(references, g_steal_pointer(&normal));
}

static char **references_rank(const Mail *mail, const char *own_key) {
    GPtrArray *references = g_ptr_array_new();
    for (char **id = mail->in_reply_to; *id != NULL; id++)
        add_reference(references, *id, own_key);
    for (guint at = g_strv_length(mail->references); at > 0; at--)
        add_reference(references, mail->references[at - 1], own_key);
    g_ptr_array_add(references, NULL);
    return (char **)g_ptr_array_free(references, FALSE);
}

static void add_parties(GPtrArray *addresses, const GPtrArray *parties) {
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        g_autofree char *address = party_address_normalize(party->address);
        if (*address != '\0' && strchr(address, '\n') == NULL &&
            !g_ptr_array_find_with_equal_func(addresses, address, g_str_equal, NULL))
            g_ptr_array_add(addresses, g_steal_pointer(&address));
    }
}

static char **parties_normalize(const Incoming *incoming, const char *sender) {
    GPtrArray *addresses = g_ptr_array_new();
    g_ptr_array_add(addresses, g_strdup(sender));
    add_parties(addresses, incoming->mail->reply_to);
    add_parties(addresses, incoming->mail->to);
    add_parties(addresses, incoming->mail->cc);
    g_ptr_array_add(addresses, NULL);
    return (char **)g_ptr_array_free(addresses, FALSE);
}

static char *preview_make(const char *text) {
    GString *preview = g_string_new(NULL);
    for (const char *at = text; *at != '\0' && preview->len < PREVIEW_BYTES_MAX;
         at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (!g_unichar_isspace(c) && !g_unichar_iscntrl(c))
            g_string_append_unichar(preview, c);
        else if (preview->len > 0 && preview->str[preview->len - 1] != ' ')
            g_string_append_c(preview, ' ');
    }
    return g_strchomp(g_string_free(preview, FALSE));
}

static gboolean blobs_prepare(Prepared *prepared, const Incoming *incoming, Store *store,
                              GError **error) {
    for (guint at = 0; at < incoming->attachments->len; at++) {
        const Attachment *attachment = incoming->attachments->pdata[at];
        Blob *blob = NULL;
        if (attachment->bytes != NULL &&
            (blob = blob_prepare(store, attachment->bytes, error)) == NULL)
            return FALSE;
        g_ptr_array_add(prepared->blobs, blob);
    }
    if (incoming->html == NULL)
        return TRUE;
    g_autoptr(GBytes) html = g_bytes_new(incoming->html, strlen(incoming->html));
    prepared->html = blob_prepare(store, html, error);
    return prepared->html != NULL;
}

static void add_people(SearchDocument *document, const GPtrArray *parties) {
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        search_document_add_to(document, party->address, party->name);
    }
}

static SearchDocument *document_make(const Incoming *incoming) {
    SearchDocument *document = search_document_new();
    search_document_add_subject(document, incoming->subject);
    search_document_add_text(document, incoming->text);
    search_document_add_from(document, incoming->from->address, incoming->from->name);
    if (incoming->mail != NULL) {
        add_people(document, incoming->mail->to);
        add_people(document, incoming->mail->cc);
    }
    for (guint at = 0; at < incoming->attachments->len; at++) {
        const Attachment *attachment = incoming->attachments->pdata[at];
        if (!attachment->is_inline) // a logo in a signature is none that is looked for
            search_document_add_attachment(document, attachment->name);
    }
    return document;
}

static void blob_free_or_null(gpointer blob) {
    if (blob != NULL)
        blob_free(blob);
}

static void prepare_mail(Prepared *prepared, const Incoming *incoming) {
    const Mail *mail = incoming->mail;
    prepared->message_key = mail->message_id != NULL ? message_id_normalize(mail->message_id)
                                                     : message_key_make(incoming);
    prepared->content_sha256 = content_digest(incoming);
    prepared->parties = parties_normalize(incoming, prepared->sender);
    prepared->references = references_rank(mail, prepared->message_key);
}

Prepared *prepared_new(const Incoming *incoming, Store *store, GError **error) {
    g_autoptr(Prepared) prepared = g_new0(Prepared, 1);
    prepared->blobs = g_ptr_array_new_with_free_func(blob_free_or_null);
    prepared->sender = party_address_normalize(incoming->from->address);
    prepared->base_subject = base_subject(incoming->subject != NULL ? incoming->subject : "", NULL);
    prepared->preview = preview_make(incoming->new_text);
    if (incoming->mail != NULL)
        prepare_mail(prepared, incoming);
    else
        prepared->message_key = g_strdup(incoming->message_key);
    if (!blobs_prepare(prepared, incoming, store, error))
        return NULL;
    if (incoming->type == INCOMING_MESSAGE || incoming->type == INCOMING_EDIT)
        prepared->document = document_make(incoming);
    return g_steal_pointer(&prepared);
}

void prepared_free(Prepared *prepared) {
    if (prepared == NULL)
        return;
    g_free(prepared->message_key);
    g_free(prepared->content_sha256);
    g_free(prepared->sender);
    g_strfreev(prepared->parties);
    g_strfreev(prepared->references);
    g_free(prepared->base_subject);
    g_free(prepared->preview);
    blob_free_or_null(prepared->html);
    g_ptr_array_unref(prepared->blobs);
    if (prepared->document != NULL)
        search_document_free(prepared->document);
    g_free(prepared);
}
