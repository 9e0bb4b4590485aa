#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake_server.h"
#include "net/http_client.h"

static const HttpPolicy loopback = {.allow_private = TRUE, .allow_http = TRUE};

static gint dropped; // requests to /drop

// Answers every request of a connection; what is asked for is the path.
static void handle(int socket, int number, gpointer data) {
    guint16 *port = data;
    char *request;
    (void)number;
    while ((request = fake_server_read_http(socket)) != NULL) {
        g_autofree char *owned = request;
        if (strstr(request, " /echo ") != NULL) {
            g_autofree char *answer = g_strdup_printf(
                "HTTP/1.1 201 Created\r\nX-Test: yes\r\nContent-Length: %zu\r\n\r\n%s",
                strlen(request), request);
            fake_server_write(socket, answer);
        } else if (strstr(request, " /large ") != NULL) {
            g_autofree char *body = g_strnfill(5000, 'x');
            fake_server_write(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            fake_server_write(socket, body);
            return;
        } else if (strstr(request, " /headers ") != NULL) {
            g_autofree char *value = g_strnfill(70000, 'x');
            fake_server_write(socket, "HTTP/1.1 200 OK\r\nX-Long: ");
            fake_server_write(socket, value);
            fake_server_write(socket, "\r\nContent-Length: 0\r\n\r\n");
        } else if (strstr(request, " /moved ") != NULL) {
            fake_server_write(socket,
                              "HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n");
        } else if (strstr(request, " /elsewhere ") != NULL) {
            g_autofree char *answer = g_strdup_printf(
                "HTTP/1.1 302 Found\r\nLocation: http://localhost:%u/echo\r\nContent-Length: "
                "0\r\n\r\n",
                *port);
            fake_server_write(socket, answer);
        } else if (strstr(request, " /file ") != NULL) {
            fake_server_write(socket, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
                                      "Content-Length: 0\r\n\r\n");
        } else if (strstr(request, " /slow ") != NULL) {
            g_usleep(800000);
            return;
        } else { // "/drop": the request is read and never answered
            g_atomic_int_inc(&dropped);
            return;
        }
    }
}

typedef struct {
    guint16 port;
    FakeServer *server;
    HttpClient *client;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
    (void)data;
    fixture->server = fake_server_new(handle, &fixture->port);
    fixture->port = fake_server_port(fixture->server);
    fixture->client = http_client_new();
}

static void tear_down(Fixture *fixture, gconstpointer data) {
    (void)data;
    http_client_free(fixture->client);
    fake_server_free(fixture->server);
}

static HttpRequest *request_to(Fixture *fixture, const char *method, const char *path) {
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u%s", fixture->port, path);
    return http_request_new(method, url);
}

static HttpAnswer *ask(Fixture *fixture, const char *method, const char *path,
                       const HttpPolicy *policy) {
    return http_client_send_wait(fixture->client, request_to(fixture, method, path), policy);
}

static gboolean body_has(const HttpAnswer *answer, const char *text) {
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);
    return body != NULL && g_strstr_len(body, (gssize)length, text) != NULL;
}

static void test_post(Fixture *fixture, gconstpointer data) {
    (void)data;
    HttpRequest *request = request_to(fixture, "POST", "/echo");
    http_request_add_header(request, "X-Key", "k1");
    http_request_take_body(request, "application/json", g_bytes_new_static("{\"a\":1}", 7));
    g_autoptr(HttpAnswer) answer = http_client_send_wait(fixture->client, request, &loopback);
    g_assert_cmpuint(answer->status, ==, 201);
    g_assert_true(answer->was_sent);
    g_assert_cmpstr(http_header_find(answer->headers, "x-test"), ==, "yes");
    g_assert_true(body_has(answer, "X-Key: k1\n"));
    g_assert_true(body_has(answer, "Content-Type: application/json\n"));
    g_assert_true(body_has(answer, "{\"a\":1}"));
    g_assert_false(body_has(answer, "Expect:"));
}

static void test_other_methods(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(HttpAnswer) get = ask(fixture, "GET", "/echo", &loopback);
    g_autoptr(HttpAnswer) patch = ask(fixture, "PATCH", "/echo", &loopback);
    g_autoptr(HttpAnswer) delete = ask(fixture, "DELETE", "/echo", &loopback);
    g_assert_true(body_has(get, "GET /echo"));
    g_assert_true(body_has(patch, "PATCH /echo"));
    g_assert_true(body_has(delete, "DELETE /echo"));
}

static void test_private_refused(Fixture *fixture, gconstpointer data) {
    (void)data;
    const HttpPolicy policy = {.allow_http = TRUE};
    const char *const hosts[] = {"127.0.0.1",          "localhost", "2130706433",
                                 "0177.0.0.1",         "0x7f.1",    "0.0.0.0",
                                 "[::ffff:127.0.0.1]", "[::1]",     NULL};
    for (const char *const *host = hosts; *host != NULL; host++) {
        g_autofree char *url = g_strdup_printf("http://%s:%u/echo", *host, fixture->port);
        g_autoptr(HttpAnswer) answer =
            http_client_send_wait(fixture->client, http_request_new("GET", url), &policy);
        g_test_message("%s: %s", *host, answer->failure);
        g_assert_cmpuint(answer->status, ==, 0);
        g_assert_nonnull(answer->failure);
        g_assert_false(answer->was_sent);
    }
    g_assert_cmpint(fake_server_connections(fixture->server), ==, 0);
}

static void test_reused_refused(Fixture *fixture, gconstpointer data) {
    (void)data;
    const HttpPolicy strict = {.allow_http = TRUE};
    g_autoptr(HttpAnswer) first = ask(fixture, "GET", "/echo", &loopback);
    g_autoptr(HttpAnswer) second = ask(fixture, "GET", "/echo", &strict);
    g_assert_cmpuint(first->status, ==, 201);
    g_assert_cmpuint(second->status, ==, 0);
    g_assert_cmpstr(second->failure, ==, "the host's address 127.0.0.1 is not a public one");
}

static void test_schemes(Fixture *fixture, gconstpointer data) {
    (void)data;
    const HttpPolicy policy = {.allow_private = TRUE};
    const char *const urls[] = {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/",
                                "smtp://127.0.0.1/", NULL};
    g_autoptr(HttpAnswer) plain = ask(fixture, "GET", "/echo", &policy);
    g_assert_cmpstr(plain->failure, ==, "only https is allowed here");
    for (const char *const *url = urls; *url != NULL; url++) {
        g_autoptr(HttpAnswer) answer =
            http_client_send_wait(fixture->client, http_request_new("GET", *url), &loopback);
        g_assert_cmpuint(answer->status, ==, 0);
        g_assert_cmpuint(g_bytes_get_size(answer->body), ==, 0);
    }
}

static void test_redirects(Fixture *fixture, gconstpointer data) {
    (void)data;
    HttpPolicy follow = loopback;
    follow.redirects = 3;
    g_autoptr(HttpAnswer) stopped = ask(fixture, "GET", "/moved", &loopback);
    g_autoptr(HttpAnswer) followed = ask(fixture, "GET", "/moved", &follow);
    g_autoptr(HttpAnswer) file = ask(fixture, "GET", "/file", &follow);
    g_autoptr(HttpAnswer) post = ask(fixture, "POST", "/moved", &follow);
    g_assert_cmpuint(stopped->status, ==, 302);
    g_assert_cmpuint(followed->status, ==, 201);
    g_assert_cmpuint(file->status, !=, 200);
    g_assert_cmpuint(g_bytes_get_size(file->body), ==, 0);
    g_assert_cmpuint(post->status, ==, 302);
}

static void test_credentials(Fixture *fixture, gconstpointer data) {
    const struct {
        const char *path;
        gboolean kept;
    } cases[] = {{"/moved", TRUE}, {"/elsewhere", FALSE}};
    HttpPolicy follow = loopback;
    (void)data;
    follow.redirects = 1;
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        HttpRequest *request = request_to(fixture, "GET", cases[at].path);
        http_request_add_header(request, "Authorization", "Bearer secret");
        http_request_add_header(request, "X-Api-Key", "secret");
        g_autoptr(HttpAnswer) answer = http_client_send_wait(fixture->client, request, &follow);
        g_assert_cmpuint(answer->status, ==, 201);
        g_assert_cmpint(body_has(answer, "secret"), ==, cases[at].kept);
    }
}

static void test_limits(Fixture *fixture, gconstpointer data) {
    (void)data;
    HttpPolicy small = loopback;
    small.body_limit = 4999;
    g_autoptr(HttpAnswer) large = ask(fixture, "GET", "/large", &small);
    g_autoptr(HttpAnswer) headers = ask(fixture, "GET", "/headers", &loopback);
    g_assert_cmpstr(large->failure, ==, "the answer is larger than the limit");
    g_assert_cmpuint(headers->status, ==, 0);
    small.body_limit = 5000;
    g_autoptr(HttpAnswer) fits = ask(fixture, "GET", "/large", &small);
    g_assert_cmpuint(g_bytes_get_size(fits->body), ==, 5000);
}

static void test_deadline(Fixture *fixture, gconstpointer data) {
    (void)data;
    HttpRequest *request = request_to(fixture, "POST", "/slow");
    request->timeout_ms = 200;
    gint64 began = g_get_monotonic_time();
    g_autoptr(HttpAnswer) answer = http_client_send_wait(fixture->client, request, &loopback);
    g_assert_cmpint(g_get_monotonic_time() - began, <, 700000);
    g_assert_cmpuint(answer->status, ==, 0);
    g_assert_true(answer->was_sent);
}

static void test_lost_answer(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(HttpAnswer) warm = ask(fixture, "GET", "/echo", &loopback);
    g_atomic_int_set(&dropped, 0);
    g_autoptr(HttpAnswer) lost = ask(fixture, "POST", "/drop", &loopback);
    g_assert_cmpuint(warm->status, ==, 201);
    g_assert_cmpuint(lost->status, ==, 0);
    g_assert_true(lost->was_sent);
    g_assert_cmpint(g_atomic_int_get(&dropped), ==, 1); // curl repeats on a reused connection
}

static void test_nobody_listens(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(HttpAnswer) answer = http_client_send_wait(
        fixture->client, http_request_new("POST", "http://127.0.0.1:1/"), &loopback);
    g_assert_cmpuint(answer->status, ==, 0);
    g_assert_false(answer->was_sent);
}

static void count_stopped(HttpAnswer *answer, gpointer data) {
    g_assert_cmpuint(answer->status, ==, 0);
    http_answer_free(answer);
    g_atomic_int_inc((gint *)data);
}

static void test_stop(Fixture *fixture, gconstpointer data) {
    gint stopped = 0;
    (void)data;
    for (int at = 0; at < 5; at++)
        http_client_send(fixture->client, request_to(fixture, "GET", "/slow"), &loopback,
                         count_stopped, &stopped);
    g_usleep(50000);
    http_client_free(g_steal_pointer(&fixture->client));
    g_assert_cmpint(stopped, ==, 5);
}

static gpointer serve_local(gpointer data) {
    int listening = GPOINTER_TO_INT(data), accepted = accept(listening, NULL, NULL);
    guint16 port = 0;
    handle(accepted, 1, &port);
    close(accepted);
    return NULL;
}

static void test_local(void) {
    g_autofree char *directory = g_dir_make_tmp("dialogd-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "control.sock", NULL);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(bind(listening, (struct sockaddr *)&address, sizeof address), ==, 0);
    listen(listening, 1);
    GThread *thread = g_thread_new("local", serve_local, GINT_TO_POINTER(listening));
    g_autoptr(HttpAnswer) answer =
        http_client_call_local(path, http_request_new("GET", "http://dialogd/echo"));
    g_assert_cmpuint(answer->status, ==, 201);
    g_thread_join(thread);
    close(listening);
    g_unlink(path);
    g_autoptr(HttpAnswer) none =
        http_client_call_local(path, http_request_new("GET", "http://dialogd/echo"));
    g_assert_cmpuint(none->status, ==, 0);
    g_assert_false(none->was_sent);
    g_rmdir(directory);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/http_client/" name, Fixture, NULL, set_up, test, tear_down)
    ADD("a post reaches the server with its headers and body", test_post);
    ADD("other methods are sent as named", test_other_methods);
    ADD("private addresses are refused however they are spelled", test_private_refused);
    ADD("a connection opened under a laxer policy is not used again", test_reused_refused);
    ADD("other schemes than those allowed are refused", test_schemes);
    ADD("redirects are followed only when asked, for GET, over http", test_redirects);
    ADD("credentials do not follow to another origin", test_credentials);
    ADD("an answer beyond the limit is cut off", test_limits);
    ADD("a request ends at its deadline and its outcome is unknown", test_deadline);
    ADD("a post whose answer is lost is sent once and reported as sent", test_lost_answer);
    ADD("a refused connection is known to be without effect", test_nobody_listens);
    ADD("stopping answers what is running", test_stop);
    g_test_add_func("/http_client/a call over a Unix socket reaches a local server", test_local);
    return g_test_run();
}
