#include "control/calendar_hours.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Versions", "versions"},
    {0},
};

static const ControlOption version_options[] = {
    {"zone", "ZONE", "IANA time zone; Europe/Helsinki unless given"},
    {"hours", "HOURS",
     "such as \"mon-fri 08:00-16:00, sat 10:00-14:00\"; may be given several times"},
    {"exception", "DAY[..DAY] [HOURS]",
     "other hours on these days, \"2026-12-24 09:00-12:00\"; closed "
     "without hours; may be given several times"},
    {"finland", NULL, "closed on Finland's public holidays"},
    {"eves", NULL, "and on Christmas Eve and Midsummer Eve"},
    {"holidays", "FILE", "closed on the dates of a file, one 2027-01-01 a line"},
    {"from", "INSTANT", "since when it holds; the first version from ever, later ones from now"},
    {0},
};

static gboolean print(Control *control, json_t *calendar) {
    if (calendar != NULL)
        control_print_record(control, calendar, columns);
    json_decref(calendar);
    return calendar != NULL;
}

static gboolean list_calendars(Control *control, GError **error) {
    json_t *calendars = control_call(control, "GET", "/api/v1/calendars", NULL, error);
    if (calendars != NULL)
        control_print_list(control, calendars, columns);
    json_decref(calendars);
    return calendars != NULL;
}

static gboolean show_calendar(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/calendars/%s", control_argument(control, 0));
    return print(control, control_call(control, "GET", path, NULL, error));
}

static gboolean set_text(json_t *body, const char *name, const char *text) {
    return text == NULL || json_object_set_new(body, name, json_string(text)) == 0;
}

static json_t *version_body(Control *control, GError **error) {
    CalendarHoursText text = {
        .hours = control_options(control, "hours"),
        .exceptions = control_options(control, "exception"),
        .holidays_file = control_option(control, "holidays"),
        .has_finland = control_flag(control, "finland"),
        .has_eves = control_flag(control, "eves"),
    };
    json_t *hours = calendar_hours_read(&text, error);
    if (hours == NULL)
        return NULL;
    const char *zone = control_option(control, "zone");
    json_t *body =
        json_pack("{s:s, s:o}", "zone", zone != NULL ? zone : "Europe/Helsinki", "hours", hours);
    set_text(body, "valid_from", control_option(control, "from"));
    return body;
}

static gboolean add_calendar(Control *control, GError **error) {
    json_t *body = version_body(control, error);
    if (body == NULL)
        return FALSE;
    set_text(body, "name", control_argument(control, 0));
    return print(control, control_call(control, "POST", "/api/v1/calendars", body, error));
}

static gboolean change_calendar(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/calendars/%s/versions", control_argument(control, 0));
    json_t *body = version_body(control, error);
    return body != NULL && print(control, control_call(control, "POST", path, body, error));
}

static gboolean rename_calendar(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/calendars/%s", control_argument(control, 0));
    json_t *body = json_pack("{s:s}", "name", control_argument(control, 1));
    return print(control, control_call(control, "PATCH", path, body, error));
}

static gboolean remove_calendar(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/calendars/%s", control_argument(control, 0));
    json_t *nothing = control_call(control, "DELETE", path, NULL, error);
    json_decref(nothing);
    return nothing != NULL;
}

static gboolean use_calendar(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/channels/%s", control_argument(control, 1));
    json_t *body = json_pack("{s:s}", "calendar_id", control_argument(control, 0));
    json_t *channel = control_call(control, "PATCH", path, body, error);
    json_decref(channel);
    return channel != NULL;
}

#define VERB(name, words, text, function)                                                          \
    { .verb = "calendar", .action = name, .arguments = words, .summary = text, .run = function }

const ControlVerb control_calendar_verbs[] = {
    VERB("list", "", "Show the calendars of opening hours", list_calendars),
    VERB("show", "ID", "Show one calendar with its versions (all of it with --json)",
         show_calendar),
    {.verb = "calendar",
     .action = "add",
     .arguments = "NAME",
     .summary = "Add a calendar of opening hours",
     .options = version_options,
     .run = add_calendar},
    {.verb = "calendar",
     .action = "change",
     .arguments = "ID",
     .summary = "Add a version: other hours from an instant on",
     .options = version_options,
     .run = change_calendar},
    VERB("rename", "ID NAME", "Give a calendar another name", rename_calendar),
    VERB("use", "ID CHANNEL", "Measure a channel's waits with a calendar", use_calendar),
    VERB("remove", "ID", "Remove a calendar that no channel uses", remove_calendar),
    {0},
};
