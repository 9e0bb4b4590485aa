// One request on its way through a handler: what was asked (path parameters, query, headers, body,
// who asks) and the one answer it must get. Made by the router, used by every handler of
// api/*.c. It knows nothing of libmicrohttpd, so dialogctl runs the same handlers in process.
//
// A handler gets a call and must see to exactly one answer: at once, from the work pool, or from a
// writer job. Until it has answered, the call is the handler's; afterwards it must not be touched.
#pragma once

#include <jansson.h>

#include "api/parts.h"
#include "api/principal.h"
#include "api/stream.h"
#include "model/channel_kind.h"
#include "store/visibility.h"

typedef struct ApiCall ApiCall;

// --- what was asked -----------------------------------------------------------------------------

const ApiParts *api_call_parts(const ApiCall *call);
const Principal *api_call_principal(const ApiCall *call);

// Method, absolute public URL, headers and raw body, as a channel kind's verify wants them.
const HttpRequest *api_call_request(const ApiCall *call);

// The header's value or NULL; names without regard to case.
const char *api_call_header(const ApiCall *call, const char *name);

// The address of the client as text, "" on the control socket and in process. From X-Forwarded-For
// only behind a trusted proxy.
const char *api_call_peer(const ApiCall *call);

// The part of the path that stands for {name} in the route's pattern, decoded. Never NULL.
const char *api_call_path(const ApiCall *call, const char *name);

// The same as an id; 0 with an error (not found): a path that cannot exist.
Id api_call_path_id(const ApiCall *call, const char *name, GError **error);

// The query parameter's decoded value or NULL. Only those named in the route's row ever get here,
// each once.
const char *api_call_query(const ApiCall *call, const char *name);

// Typed query parameters. TRUE and *value untouched when absent; FALSE with an error (invalid).
gboolean api_call_query_id(const ApiCall *call, const char *name, Id *value, GError **error);
gboolean api_call_query_int(const ApiCall *call, const char *name, gint64 low, gint64 high,
                            gint64 *value, GError **error);
gboolean api_call_query_instant(const ApiCall *call, const char *name, Instant *value,
                                GError **error);

// FALSE with an error (not found) when the row is hidden from the caller. For ids in bodies and
// queries; the router has seen to those of the path.
gboolean api_call_see(ApiCall *call, VisibilityObject object, Id id, GError **error);

// FALSE with an error (denied) for whoever does not see everything: what reaches all conversations
// at once would show what is hidden. what: "a web hook", the subject of the sentence.
gboolean api_call_see_all(const ApiCall *call, const char *what, GError **error);

// For conditions of store/visibility.h: the agent from whom something may be hidden, 0: nothing is.
Id api_call_viewer(const ApiCall *call);

// The body as a JSON object, parsed at the first call; borrowed. NULL with an error (invalid) for
// anything else, also duplicate keys. The route's body_max bounds it.
json_t *api_call_json(ApiCall *call, GError **error);

// Takes members of the body as jansson's json_unpack does, strictly: an unknown member is an error
// (invalid) that names it. "{s:s, s?s}" and so on; texts are borrowed from the call.
gboolean api_call_unpack(ApiCall *call, GError **error, const char *format, ...);

// A read-only connection for this call, given back when it is answered. NULL with an error.
Db *api_call_reader(ApiCall *call, GError **error);

// If-Match against the row's version ("v7"): FALSE with an error (precondition) when they differ.
// TRUE without the header.
gboolean api_call_match_version(const ApiCall *call, gint64 version, GError **error);

// --- the answer ---------------------------------------------------------------------------------

// Adds a header to the answer that follows. Values must be free of control characters.
void api_call_add_header(ApiCall *call, const char *name, const char *value);

// ETag "v7".
void api_call_add_version(ApiCall *call, gint64 version);

// Takes json.
void api_call_answer_json(ApiCall *call, unsigned status, json_t *json);

// Takes bytes. type e.g. "application/json", with charset where it is text.
void api_call_answer_bytes(ApiCall *call, unsigned status, const char *type, GBytes *bytes);

// A further member of the problem, should the call fail after this. Takes value. Within an ApiWrite
// it is forgotten when that is run again.
void api_call_add_problem(ApiCall *call, const char *member, json_t *value);

// No body (204, 202).
void api_call_answer_empty(ApiCall *call, unsigned status);

// application/problem+json (RFC 9457) of the error's kind and code; takes error, logs it once.
// Errors of other domains and of kind internal show only an incident id.
void api_call_fail(ApiCall *call, GError *error);

// Answers now with a body that the returned stream will bring; the caller is its producer and
// unreferences it. The call must not be touched afterwards.
ApiStream *api_call_answer_stream(ApiCall *call, unsigned status,
                                  const char *type) G_GNUC_WARN_UNUSED_RESULT;

// The same with a stream that the caller made and has a producer for already; takes a reference.
void api_call_answer_with_stream(ApiCall *call, unsigned status, const char *type,
                                 ApiStream *stream);

// --- elsewhere ----------------------------------------------------------------------------------

// Runs on the work pool; run must answer. For what may take over 5 ms.
typedef void (*ApiHandler)(ApiCall *call);
void api_call_work(ApiCall *call, ApiHandler run);

// The same on one of the two threads that hash passwords (desk/password_gate.h).
void api_call_hash(ApiCall *call, ApiHandler run);

// The same on a thread for long work that may block on its reader: exports.
void api_call_work_long(ApiCall *call, ApiHandler run);

// A writer job. It does its work in db and answers with api_call_answer_json, _bytes or _empty; the
// answer is held back until COMMIT. FALSE with an error undoes the job and becomes the answer. May
// run twice (store/writer.h), so it must leave data as it found it. Runs on the writer's thread:
// decode and check before. An Idempotency-Key is seen to here: the same key gives the same answer.
typedef gboolean (*ApiWrite)(ApiCall *call, Db *db, gpointer data, GError **error);

// data is freed with free (may be NULL) after the answer.
void api_call_write(ApiCall *call, ApiWrite run, gpointer data, GDestroyNotify free);

// Within an ApiWrite: the answer bears a secret, so its idempotency row must not keep it; a
// repetition of the key gets 409.
void api_call_keep_no_answer(ApiCall *call);

// Whom events and audit rows of this call name.
Actor api_call_actor(const ApiCall *call, Id *actor_id);
