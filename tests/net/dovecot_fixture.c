#include "dovecot_fixture.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

guint16 free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint(bind(handle, (struct sockaddr *)&address, length), ==, 0);
    g_assert_cmpint(getsockname(handle, (struct sockaddr *)&address, &length), ==, 0);
    close(handle);
    return ntohs(address.sin_port);
}

static gboolean can_connect(guint16 port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    gboolean is_open = connect(handle, (struct sockaddr *)&address, sizeof address) == 0;
    close(handle);
    return is_open;
}

static void remove_tree(const char *path) {
    const char *arguments[] = {"rm", "-rf", path, NULL};
    g_spawn_sync(NULL, (char **)(void *)arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                 NULL, NULL, NULL);
}

void dovecot_stop(Dovecot *dovecot) {
    if (dovecot == NULL)
        return;
    if (waitpid(dovecot->pid, NULL, WNOHANG) == 0) {
        kill(dovecot->pid, SIGTERM);
        waitpid(dovecot->pid, NULL, 0);
    }
    remove_tree(dovecot->directory);
    g_free(dovecot->directory);
    g_free(dovecot);
}

static void spawn(Dovecot *dovecot) {
    dovecot->directory = g_dir_make_tmp("dialogd-dovecot-XXXXXX", NULL);
    dovecot->imap = free_port();
    dovecot->imaps = free_port();
    dovecot->pop3 = free_port();
    g_autofree char *script = g_test_build_filename(G_TEST_DIST, "net", "dovecot.sh", NULL);
    g_autofree char *imap = g_strdup_printf("%u", dovecot->imap);
    g_autofree char *imaps = g_strdup_printf("%u", dovecot->imaps);
    g_autofree char *pop3 = g_strdup_printf("%u", dovecot->pop3);
    const char *arguments[] = {"/bin/sh", script, dovecot->directory, imap, imaps, pop3, NULL};
    g_autoptr(GError) error = NULL;
    g_spawn_async(NULL, (char **)(void *)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                  &dovecot->pid, &error);
    g_assert_no_error(error);
}

// FALSE when it ended: somebody else took one of its ports in between.
static gboolean await_start(const Dovecot *dovecot) {
    for (int tries = 0; tries < 1200 && waitpid(dovecot->pid, NULL, WNOHANG) == 0; tries++) {
        if (can_connect(dovecot->imap))
            return TRUE;
        g_usleep(50000);
    }
    return FALSE;
}

Dovecot *dovecot_start(void) {
    g_autofree char *program = g_find_program_in_path("dovecot");
    g_autofree char *tool = g_find_program_in_path("openssl");
    for (int tries = 0; tries < 3 && program != NULL && tool != NULL; tries++) {
        Dovecot *dovecot = g_new0(Dovecot, 1);
        spawn(dovecot);
        if (await_start(dovecot))
            return dovecot;
        dovecot_stop(dovecot);
    }
    g_assert_true(program == NULL || tool == NULL);
    return NULL;
}

MailAccount *dovecot_account(const Dovecot *dovecot, const char *user, MailTls tls) {
    MailAccount *account = mail_account_new(
        "127.0.0.1", tls == MAIL_TLS_IMPLICIT ? dovecot->imaps : dovecot->imap, tls);
    account->user = g_strdup(user);
    account->password = g_strdup("secret");
    account->authorities = g_build_filename(dovecot->directory, "ca.pem", NULL);
    account->allow_private = TRUE;
    return account;
}
