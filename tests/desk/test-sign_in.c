// Limits of signing in, with a clock of our own (reliability.md A01, A02, A04, O06).
#include "base/secret.h"
#include "desk/sign_in.h"
#include "tests/store/scratch.h"

#define BEGIN G_GINT64_CONSTANT(1795000000000)

typedef struct {
    Scratch scratch;
    Store *store;
    SignIn *sign_in;
} House;

static void set_up(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    clock_fix(BEGIN);
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    secret_password_cheapen();
    house->sign_in = sign_in_new(house->store);
}

static void tear_down(House *house, gconstpointer data) {
    (void)data;
    sign_in_free(house->sign_in);
    store_close(house->store);
    scratch_clear(&house->scratch);
    clock_fix(INSTANT_NONE);
}

// How many of count attempts are let try.
static guint admit(House *house, AttemptKind kind, guint count, const char *account) {
    guint admitted = 0;
    for (guint at = 0; at < count; at++) {
        g_autofree char *address = g_strdup_printf("192.0.2.%u", at);
        Attempt attempt = {.kind = kind, .address = address, .account = account};
        admitted += sign_in_admit(house->sign_in, &attempt) == 0;
    }
    return admitted;
}

static void test_one_account_from_many_addresses(House *house, gconstpointer data) {
    (void)data;
    g_assert_cmpuint(admit(house, ATTEMPT_PASSWORD, 200, "bo@example.org"), ==, 30);
    g_assert_cmpuint(admit(house, ATTEMPT_PASSWORD, 5, "BO@example.org"), ==, 0);
    g_assert_cmpuint(admit(house, ATTEMPT_PASSWORD, 5, "eve@example.org"), ==, 5);
    clock_fix(BEGIN + 20000);
    g_assert_cmpuint(admit(house, ATTEMPT_PASSWORD, 5, "bo@example.org"), ==, 1);
}

static void test_a_known_browser_has_a_limit_of_its_own(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *cookie = sign_in_device_new(house->sign_in, "Bo@example.org");
    g_autofree char *device = sign_in_device_read(house->sign_in, "bo@example.org", cookie);
    g_assert_nonnull(device);
    g_assert_null(sign_in_device_read(house->sign_in, "eve@example.org", cookie));
    g_assert_null(sign_in_device_read(house->sign_in, "bo@example.org", "x.y"));
    admit(house, ATTEMPT_PASSWORD, 200, "bo@example.org");
    Attempt attempt = {
        .kind = ATTEMPT_PASSWORD, .address = "", .account = "bo@example.org", .device = device};
    for (int at = 0; at < 10; at++)
        g_assert_cmpint(sign_in_admit(house->sign_in, &attempt), ==, 0);
    g_assert_cmpint(sign_in_admit(house->sign_in, &attempt), >, 0);
}

static void test_whoever_succeeds_uses_nothing_up(House *house, gconstpointer data) {
    (void)data;
    Attempt attempt = {
        .kind = ATTEMPT_PASSWORD, .address = "192.0.2.1", .account = "bo@example.org"};
    for (int at = 0; at < 500; at++) {
        g_assert_cmpint(sign_in_admit(house->sign_in, &attempt), ==, 0);
        sign_in_succeeded(house->sign_in, &attempt);
    }
}

static void test_resets_of_one_address_are_three_at_once(House *house, gconstpointer data) {
    (void)data;
    g_assert_cmpuint(admit(house, ATTEMPT_RESET, 50, "bo@example.org"), ==, 3);
}

static void test_codes_of_one_account_are_ten_then_one_in_two_minutes(House *house,
                                                                      gconstpointer data) {
    (void)data;
    g_assert_cmpuint(admit(house, ATTEMPT_SECOND_FACTOR, 100, "bo@example.org"), ==, 10);
    clock_fix(BEGIN + 60 * 60000);
    g_assert_cmpuint(admit(house, ATTEMPT_SECOND_FACTOR, 100, "bo@example.org"), ==, 10);
}

static void test_a_token_makes_so_many_requests(House *house, gconstpointer data) {
    (void)data;
    guint admitted = 0;
    for (int at = 0; at < 6000; at++)
        admitted += sign_in_admit_token(house->sign_in, 7) == 0;
    g_assert_cmpuint(admitted, ==, 5000);
    g_assert_cmpint(sign_in_admit_token(house->sign_in, 8), ==, 0);
    clock_fix(BEGIN + 1000);
    for (admitted = 0; sign_in_admit_token(house->sign_in, 7) == 0;)
        admitted++;
    g_assert_cmpuint(admitted, ==, 500);
}

static gint64 count_rows(House *house, const char *action) {
    gint64 count = 0;
    gboolean found;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader_take(house->store, &error);
    g_assert_no_error(error);
    db_query_int(db, "SELECT COUNT(*) FROM audit WHERE action = $1", DB_VALUES(DB_TEXT(action)),
                 &count, &found, &error);
    g_assert_no_error(error);
    store_reader_give(house->store, db);
    return count;
}

static gboolean do_nothing(G_GNUC_UNUSED Db *db, G_GNUC_UNUSED gpointer data,
                           G_GNUC_UNUSED GError **error) {
    return TRUE;
}

static void test_a_spray_is_told_once_and_fills_no_disk(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    for (int at = 0; at < 5000; at++)
        sign_in_failed(house->sign_in, &(Attempt){.kind = ATTEMPT_PASSWORD}, 0);
    writer_run(store_writer(house->store), do_nothing, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count_rows(house, "sign_in_failed"), ==, 60);
    g_assert_cmpint(count_rows(house, "sign_in_spray"), ==, 1);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function) g_test_add("/sign-in/" name, House, NULL, set_up, function, tear_down)
    TEST("A02: one account from many addresses", test_one_account_from_many_addresses);
    TEST("A02: a known browser has a limit of its own",
         test_a_known_browser_has_a_limit_of_its_own);
    TEST("whoever succeeds uses nothing up", test_whoever_succeeds_uses_nothing_up);
    TEST("A04: resets of one address are three at once",
         test_resets_of_one_address_are_three_at_once);
    TEST("A07: codes of one account are ten, then one in two minutes",
         test_codes_of_one_account_are_ten_then_one_in_two_minutes);
    TEST("O06: a token makes so many requests", test_a_token_makes_so_many_requests);
    TEST("A01: a spray is told once and fills no disk",
         test_a_spray_is_told_once_and_fills_no_disk);
    return g_test_run();
}
