// The inside of an ApiCall, for the files that make it work: call.c, answer.c, write.c, router.c.
// Handlers never include this.
#pragma once

#include "api/router.h"

struct ApiCall {
    const ApiParts *parts; // the router's
    const ApiRoute *route; // NULL until found
    Principal principal;
    HttpRequest *request;
    char *target; // path?query as it came
    char *peer;
    GHashTable *path;  // name -> decoded text
    GHashTable *query; // name -> decoded text
    json_t *json;      // the body once parsed
    Db *reader;

    HttpAnswer *answer; // headers gather here; its status is 0 until there is an answer
    json_t *problem;    // further members of it, or NULL
    ApiStream *stream;
    gboolean is_held; // within a writer job: the answer waits for COMMIT
    gboolean keeps_no_answer;
    ApiHandler work; // what the work pool runs
    ApiWrite write;
    gpointer write_data;
    GDestroyNotify write_free;

    ApiAnswered answered; // NULL before router_run
    gpointer answered_data;
};

// The answer is complete: hands the call to its receiver, unless it is held for a COMMIT.
void call_finish(ApiCall *call);

// Forgets the answer made so far, its headers too.
void call_reset_answer(ApiCall *call);

// A problem whose status no ErrorKind has: 405, 415, 417.
void call_fail_status(ApiCall *call, unsigned status, const char *code, const char *detail);

void call_release_reader(ApiCall *call);
