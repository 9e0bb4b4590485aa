// The SMTP sink as a program: listens on 127.0.0.1, says "port N" on standard output, takes mail
// until SIGTERM. Options, each with a value: --port N, --rule STAGE=ACTION (repeats), --log FILE
// (a synced line for each accepted mail and recipients), --mail FILE (the last mail), --user NAME
// and --password WORD (offers AUTH), --tls DIRECTORY (offers STARTTLS; the certificate is written
// there). Run without options it is no test.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "smtp_sink.h"

typedef struct {
    SmtpSinkScript script;
    GPtrArray *rules;
    const char *mail_path;
} Options;

static void take_option(Options *options, const char *name, const char *value) {
    if (strcmp(name, "--rule") == 0)
        g_ptr_array_add(options->rules, (gpointer)(guintptr)value);
    else if (strcmp(name, "--port") == 0)
        options->script.port = (guint16)g_ascii_strtoull(value, NULL, 10);
    else if (strcmp(name, "--log") == 0)
        options->script.log_path = value;
    else if (strcmp(name, "--mail") == 0)
        options->mail_path = value;
    else if (strcmp(name, "--user") == 0)
        options->script.user = value;
    else if (strcmp(name, "--password") == 0)
        options->script.password = value;
    else if (strcmp(name, "--tls") == 0)
        options->script.directory = value;
    else
        g_error("unknown option %s", name);
}

// Looks twenty times a second for a new mail to write down; ends with a signal.
static void serve(SmtpSink *sink, const char *mail_path) {
    guint seen = 0;
    for (;;) {
        guint count = smtp_sink_count(sink);
        if (mail_path != NULL && count > seen)
            g_file_set_contents(mail_path, smtp_sink_mail(sink, count - 1)->text->str, -1, NULL);
        seen = count;
        g_usleep(50000);
    }
}

int main(int argc, char **argv) {
    Options options = {.rules = g_ptr_array_new()};
    if (argc < 2) {
        puts("1..0 # SKIP a program for other tests");
        return 0;
    }
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM); // a test that is killed leaves no server behind
    for (int at = 1; at + 1 < argc; at += 2)
        take_option(&options, argv[at], argv[at + 1]);
    g_ptr_array_add(options.rules, NULL);
    options.script.rules = (const char *const *)(void *)options.rules->pdata;
    options.script.starttls = options.script.directory != NULL;
    options.script.plain_auth = !options.script.starttls;
    if (options.script.starttls)
        smtp_sink_make_certificate(options.script.directory, NULL, FALSE);
    SmtpSink *sink = smtp_sink_new(&options.script);
    printf("port %u\n", smtp_sink_port(sink));
    fflush(stdout);
    serve(sink, options.mail_path);
    return 0;
}
