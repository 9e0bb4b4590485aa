#include "api/sign_in_limit.h"

#include "api/cookie.h"
#include "base/error.h"

Attempt sign_in_attempt(const ApiCall *call, AttemptKind kind, const char *account,
                        const char *email) {
    SignIn *sign_in = api_call_parts(call)->sign_in;
    g_autofree char *value = email != NULL ? cookie_read(call, COOKIE_DEVICE) : NULL;
    return (Attempt){
        .kind = kind,
        .address = api_call_peer(call),
        .account = account,
        .device =
            value != NULL && sign_in != NULL ? sign_in_device_read(sign_in, email, value) : NULL,
    };
}

gboolean sign_in_admit_call(ApiCall *call, const Attempt *attempt) {
    SignIn *sign_in = api_call_parts(call)->sign_in;
    GError *error = NULL;
    gint64 wait = sign_in != NULL ? sign_in_admit(sign_in, attempt) : 0;
    if (sign_in != NULL && wait == 0)
        return TRUE;
    if (sign_in == NULL) {
        error_set(&error, ERROR_UNAVAILABLE, "sign_in_absent",
                  "nobody signs in here: this needs a running dialogd");
    } else {
        g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT, (wait + 999) / 1000);
        api_call_add_header(call, "Retry-After", seconds);
        error_set(&error, ERROR_LIMIT, "too_many_attempts",
                  "too many attempts: try again in %s seconds", seconds);
    }
    api_call_fail(call, error);
    return FALSE;
}
