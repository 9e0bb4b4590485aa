#include "desk/arrival.h"

static json_t *party_json(const Party *party) {
    json_t *json = json_object();
    json_object_set_new(json, "address", json_string(party->address));
    if (party->name != NULL)
        json_object_set_new(json, "name", json_string(party->name));
    return json;
}

static void set_parties(json_t *headers, const char *name, const GPtrArray *parties) {
    if (parties->len == 0)
        return;
    json_t *list = json_array();
    for (guint at = 0; at < parties->len; at++)
        json_array_append_new(list, party_json(parties->pdata[at]));
    json_object_set_new(headers, name, list);
}

static void set_texts(json_t *headers, const char *name, char *const *texts) {
    if (texts[0] == NULL)
        return;
    json_t *list = json_array();
    for (; *texts != NULL; texts++)
        json_array_append_new(list, json_string(*texts));
    json_object_set_new(headers, name, list);
}

static void set_text(json_t *headers, const char *name, const char *text) {
    if (text != NULL)
        json_object_set_new(headers, name, json_string(text));
}

static void set_mail(json_t *headers, const Mail *mail) {
    set_parties(headers, "reply_to", mail->reply_to);
    set_parties(headers, "to", mail->to);
    set_parties(headers, "cc", mail->cc);
    set_parties(headers, "bcc", mail->bcc);
    if (mail->sender != NULL)
        json_object_set_new(headers, "sender", party_json(mail->sender));
    set_text(headers, "message_id", mail->message_id);
    set_texts(headers, "in_reply_to", mail->in_reply_to);
    set_texts(headers, "references", mail->references);
    set_texts(headers, "delivered_to", mail->delivered_to);
    set_text(headers, "return_path", mail->return_path);
    set_text(headers, "list_id", mail->list_id);
    if (mail->date != INSTANT_NONE)
        json_object_set_new(headers, "date", json_integer(mail->date));
    if (mail->suppress_reply)
        json_object_set_new(headers, "suppress_reply", json_true());
    if (mail->has_own_loop)
        json_object_set_new(headers, "own_loop", json_true());
}

static void set_reports(json_t *headers, const Mail *mail) {
    set_text(headers, "report_about", mail->report_about);
    if (mail->reports->len == 0)
        return;
    json_t *list = json_array();
    for (guint at = 0; at < mail->reports->len; at++) {
        const MailReport *report = mail->reports->pdata[at];
        json_t *item = json_object();
        set_text(item, "recipient", report->recipient);
        set_text(item, "action", report->action);
        set_text(item, "status", report->status);
        set_text(item, "diagnostic", report->diagnostic);
        json_array_append_new(list, item);
    }
    json_object_set_new(headers, "reports", list);
}

static void set_authentication(json_t *headers, const Mail *mail) {
    if (mail->authentication->len == 0)
        return;
    json_t *list = json_array();
    for (guint at = 0; at < mail->authentication->len; at++)
        json_array_append_new(list, json_string(mail->authentication->pdata[at]));
    json_object_set_new(headers, "authentication", list);
}

static json_t *placement_json(const Arrival *arrival) {
    json_t *placement = json_object();
    json_object_set_new(placement, "rule", json_string(placement_name(arrival->placement)));
    set_text(placement, "reference", arrival->placement_reference);
    if (arrival->is_stranger)
        json_object_set_new(placement, "stranger", json_true());
    if (arrival->related_to != 0)
        json_object_set_new(placement, "related_to", json_integer(arrival->related_to));
    return placement;
}

json_t *arrival_headers(const Arrival *arrival) {
    const Incoming *incoming = arrival->incoming;
    json_t *headers = json_object();
    json_object_set_new(headers, "from", party_json(incoming->from));
    json_object_set_new(headers, "placement", placement_json(arrival));
    set_text(headers, "quoted_key", incoming->quoted_key);
    set_text(headers, "quoted_text", incoming->quoted_text);
    if (incoming->extra != NULL)
        json_object_set(headers, "extra", incoming->extra);
    if (incoming->mail == NULL)
        return headers;
    set_mail(headers, incoming->mail);
    set_reports(headers, incoming->mail);
    set_authentication(headers, incoming->mail);
    return headers;
}
