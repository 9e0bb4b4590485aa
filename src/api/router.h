// The route table and its dispatch: method and path to a handler, after permission and limits. Used
// by the HTTP server and by dialogctl in process. Each resource file has a table of rows; routes.c
// lists the tables. A path parameter that is named after a kind of row which can be hidden
// ({conversation}, {message} ...) is checked here, before any handler. Knows nothing of
// connections.
#pragma once

#include "api/call.h"

typedef struct {
    const char *method;    // GET (serves HEAD too), POST, PUT, PATCH, DELETE
    const char *pattern;   // "/api/v1/conversations/{id}"; a last {rest...} takes slashes too
    Permission permission; // what the caller needs
    ApiHandler handler;
    const char *query; // accepted parameters with spaces between; NULL: none; "*": any
    gsize body_max;    // bytes; 0: 1 MiB for JSON
    gboolean any_body; // any Content-Type, also none: raw mail, hooks. Else JSON or 415
} ApiRoute;

// All tables, ended by NULL; each ends with a NULL method. src/api/routes.c.
extern const ApiRoute *const api_routes[];

typedef struct Router Router;

// parts is copied; what it points to is borrowed.
Router *router_new(const ApiRoute *const *tables, const ApiParts *parts) G_GNUC_WARN_UNUSED_RESULT;
void router_free(Router *router);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Router, router_free)

// Called once with the answer, from any thread, possibly before router_run returns. The receiver
// owns the call from now on: it takes what it needs and frees it.
typedef void (*ApiAnswered)(ApiCall *call, gpointer data);

// The head of a request: takes request (its URL is the target, "/path?query"; its body is empty
// yet). Finds the route and checks query, permission and headers; where that fails the call has its
// answer already.
ApiCall *router_begin(const Router *router, HttpRequest *request, const char *peer,
                      const Principal *principal) G_GNUC_WARN_UNUSED_RESULT;

// Then, unless it is answered: takes the body and runs the handler.
void router_run(ApiCall *call, GBytes *body, ApiAnswered answered, gpointer data);

// For the receiver.
gboolean api_call_is_answered(const ApiCall *call);
gsize api_call_body_max(const ApiCall *call);
HttpAnswer *api_call_take_answer(ApiCall *call) G_GNUC_WARN_UNUSED_RESULT;
ApiStream *api_call_take_stream(ApiCall *call) G_GNUC_WARN_UNUSED_RESULT; // NULL: the body is whole
void api_call_free(ApiCall *call);

// Both at once, and waits for the answer: dialogctl in process, tests. Takes request with its body;
// a stream is read to its end into the body. Not on the writer's thread.
HttpAnswer *router_call(const Router *router, HttpRequest *request,
                        const Principal *principal) G_GNUC_WARN_UNUSED_RESULT;
