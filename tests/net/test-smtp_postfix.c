// Many sends in a row over STARTTLS to a real Postfix, started here with a configuration, queue and
// port of its own. SMTP_ROW=500 sends so many. Skipped where Postfix or root is missing.
#include <arpa/inet.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../store/scratch.h"
#include "net/smtp.h"
#include "smtp_sink.h"

#define MASTER "/usr/lib/postfix/sbin/master"
#define HANG_US 2000000

static const char main_format[] =
    "compatibility_level = 3.6\nqueue_directory = @TOP@/queue\ndata_directory = @TOP@/data\n"
    "command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\n"
    "mail_owner = postfix\nsetgid_group = postdrop\ninet_interfaces = 127.0.0.1\n"
    "inet_protocols = ipv4\nmyhostname = localhost.localdomain\nmynetworks = 127.0.0.0/8\n"
    "mydestination =\ndefault_transport = discard\nlocal_transport = discard\n"
    "relay_transport = discard\nalias_maps =\nsmtpd_tls_cert_file = @TOP@/cert.pem\n"
    "smtpd_tls_key_file = @TOP@/key.pem\nsmtpd_tls_security_level = may\n"
    "smtpd_peername_lookup = no\nmaillog_file = @TOP@/log\nmaillog_file_prefixes = /\n"
    "smtpd_client_connection_count_limit = 0\nsmtpd_client_connection_rate_limit = 0\n";
static const char master_format[] =
    "127.0.0.1:%u inet n - n - 20 smtpd\ncleanup unix n - n - 0 cleanup\n"
    "qmgr unix n - n 300 1 qmgr\ntlsmgr unix - - n 1000? 1 tlsmgr\n"
    "rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n"
    "defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\ndiscard unix - - n - - discard\n"
    "error unix - - n - - error\nretry unix - - n - - error\nanvil unix - - n - 1 anvil\n"
    "proxymap unix - - n - - proxymap\npostlog unix-dgram n - n - 1 postlogd\n";

typedef struct {
    Scratch scratch;
    char *config;
    GSubprocess *process;
    guint16 port;
} Postfix;

static guint16 free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int probe = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    g_assert_cmpint(bind(probe, (struct sockaddr *)&address, sizeof address), ==, 0);
    getsockname(probe, (struct sockaddr *)&address, &length);
    close(probe);
    return ntohs(address.sin_port);
}

static gboolean port_answers(guint16 port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int probe = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    gboolean answers = connect(probe, (struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    return answers;
}

static void write_file(const char *directory, const char *name, const char *text) {
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GError) error = NULL;
    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
    g_chmod(path, 0644);
}

static void write_config(Postfix *postfix) {
    const char *top = postfix->scratch.directory;
    g_auto(GStrv) parts = g_strsplit(main_format, "@TOP@", -1);
    g_autofree char *main_text = g_strjoinv(top, parts);
    g_autofree char *master_text = g_strdup_printf(master_format, postfix->port);
    g_autofree char *queue = scratch_path(&postfix->scratch, "queue");
    g_autofree char *data = scratch_path(&postfix->scratch, "data");
    const struct passwd *owner = getpwnam("postfix");
    g_chmod(top, 0755);
    g_mkdir(postfix->config, 0755);
    g_mkdir(queue, 0755);
    g_mkdir(data, 0755);
    g_assert_cmpint(chown(data, owner->pw_uid, owner->pw_gid), ==, 0);
    write_file(postfix->config, "main.cf", main_text);
    write_file(postfix->config, "master.cf", master_text);
    smtp_sink_make_certificate(top, NULL, FALSE);
}

static void postfix_start(Postfix *postfix) {
    g_autoptr(GError) error = NULL;
    postfix->scratch = scratch_new();
    postfix->config = scratch_path(&postfix->scratch, "config");
    postfix->port = free_port();
    write_config(postfix);
    postfix->process =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         &error, "/usr/sbin/postfix", "-c", postfix->config, "start-fg", NULL);
    g_assert_no_error(error);
    for (int try = 0; try < 300 && !port_answers(postfix->port); try++)
        g_usleep(100000);
    g_assert_true(port_answers(postfix->port));
}

static void postfix_stop(Postfix *postfix) {
    g_autoptr(GSubprocess) stop =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         NULL, "/usr/sbin/postfix", "-c", postfix->config, "stop", NULL);
    g_subprocess_wait(stop, NULL, NULL);
    g_subprocess_wait(postfix->process, NULL, NULL);
    g_object_unref(postfix->process);
    g_free(postfix->config);
    scratch_clear(&postfix->scratch);
}

static gint64 send_one(const SmtpAccount *account, guint number) {
    g_autofree char *text =
        g_strdup_printf("From: us@example.org\r\nTo: a@example.com\r\nMessage-ID: <%u@example.org>"
                        "\r\nDate: Mon, 23 Nov 2026 06:00:00 +0000\r\n\r\nnumber %u\r\n",
                        number, number);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    char *const recipients[] = {(char[]){"a@example.com"}, NULL};
    const SmtpEnvelope envelope = {.sender = "us@example.org", .recipients = recipients};
    gint64 began = g_get_monotonic_time();
    g_autoptr(SmtpReport) report = smtp_send(account, &envelope, bytes);
    const SmtpResult *result = report->results->pdata[0];
    if (result->state != RECEIPT_SENT)
        g_test_message("send %u: %s", number, result->response);
    g_assert_cmpint(result->state, ==, RECEIPT_SENT);
    g_assert_cmpstr(report->client, ==, "libesmtp");
    return g_get_monotonic_time() - began;
}

static void test_row(void) {
    Postfix postfix = {0};
    const char *wanted = g_getenv("SMTP_ROW");
    guint count = wanted != NULL ? (guint)g_ascii_strtoull(wanted, NULL, 10) : 30, hangs = 0;
    gint64 longest = 0;
    if (geteuid() != 0 || access(MASTER, X_OK) != 0 || getpwnam("postfix") == NULL) {
        g_test_skip("Postfix can only be started by root where it is installed");
        return;
    }
    postfix_start(&postfix);
    g_autofree char *ca_file = scratch_path(&postfix.scratch, "cert.pem");
    const SmtpAccount account = {.host = "localhost",
                                 .port = postfix.port,
                                 .tls = SMTP_TLS_STARTTLS,
                                 .ca_file = ca_file,
                                 .timeout_ms = 10000};
    for (guint at = 0; at < count; at++) {
        gint64 took = send_one(&account, at);
        longest = MAX(longest, took);
        hangs += took > HANG_US;
    }
    g_test_message("%u sends to Postfix, %u hangs, the longest took %.1f ms", count, hangs,
                   (double)longest / 1000);
    postfix_stop(&postfix);
    g_assert_cmpuint(hangs, ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    g_test_add_func("/smtp_postfix/sends in a row over STARTTLS never hang", test_row);
    return g_test_run();
}
