#include <string.h>

#include "base/error.h"
#include "fake_server.h"
#include "net/oauth_token.h"

static gboolean decode(const char *body, unsigned status, char **access, gint64 *seconds,
                       GError **error) {
    g_autofree char *refresh = NULL;
    return oauth_answer_decode(body, strlen(body), status, access, &refresh, seconds, error);
}

static void test_answers_are_told_apart(void) {
    g_autofree char *access = NULL;
    g_autoptr(GError) refused = NULL, broken = NULL, down = NULL;
    gint64 seconds = 0;
    g_assert_true(
        decode("{\"access_token\":\"a\",\"expires_in\":60}", 200, &access, &seconds, NULL));
    g_assert_cmpstr(access, ==, "a");
    g_assert_cmpint(seconds, ==, 60);
    g_assert_false(decode("{\"error\":\"invalid_grant\"}", 400, &access, &seconds, &refused));
    g_assert_cmpint((int)error_kind(refused), ==, ERROR_UNAUTHENTICATED);
    g_assert_nonnull(strstr(refused->message, "invalid_grant"));
    g_assert_false(decode("<html>", 200, &access, &seconds, &broken));
    g_assert_cmpint((int)error_kind(broken), ==, ERROR_UPSTREAM);
    g_assert_false(decode("", 503, &access, &seconds, &down));
    g_assert_cmpint((int)error_kind(down), ==, ERROR_UPSTREAM);
}

// Gives tokens t1, t2 ... that live as long as *data says, and a new refresh token each time.
static void serve(int socket, int number, gpointer data) {
    g_autofree char *request = fake_server_read_http(socket);
    if (request == NULL)
        return;
    g_autofree char *expected = g_strdup_printf("refresh_token=r%d", number - 1);
    g_assert_nonnull(strstr(request, expected));
    g_assert_nonnull(strstr(request, "client_secret=a%26b"));
    g_autofree char *body =
        g_strdup_printf("{\"access_token\":\"t%d\",\"refresh_token\":\"r%d\",\"expires_in\":%d}",
                        number, number, *(int *)data);
    g_autofree char *answer =
        g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Length: %u\r\nConnection: close\r\n\r\n%s",
                        (unsigned)strlen(body), body);
    fake_server_write(socket, answer);
}

static void note_rotated(const char *refresh_token, gpointer data) {
    g_free(*(char **)data);
    *(char **)data = g_strdup(refresh_token);
}

static OAuthToken *token_at(FakeServer *server, char **rotated) {
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/token", fake_server_port(server));
    OAuthGrant grant = {
        .url = url, .client_id = "id", .client_secret = "a&b", .refresh_token = "r0"};
    return oauth_token_new(&grant, note_rotated, rotated);
}

static void check_get(OAuthToken *token, const char *expected) {
    g_autoptr(GError) error = NULL;
    g_autofree char *access = oauth_token_get(token, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(access, ==, expected);
}

static void test_a_token_is_kept_until_five_minutes_before_its_end(void) {
    int seconds = 600;
    g_autofree char *rotated = NULL;
    g_autoptr(FakeServer) server = fake_server_new(serve, &seconds);
    g_autoptr(OAuthToken) token = token_at(server, &rotated);
    check_get(token, "t1");
    check_get(token, "t1");
    g_assert_cmpstr(rotated, ==, "r1");
    oauth_token_expire(token);
    seconds = 299; // less than five minutes: renewed each time
    check_get(token, "t2");
    check_get(token, "t3");
    g_assert_cmpstr(rotated, ==, "r3");
}

static void test_a_token_address_in_clear_is_refused(void) {
    OAuthGrant grant = {.url = "http://login.example.org/", .client_id = "i", .refresh_token = "r"};
    g_autoptr(OAuthToken) token = oauth_token_new(&grant, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(oauth_token_get(token, &error));
    g_assert_cmpstr(error_code(error), ==, "oauth_url");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/oauth_token/answers-are-told-apart", test_answers_are_told_apart);
    g_test_add_func("/oauth_token/a-token-is-kept-until-five-minutes-before-its-end",
                    test_a_token_is_kept_until_five_minutes_before_its_end);
    g_test_add_func("/oauth_token/a-token-address-in-clear-is-refused",
                    test_a_token_address_in_clear_is_refused);
    return g_test_run();
}
