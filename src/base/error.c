#include "base/error.h"

typedef struct {
    const char *code;
} DialogdErrorPrivate;

static void dialogd_error_private_init(DialogdErrorPrivate *private) {
    private->code = "internal";
}

static void dialogd_error_private_copy(const DialogdErrorPrivate *from, DialogdErrorPrivate *to) {
    to->code = from->code;
}

static void dialogd_error_private_clear(DialogdErrorPrivate *private) {
    private->code = NULL;
}

G_DEFINE_EXTENDED_ERROR(DialogdError, dialogd_error)

static const struct {
    unsigned http_status;
    gboolean can_retry;
} kinds[] = {
    [ERROR_INVALID] = {400, FALSE},   [ERROR_UNAUTHENTICATED] = {401, FALSE},
    [ERROR_DENIED] = {403, FALSE},    [ERROR_NOT_FOUND] = {404, FALSE},
    [ERROR_CONFLICT] = {409, FALSE},  [ERROR_PRECONDITION] = {412, FALSE},
    [ERROR_TOO_LARGE] = {413, FALSE}, [ERROR_LIMIT] = {429, TRUE},
    [ERROR_UPSTREAM] = {502, TRUE},   [ERROR_UNAVAILABLE] = {503, TRUE},
    [ERROR_INTERNAL] = {500, FALSE},
};

void error_set(GError **error, ErrorKind kind, const char *code, const char *format, ...) {
    if (error == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    *error = g_error_new_valist(DIALOGD_ERROR, (int)kind, format, arguments);
    va_end(arguments);
    dialogd_error_get_private(*error)->code = code;
}

const char *error_code(const GError *error) {
    return error->domain == DIALOGD_ERROR ? dialogd_error_get_private(error)->code : "internal";
}

ErrorKind error_kind(const GError *error) {
    return error->domain == DIALOGD_ERROR ? (ErrorKind)error->code : ERROR_INTERNAL;
}

unsigned error_http_status(ErrorKind kind) {
    return kinds[kind].http_status;
}

gboolean error_can_retry(const GError *error) {
    return kinds[error_kind(error)].can_retry;
}
