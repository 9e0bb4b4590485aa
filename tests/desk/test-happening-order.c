// Any order and any repetition of the same events gives the same state (channels.md 0.4,
// reliability.md P4): shuffled Telegram updates and generic web hooks through the codecs and
// inbound, against what their natural order gives.
#include "desk_fixture.h"

#include <string.h>

#include "base/secret.h"
#include "channels/registry.h"
#include "desk/hook.h"

#define NOW (1767603600 * (Instant)1000 + 3600000)

// @U@ is the customer, @G@ a group, @O@ its id before it became a supergroup: new in each round.
#define CHAT "\"chat\":{\"id\":@U@,\"first_name\":\"Aino\",\"type\":\"private\"}"
#define FROM "\"from\":{\"id\":@U@,\"first_name\":\"Aino\",\"last_name\":\"V\"}"
#define M(update, id, at, rest)                                                                    \
    "{\"update_id\":" #update ",\"message\":{\"message_id\":" #id "," FROM "," CHAT                \
    ",\"date\":17676036" #at "," rest "}}"
#define E(update, id, at, edited, rest)                                                            \
    "{\"update_id\":" #update ",\"edited_message\":{\"message_id\":" #id "," FROM "," CHAT         \
    ",\"date\":17676036" #at ",\"edit_date\":17676036" #edited "," rest "}}"
#define REPLY(id)                                                                                  \
    "\"reply_to_message\":{\"message_id\":" #id "," CHAT ",\"date\":1767603600,\"text\":\"x\"}"
#define PHOTO(file)                                                                                \
    "\"media_group_id\":\"album-@U@\",\"photo\":[{\"file_id\":\"" file                             \
    "\",\"width\":9,\"height\":9,\"file_size\":5}]"
#define FILE_(file) "\"document\":{\"file_id\":\"" file "\",\"file_size\":7}"
#define REACTION(update, id, at, new)                                                              \
    "{\"update_id\":" #update ",\"message_reaction\":{" CHAT ",\"message_id\":" #id                \
    ",\"user\":{\"id\":@U@,\"first_name\":\"Aino\"},\"date\":17676036" #at                         \
    ",\"old_reaction\":[],\"new_reaction\":[" new "]}}"
#define MEMBER(update, at, status)                                                                 \
    "{\"update_id\":" #update ",\"my_chat_member\":{" CHAT "," FROM ",\"date\":17676036" #at       \
    ",\"old_chat_member\":{\"status\":\"x\"},\"new_chat_member\":{\"status\":\"" status "\"}}}"
#define GROUP(update, group, id, at, rest)                                                         \
    "{\"update_id\":" #update ",\"message\":{\"message_id\":" #id "," FROM                         \
    ",\"chat\":{\"id\":" group                                                                     \
    ",\"title\":\"Ryhmä\",\"type\":\"supergroup\"},\"date\":17676036" #at "," rest "}}"
#define BUSINESS(update, kind, id, at, rest)                                                       \
    "{\"update_id\":" #update ",\"" kind "\":{\"message_id\":" #id ",\"business_connection_id\":"  \
    "\"bc\"," FROM "," CHAT ",\"date\":17676036" #at "," rest "}}"

static const char *const telegram[] = {
    M(101, 1, 01, "\"text\":\"eka\",\"entities\":[{\"offset\":0,\"length\":3,\"type\":\"bold\"}]"),
    M(102, 2, 02, "\"text\":\"toka\""),
    M(103, 3, 03, "\"text\":\"kolmas\"," REPLY(2)),
    E(104, 1, 01, 10, "\"text\":\"eka 1\""),
    E(105, 1, 01, 20, "\"text\":\"eka 2\""),
    E(106, 1, 01, 20, "\"text\":\"eka 3\""),
    M(107, 10, 30, PHOTO("p1") ",\"caption\":\"kuvat\""),
    M(108, 11, 30, PHOTO("p2")),
    M(109, 12, 30, PHOTO("p3") ",\"caption\":\"viimeinen\""),
    M(122, 4, 33, FILE_("d1")),
    E(123, 4, 33, 34, FILE_("d2") ",\"caption\":\"vaihdettu\""),
    REACTION(110, 2, 40, "{\"type\":\"emoji\",\"emoji\":\"A\"}"),
    REACTION(111, 2, 41, "{\"type\":\"emoji\",\"emoji\":\"B\"}"),
    REACTION(112, 11, 42, "{\"type\":\"emoji\",\"emoji\":\"C\"}"),
    REACTION(113, 3, 43, "{\"type\":\"emoji\",\"emoji\":\"D\"}"),
    REACTION(114, 3, 44, ""),
    MEMBER(115, 50, "kicked"),
    MEMBER(116, 51, "member"),
    MEMBER(117, 52, "kicked"),
    BUSINESS(118, "business_message", 1, 01, "\"text\":\"yritys\""),
    BUSINESS(119, "business_message", 2, 02, "\"text\":\"poistettu\""),
    "{\"update_id\":120,\"deleted_business_messages\":{\"business_connection_id\":\"bc\"," CHAT
    ",\"message_ids\":[2]}}",
    "{\"update_id\":121,\"callback_query\":{\"id\":\"cb-@U@\"," FROM
    ",\"message\":{\"message_id\":2," CHAT
    ",\"date\":1767603602,\"text\":\"x\"},\"chat_instance\":\"1\",\"data\":\"joo\"}}",
};

static const char *const telegram_groups[] = {
    GROUP(201, "@O@", 1, 01, "\"text\":\"ryhmässä\""),
    GROUP(202, "@O@", 2, 02, "\"text\":\"vielä\""),
    GROUP(203, "@O@", 3, 03, "\"migrate_to_chat_id\":@G@"),
    GROUP(204, "@G@", 1, 03, "\"migrate_from_chat_id\":@O@"),
    GROUP(205, "@G@", 2, 04, "\"text\":\"uudessa\""),
    GROUP(206, "@G@", 3, 05, "\"text\":\"jatkuu\""),
};

#define G(id, at, type, rest)                                                                      \
    "{\"id\":\"" id "-@U@\",\"type\":\"" type "\",\"occurred_at\":17676036" #at                    \
    ",\"conversation\":{\"id\":\"@U@\",\"subject\":\"Aihe\"},\"contact\":{\"id\":\"c-@U@\","       \
    "\"name\":"                                                                                    \
    "\"Aino\"}," rest "}"
#define MESSAGE(id, rest) "\"message\":{\"id\":\"" id "-@U@\"" rest "}"

static const char *const generic[] = {
    G("e1", 01, "message.created", MESSAGE("m1", ",\"text\":\"eka\"")),
    G("e2", 02, "message.created", MESSAGE("m2", ",\"text\":\"toka\",\"reply_to\":\"m1-@U@\"")),
    G("e3", 03, "message.updated", MESSAGE("m1", ",\"text\":\"eka 1\"")),
    G("e4", 04, "message.updated", MESSAGE("m1", ",\"text\":\"eka 2\"")),
    G("e5", 05, "message.deleted", MESSAGE("m2", "")),
    G("e6", 06, "message.updated", MESSAGE("m2", ",\"text\":\"toka 1\"")),
    G("e7", 07, "message.created", MESSAGE("m3", ",\"text\":\"meiltä\",\"direction\":\"out\"")),
    G("e8", 8, "message.status", "\"status\":{\"message_id\":\"m3-@U@\",\"status\":\"delivered\"}"),
    G("e9", 9, "message.status", "\"status\":{\"message_id\":\"m3-@U@\",\"status\":\"read\"}"),
    G("e10", 10, "message.status", "\"status\":{\"message_id\":\"m3-@U@\",\"status\":\"failed\"}"),
    G("e11", 11, "reaction.added", "\"reaction\":{\"message_id\":\"m3-@U@\",\"emoji\":\"A\"}"),
    G("e12", 12, "reaction.removed", "\"reaction\":{\"message_id\":\"m3-@U@\",\"emoji\":\"A\"}"),
    G("e13", 13, "contact.blocked", "\"x\":1"),
    G("e14", 14, "contact.unblocked", "\"x\":1"),
};

typedef struct {
    DeskFixture *desk;
    Id channel_id;
    const char *kind;
    const char *const *events;
    guint count;
} Stage;

static char *fill(const char *text, guint round) {
    g_autoptr(GString) filled = g_string_new(text);
    g_autofree char *user = g_strdup_printf("71%08u", round);
    g_autofree char *group = g_strdup_printf("-10072%08u", round);
    g_autofree char *old = g_strdup_printf("-73%08u", round);
    g_string_replace(filled, "@U@", user, 0);
    g_string_replace(filled, "@G@", group, 0);
    g_string_replace(filled, "@O@", old, 0);
    return g_string_free(g_steal_pointer(&filled), FALSE);
}

// What somebody who looks at it would see, without our own ids and without what order of arrival
// may change (recorded_at, received_at; the preview among messages of one second).
static const char *const views[] = {
    "SELECT 'conversation', thread_key, status, message_count, last_message_at, waiting_since,"
    " preview, subject FROM conversation WHERE merged_into IS NULL"
    " AND (thread_key LIKE '%' || $1 || '%') ORDER BY thread_key, message_count",
    "SELECT 'message', c.thread_key, m.message_key, m.direction, m.text, m.new_text, m.state,"
    " m.removed_at IS NOT NULL, m.group_key, m.occurred_at, m.edited_version, q.message_key,"
    " m.html_sha256 IS NULL"
    " FROM message m JOIN conversation c ON c.id = m.conversation_id"
    " LEFT JOIN message q ON q.id = m.quoted_message_id"
    " WHERE c.thread_key LIKE '%' || $1 || '%' ORDER BY m.message_key",
    "SELECT 'attachment', m.message_key, a.reference, a.type, a.size, a.state FROM attachment a"
    " JOIN message m ON m.id = a.message_id WHERE m.message_key LIKE '%' || $1 || '%'"
    " ORDER BY m.message_key, a.position",
    "SELECT 'reaction', m.message_key, i.address, r.emoji FROM reaction r"
    " JOIN message m ON m.id = r.message_id JOIN identity i ON i.id = r.identity_id"
    " WHERE m.message_key LIKE '%' || $1 || '%' ORDER BY m.message_key, i.address",
    "SELECT 'identity', i.kind, i.address, i.name, i.blocked_at IS NOT NULL, c.name FROM identity i"
    " JOIN customer c ON c.id = i.customer_id WHERE i.address LIKE '%' || $1 || '%'"
    " ORDER BY i.address",
    "SELECT 'wait', c.thread_key, w.kind, w.state, w.started_at, w.message_count FROM wait w"
    " JOIN conversation c ON c.id = w.conversation_id WHERE c.thread_key LIKE '%' || $1 || '%'"
    " ORDER BY c.thread_key, w.started_at",
    "SELECT 'pending', message_key FROM pending_happening"
    " WHERE message_key LIKE '%' || $1 || '%' ORDER BY message_key",
};

static void append_view(GString *state, Db *db, const char *sql, const char *part) {
    g_autoptr(GError) error = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_TEXT(part)), &error);
    g_assert_no_error(error);
    int columns = 1;
    for (const char *at = sql; at < strstr(sql, " FROM "); at++)
        columns += *at == ',' ? 1 : 0;
    while (db_rows_next(rows, &error)) {
        for (int column = 0; column < columns; column++) {
            const char *text = db_rows_text(rows, column);
            g_string_append_printf(state, "%s%s", column > 0 ? " | " : "",
                                   text != NULL ? text : "-");
        }
        g_string_append_c(state, '\n');
    }
    g_assert_no_error(error);
}

// The numbers of a round replaced, so that rounds can be compared.
static char *state_of(const Stage *stage, guint round) {
    g_autoptr(GString) state = g_string_new(NULL);
    g_autofree char *part = g_strdup_printf("%08u", round);
    Db *db = store_reader_take(stage->desk->store, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(views); at++)
        append_view(state, db, views[at], part);
    store_reader_give(stage->desk->store, db);
    g_string_replace(state, part, "#", 0);
    return g_string_free(g_steal_pointer(&state), FALSE);
}

static void deliver(const Stage *stage, guint event, guint round) {
    g_autoptr(GError) error = NULL;
    g_autoptr(ChannelConfig) config =
        channel_directory_find(stage->desk->channels, stage->channel_id);
    char *text = fill(stage->events[event], round);
    g_autoptr(HttpRequest) request = http_request_new("POST", "");
    http_request_take_body(request, "application/json", g_bytes_new_take(text, strlen(text)));
    g_autoptr(Delivery) delivery =
        hook_delivery_new(stage->desk->store, config, "webhook", request, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(delivery->failure, ==, NULL);
    delivery->received_at = NOW;
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, delivery);
    inbound_store_all(store_writer(stage->desk->store), stage->desk->inbound, one, &error);
    g_assert_no_error(error);
}

static void shuffle(GArray *order) {
    for (guint at = order->len; at > 1; at--) {
        guint other = (guint)g_test_rand_int_range(0, (gint32)at);
        guint kept = g_array_index(order, guint, at - 1);
        g_array_index(order, guint, at - 1) = g_array_index(order, guint, other);
        g_array_index(order, guint, other) = kept;
    }
}

// All events in a random order, some of them twice or more.
static GArray *order_new(guint count) {
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint event = 0; event < count; event++) {
        gint repetitions = g_test_rand_int_range(-3, 3);
        g_array_append_val(order, event);
        for (; repetitions > 0; repetitions--)
            g_array_append_val(order, event);
    }
    shuffle(order);
    return order;
}

static char *order_text(const GArray *order) {
    GString *text = g_string_new(NULL);
    for (guint at = 0; at < order->len; at++)
        g_string_append_printf(text, " %u", g_array_index(order, guint, at));
    return g_string_free(text, FALSE);
}

static void check_rounds(const Stage *stage, guint rounds) {
    for (guint event = 0; event < stage->count; event++)
        deliver(stage, event, 0);
    g_autofree char *expected = state_of(stage, 0);
    g_test_message("in natural order:\n%s", expected);
    for (guint round = 1; round <= rounds; round++) {
        g_autoptr(GArray) order = order_new(stage->count);
        for (guint at = 0; at < order->len; at++)
            deliver(stage, g_array_index(order, guint, at), round);
        g_autofree char *given = state_of(stage, round);
        if (strcmp(given, expected) == 0)
            continue;
        g_autofree char *text = order_text(order);
        g_test_message("in the order%s:\n%s", text, given);
        g_test_fail();
        return;
    }
}

static void run_stage(const char *kind, const char *const *events, guint count) {
    g_autoptr(DeskFixture) desk = desk_fixture_new();
    Stage stage = {.desk = desk, .kind = kind, .events = events, .count = count};
    stage.channel_id = desk_fixture_add_channel(desk, kind, "kanava", "", NOW - 86400000);
    check_rounds(&stage, g_test_thorough() ? 1000 : 60);
}

static void test_telegram_updates_in_any_order_give_the_same_state(void) {
    run_stage("telegram", telegram, G_N_ELEMENTS(telegram));
}

static void test_a_group_that_moves_stays_one_conversation_in_any_order(void) {
    run_stage("telegram", telegram_groups, G_N_ELEMENTS(telegram_groups));
}

static void test_generic_hooks_in_any_order_give_the_same_state(void) {
    run_stage("generic", generic, G_N_ELEMENTS(generic));
}

int main(int argc, char **argv) {
    secret_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/order/telegram-updates-in-any-order-give-the-same-state",
                    test_telegram_updates_in_any_order_give_the_same_state);
    g_test_add_func("/order/a-group-that-moves-stays-one-conversation-in-any-order",
                    test_a_group_that_moves_stays_one_conversation_in_any_order);
    g_test_add_func("/order/generic-hooks-in-any-order-give-the-same-state",
                    test_generic_hooks_in_any_order_give_the_same_state);
    return g_test_run();
}
