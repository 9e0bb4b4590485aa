#include "mime/parser_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "mime/charset.h"
#include "mime/mail_decode.h"

#define MEMORY_MAXIMUM (256ul << 20) // bytes of address space
#define CPU_SECONDS_MAXIMUM 60       // of one process; the pool replaces it long before

// Memory, the socket, and the way out. Everything else fails with EPERM.
static const int allowed[] = {
    SCMP_SYS(read),           SCMP_SYS(readv),
    SCMP_SYS(recvfrom),       SCMP_SYS(recvmsg),
    SCMP_SYS(write),          SCMP_SYS(writev),
    SCMP_SYS(sendto),         SCMP_SYS(sendmsg),
    SCMP_SYS(mmap),           SCMP_SYS(munmap),
    SCMP_SYS(mremap),         SCMP_SYS(mprotect),
    SCMP_SYS(madvise),        SCMP_SYS(brk),
    SCMP_SYS(futex),          SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday),
    SCMP_SYS(getpid),         SCMP_SYS(gettid),
    SCMP_SYS(tgkill),         SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),    SCMP_SYS(restart_syscall),
    SCMP_SYS(sched_yield),    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

static gboolean fail(GError **error, const char *what) {
    error_set(error, ERROR_INTERNAL, "sandbox_failed", "%s: %s", what, g_strerror(errno));
    return FALSE;
}

static gboolean limit(int resource, rlim_t value, GError **error) {
    struct rlimit both = {value, value};
    return setrlimit((__rlimit_resource_t)resource, &both) == 0 || fail(error, "setrlimit");
}

static gboolean limit_all(GError **error) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    if (!limit(RLIMIT_AS, MEMORY_MAXIMUM, error))
        return FALSE;
#endif
    return limit(RLIMIT_CPU, CPU_SECONDS_MAXIMUM, error) && limit(RLIMIT_CORE, 0, error) &&
           limit(RLIMIT_FSIZE, 0, error) && limit(RLIMIT_NOFILE, 3, error);
}

// All that a first ABI of Landlock can deny, denied everywhere.
static void landlock_enter(void) {
    struct landlock_ruleset_attr rules = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM,
    };
    long ruleset = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (ruleset < 0)
        return; // an older kernel: seccomp alone holds
    syscall(SYS_landlock_restrict_self, ruleset, 0);
    close((int)ruleset);
}

static gboolean seccomp_enter(GError **error) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int result = filter != NULL ? 0 : -ENOMEM;
    for (gsize at = 0; at < G_N_ELEMENTS(allowed) && result == 0; at++)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[at], 0);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    if (result == 0)
        return TRUE;
    errno = -result;
    return fail(error, "seccomp");
}

// What is made on first use is made now: charset tables, digests, the parsers' own tables.
static void warm_up(void) {
    static const char mail[] = "Content-Type: text/html\r\n\r\n<p>x</p>";
    charset_open_all();
    g_autoptr(GBytes) raw = g_bytes_new_static(mail, sizeof mail - 1);
    g_autoptr(Incoming) incoming = mail_decode(raw, NULL);
}

gboolean parser_sandbox_enter(GError **error) {
    warm_up();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(error, "no_new_privs");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return fail(error, "dumpable");
    landlock_enter();
    return limit_all(error) && seccomp_enter(error);
}
