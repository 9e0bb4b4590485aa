// The story of the demo inbox as data: who writes what, when, and what we do about it. Made from a
// seed; demo.c plays it. Pure.
#pragma once

#include "base/clock.h"

#define DEMO_CONVERSATIONS 200
#define DEMO_AGENTS 4

typedef enum { DEMO_FINNISH, DEMO_SWEDISH, DEMO_ENGLISH, DEMO_LANGUAGES } DemoLanguage;

typedef enum { DEMO_SUPPORT, DEMO_BILLING, DEMO_TELEGRAM, DEMO_CHANNELS } DemoChannel;

// What somebody writes about.
typedef struct {
    const char *subject;
    const char *question;
    const char *answer;
    const char *thanks;
} DemoTopic;

const DemoTopic *demo_topic(DemoLanguage language, guint number); // any number

typedef struct {
    const char *name;
    const char *address;
} DemoCustomer;

const DemoCustomer *demo_customer(DemoLanguage language, guint number); // any number

typedef enum {
    DEMO_ASKS,
    DEMO_ASKS_AGAIN, // the customer follows up before or after an answer
    DEMO_THANKS,
    DEMO_REPLIES,
    DEMO_NOTES,
    DEMO_RESOLVES,
    DEMO_PENDS,
    DEMO_SNOOZES,
    DEMO_ASSIGNS,
    DEMO_BOUNCES,   // our reply comes back
    DEMO_IS_ABSENT, // the customer's auto-reply to ours
} DemoDeed;

typedef struct {
    Instant at;
    guint conversation; // number, from 0
    DemoDeed deed;
} DemoStep;

typedef struct {
    DemoLanguage language;
    DemoChannel channel;
    const DemoTopic *topic;
    const DemoCustomer *customer;
    gint64 chat; // a Telegram user of its own, for few would say that they are the same
    guint agent;
    gboolean has_html;
    gboolean has_attachment;
} DemoConversation;

typedef struct {
    DemoConversation conversations[DEMO_CONVERSATIONS];
    GArray *steps; // of DemoStep, by instant
} DemoStory;

DemoStory *demo_story_new(guint32 seed, Instant now) G_GNUC_WARN_UNUSED_RESULT;
void demo_story_free(DemoStory *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DemoStory, demo_story_free)
