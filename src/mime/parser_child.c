#include "mime/parser_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define SOCKET_BUFFER (1 << 20)

// Sanitizers and test harnesses are told through these; nothing else goes to the process.
static const char *const environment_names[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                                                "LD_LIBRARY_PATH"};

static GPtrArray *environment_make(void) {
    GPtrArray *environment = g_ptr_array_new_with_free_func(g_free);
    for (gsize at = 0; at < G_N_ELEMENTS(environment_names); at++) {
        const char *value = g_getenv(environment_names[at]);
        if (value != NULL)
            g_ptr_array_add(environment, g_strdup_printf("%s=%s", environment_names[at], value));
    }
    g_ptr_array_add(environment, g_strdup("MALLOC_ARENA_MAX=1"));
    g_ptr_array_add(environment, g_strdup("DIALOGD_PARSER=1"));
    g_ptr_array_add(environment, NULL);
    return environment;
}

// The same program with the verb "parser"; the socket is its standard input, nothing else is open.
static int spawn(pid_t *pid, int descriptor) {
    g_autoptr(GPtrArray) environment = environment_make();
    char name[] = "dialogd", verb[] = "parser";
    char *arguments[] = {name, verb, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    int result = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, arguments,
                             (char **)environment->pdata);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

ParserChild *parser_child_new(GError **error) {
    int sockets[2];
    pid_t pid;
    int result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0 ? 0 : errno;
    if (result == 0) {
        int size = SOCKET_BUFFER;
        setsockopt(sockets[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        setsockopt(sockets[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        fcntl(sockets[0], F_SETFL, O_NONBLOCK);
        result = spawn(&pid, sockets[1]);
        close(sockets[1]);
        if (result != 0)
            close(sockets[0]);
    }
    if (result != 0) {
        error_set(error, ERROR_UNAVAILABLE, "parser_start", "no parser process can be started: %s",
                  g_strerror(result));
        return NULL;
    }
    ParserChild *child = g_new0(ParserChild, 1);
    child->descriptor = sockets[0];
    child->pid = pid;
    child->since = clock_monotonic();
    return child;
}

void parser_child_free(ParserChild *child) {
    if (child == NULL)
        return;
    g_assert(parser_child_count(child) == 0);
    close(child->descriptor);
    kill(child->pid, SIGKILL);
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    g_free(child->answer);
    g_free(child);
}

void parser_child_push(ParserChild *child, ParserWork *work) {
    if (parser_child_count(child) == 0)
        child->since = clock_monotonic();
    g_queue_push_tail(&child->sending, work);
    child->held_bytes += g_bytes_get_size(work->payload);
}

guint parser_child_count(const ParserChild *child) {
    return child->sending.length + child->waiting.length;
}

gboolean parser_child_wants_write(const ParserChild *child) {
    return child->sending.length > 0;
}

// Sends more of the head of sending. The count, or -1 with errno.
static ssize_t send_some(ParserChild *child, const ParserWork *work) {
    gsize length;
    const char *data = g_bytes_get_data(work->payload, &length);
    FrameHeader header = {work->kind, child->next_id, length};
    gsize of_payload = child->sent > sizeof header ? child->sent - sizeof header : 0;
    gsize of_header = MIN(child->sent, sizeof header);
    struct iovec pieces[2] = {
        {(char *)&header + of_header, sizeof header - of_header},
        {(char *)(guintptr)data + of_payload, length - of_payload},
    };
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
    return sendmsg(child->descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

gboolean parser_child_write(ParserChild *child) {
    ParserWork *work;
    while ((work = g_queue_peek_head(&child->sending)) != NULL) {
        ssize_t count = send_some(child, work);
        if (count < 0)
            return errno == EAGAIN || errno == EINTR;
        child->sent += (gsize)count;
        if (child->sent < sizeof(FrameHeader) + g_bytes_get_size(work->payload))
            continue;
        child->sent = 0;
        child->next_id++;
        g_queue_push_tail(&child->waiting, g_queue_pop_head(&child->sending));
    }
    return TRUE;
}

// The next bytes of the answer. 1: some came; 0: none for now; -1: the process is gone.
static int receive_some(ParserChild *child) {
    gboolean in_header = child->received < sizeof child->header;
    char *to = in_header ? (char *)&child->header + child->received
                         : child->answer + (child->received - sizeof child->header);
    gsize wanted = in_header ? sizeof child->header - child->received
                             : sizeof child->header + child->header.length - child->received;
    ssize_t count = recv(child->descriptor, to, wanted, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (count <= 0)
        return -1;
    child->received += (gsize)count;
    return 1;
}

// The header has come: is it an answer to what was asked?
static gboolean header_check(ParserChild *child) {
    const ParserWork *work = g_queue_peek_head(&child->waiting);
    const FrameHeader *header = &child->header;
    if (work == NULL || header->id != child->answer_id || header->length > FRAME_ANSWER_MAXIMUM)
        return FALSE;
    FrameKind expected = work->kind == FRAME_MAIL ? FRAME_INCOMING : FRAME_CLEAN;
    if (header->kind != expected && header->kind != FRAME_ERROR)
        return FALSE;
    child->answer = g_malloc(header->length + 1);
    return TRUE;
}

static void answer_finish(ParserChild *child, ParserWork **work, GBytes **answer, FrameKind *kind) {
    *work = g_queue_pop_head(&child->waiting);
    *answer = g_bytes_new_take(g_steal_pointer(&child->answer), child->header.length);
    *kind = (FrameKind)child->header.kind;
    child->received = 0;
    child->answer_id++;
    child->since = clock_monotonic();
    child->served++;
    child->served_bytes += g_bytes_get_size((*work)->payload) + child->header.length;
    child->held_bytes -= g_bytes_get_size((*work)->payload);
}

gboolean parser_child_read(ParserChild *child, ParserWork **work, GBytes **answer,
                           FrameKind *kind) {
    *work = NULL;
    for (;;) {
        if (child->received >= sizeof child->header &&
            child->received == sizeof child->header + child->header.length) {
            answer_finish(child, work, answer, kind);
            return TRUE;
        }
        int result = receive_some(child);
        if (result <= 0)
            return result == 0;
        if (child->received == sizeof child->header && !header_check(child))
            return FALSE;
    }
}

ParserWork *parser_child_take(ParserChild *child) {
    ParserWork *work = g_queue_pop_head(&child->waiting);
    if (work == NULL)
        work = g_queue_pop_head(&child->sending);
    if (work != NULL)
        child->held_bytes -= g_bytes_get_size(work->payload);
    return work;
}
