// Other help desks as they tell about themselves: JSON saved from their APIs in, conversations and
// messages of one neutral form out (doc/import.md). A source is a table of the objects that its
// files hold; walk.c finds them wherever they stand. Pure: files, attachments and the API are
// dialogctl's (control/import_foreign.c).
#pragma once

#include <glib.h>
#include <jansson.h>

// Files are gone through once for each: what later objects name must be known by then.
typedef enum {
    FOREIGN_PEOPLE,
    FOREIGN_CONVERSATIONS,
    FOREIGN_MESSAGES,
    FOREIGN_STAGES
} ForeignStage;

typedef struct ForeignReading ForeignReading;

typedef struct {
    ForeignStage stage;
    const char *members; // an object that has all of these is one; words with spaces between
    void (*read)(ForeignReading *reading, const json_t *object);
} ForeignShape;

typedef struct {
    const char *name;           // "zammad"
    const char *title;          // "Zammad"
    const ForeignShape *shapes; // the first that fits, of each stage; ends with NULL members
    const char *conversation;   // members of the objects that messages may stand within, or NULL
} ForeignSource;

// Takes message; conversation is its id at the source.
typedef void (*ForeignMessageFound)(gpointer data, const char *conversation, json_t *message);

struct ForeignReading {
    const ForeignSource *source;
    ForeignStage stage;
    json_t *book;       // {kind: {id: what is known}}: users, groups, conversation ...
    json_t *skipped;    // {what: how many}
    const char *number; // the last number in the file's name, or NULL: of the ticket it is about
    const char *within; // id of the conversation around the present object, or NULL
    ForeignMessageFound found;
    gpointer data;
};

extern const ForeignSource foreign_zammad;
extern const ForeignSource foreign_chatwoot;
extern const ForeignSource foreign_freescout;
extern const ForeignSource foreign_zendesk;

// All of them, ended by NULL.
extern const ForeignSource *const foreign_sources[];

// NULL when there is none of that name.
const ForeignSource *foreign_source_find(const char *name);

// One value of a file: whatever it holds for the present stage. Goes at most 16 levels down.
void foreign_walk(ForeignReading *reading, const json_t *value);
