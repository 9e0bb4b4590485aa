// /api/v1/reports/board: the figures of now, for the board on the wall.
#include "reports/board.h"
#include "api/resources.h"
#include "api/wait_query.h"

static gboolean make(ApiCall *call, JsonText *text, GError **error) {
    Db *db = api_call_reader(call, error);
    if (db == NULL || !db_snapshot_begin(db, error))
        return FALSE;
    g_autofree char *zone = wait_query_zone(call, db, error);
    gboolean is_done =
        zone != NULL && board_write(db, zone, api_call_viewer(call), clock_now(), text, error);
    db_snapshot_end(db);
    return is_done;
}

static void board_work(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (make(call, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static void get_board(ApiCall *call) {
    api_call_work(call, board_work);
}

const ApiRoute api_board_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/reports/board",
     .permission = PERMISSION_REPORT_READ,
     .handler = get_board,
     .query = "zone"},
    {0},
};
