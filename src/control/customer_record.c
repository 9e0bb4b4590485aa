// dialogctl customer add, change, address-*, note*, consent*: what is written down about a
// customer.
#include <string.h>

#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Language", "language"},
    {"Company", "company_name"},
    {"Preferred channel", "preferred_channel_id"},
    {"Address", "address"},
    {"Known since", "created_at"},
    {0},
};

static const ControlColumn note_columns[] = {
    {"Id", "id"}, {"Agent", "agent_id"}, {"Written", "created_at"}, {"Text", "text"}, {0},
};

static const ControlColumn consent_columns[] = {
    {"Purpose", "purpose"}, {"State", "state"},    {"Since", "occurred_at"},
    {"Source", "source"},   {"Agent", "agent_id"}, {0},
};

static const ControlOption record_options[] = {
    {"name", "NAME", "its name"},
    {"language", "TAG", "fi, sv, en-GB ...; \"\" for none"},
    {"company", "ID", "the company that it belongs to; \"\" for none"},
    {"preferred-channel", "ID", "where it likes to be answered; \"\" for none"},
    {"email", "ADDRESS", "with add: a mail address; may be given several times"},
    {"phone", "NUMBER", "with add: a telephone number; may be given several times"},
    {0},
};

static const ControlOption consent_options[] = {
    {"source", "TEXT", "where it was said"},
    {"at", "INSTANT", "when; without it, now"},
    {0},
};

static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     const ControlColumn *shown, GError **error) {
    json_t *json = control_call(control, method, path, body, error);
    if (json_is_object(json))
        control_print_record(control, json, shown);
    gboolean is_done = json != NULL;
    json_decref(json);
    return is_done;
}

static void set_or_null(json_t *body, const char *member, const char *value) {
    if (value != NULL)
        json_object_set_new(body, member, *value != '\0' ? json_string(value) : json_null());
}

static json_t *record_body(Control *control) {
    json_t *body = json_object();
    const char *name = control_option(control, "name");
    if (name != NULL)
        json_object_set_new(body, "name", json_string(name));
    set_or_null(body, "language", control_option(control, "language"));
    set_or_null(body, "company_id", control_option(control, "company"));
    set_or_null(body, "preferred_channel_id", control_option(control, "preferred-channel"));
    return body;
}

static void add_identities(Control *control, const char *kind, json_t *list) {
    for (const char *const *address = control_options(control, kind); *address != NULL; address++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "kind", kind, "address", *address));
}

static gboolean add_customer(Control *control, GError **error) {
    json_t *body = record_body(control);
    json_t *identities = json_array();
    add_identities(control, "email", identities);
    add_identities(control, "phone", identities);
    json_object_set_new(body, "identities", identities);
    return send(control, "POST", "/api/v1/customers", body, columns, error);
}

static gboolean change_customer(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/customers/%s", control_argument(control, 0));
    return send(control, "PATCH", path, record_body(control), columns, error);
}

static gboolean add_address(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/identities", control_argument(control, 0));
    json_t *body = json_pack("{s:s, s:s}", "kind", control_argument(control, 1), "address",
                             control_argument(control, 2));
    return send(control, "POST", path, body, columns, error);
}

static char *identity_path(Control *control) {
    return control_path("/api/v1/customers/%s/identities/%s", control_argument(control, 0),
                        control_argument(control, 1));
}

static gboolean remove_address(Control *control, GError **error) {
    g_autofree char *path = identity_path(control);
    return send(control, "DELETE", path, NULL, columns, error);
}

static gboolean block_address(Control *control, GError **error) {
    g_autofree char *path = identity_path(control);
    return send(control, "PATCH", path, json_pack("{s:b}", "is_blocked", 1), columns, error);
}

static gboolean unblock_address(Control *control, GError **error) {
    g_autofree char *path = identity_path(control);
    return send(control, "PATCH", path, json_pack("{s:b}", "is_blocked", 0), columns, error);
}

static gboolean print_list(Control *control, const char *format, const ControlColumn *shown,
                           GError **error) {
    g_autofree char *id = control_path("%s", control_argument(control, 0));
    g_autofree char *path = g_strconcat("/api/v1/customers/", id, format, NULL);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, shown);
    json_decref(json);
    return json != NULL;
}

static gboolean list_notes(Control *control, GError **error) {
    return print_list(control, "/notes", note_columns, error);
}

static gboolean add_note(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/notes", control_argument(control, 0));
    return send(control, "POST", path, json_pack("{s:s}", "text", control_argument(control, 1)),
                note_columns, error);
}

static gboolean list_consents(Control *control, GError **error) {
    return print_list(control, "/consents", consent_columns, error);
}

static gboolean add_consent(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/consents", control_argument(control, 0));
    json_t *body = json_pack("{s:s, s:s}", "purpose", control_argument(control, 1), "state",
                             control_argument(control, 2));
    if (control_option(control, "source") != NULL)
        json_object_set_new(body, "source", json_string(control_option(control, "source")));
    if (control_option(control, "at") != NULL)
        json_object_set_new(body, "occurred_at", json_string(control_option(control, "at")));
    return send(control, "POST", path, body, columns, error);
}

const ControlVerb control_customer_record_verbs[] = {
    {.verb = "customer",
     .action = "add",
     .arguments = "",
     .summary = "Add one that nobody has written as",
     .options = record_options,
     .run = add_customer},
    {.verb = "customer",
     .action = "change",
     .arguments = "ID",
     .summary = "Change name, language, company or preferred channel",
     .options = record_options,
     .run = change_customer},
    {.verb = "customer",
     .action = "address-add",
     .arguments = "ID KIND ADDRESS",
     .summary = "Add an address: email, phone ...",
     .run = add_address},
    {.verb = "customer",
     .action = "address-remove",
     .arguments = "ID IDENTITY",
     .summary = "Take an address away that no message bears",
     .run = remove_address},
    {.verb = "customer",
     .action = "block",
     .arguments = "ID IDENTITY",
     .summary = "Nothing is sent to this address",
     .run = block_address},
    {.verb = "customer",
     .action = "unblock",
     .arguments = "ID IDENTITY",
     .summary = "It takes messages again",
     .run = unblock_address},
    {.verb = "customer",
     .action = "notes",
     .arguments = "ID",
     .summary = "Show the notes about a customer",
     .run = list_notes},
    {.verb = "customer",
     .action = "note",
     .arguments = "ID TEXT",
     .summary = "Write a note about a customer",
     .run = add_note},
    {.verb = "customer",
     .action = "consents",
     .arguments = "ID",
     .summary = "Show what a customer has agreed to, with the history",
     .run = list_consents},
    {.verb = "customer",
     .action = "consent",
     .arguments = "ID PURPOSE STATE",
     .summary = "Write down that consent was given or withdrawn",
     .options = consent_options,
     .run = add_consent},
    {0},
};
