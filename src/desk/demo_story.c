#include "desk/demo_story.h"

#define MINUTE ((gint64)60 * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define DAYS_BACK 60

// How a conversation goes: deeds, each some minutes after the one before; from low to high.
typedef struct {
    guint share; // of a hundred
    struct {
        DemoDeed deed;
        gint32 low;
        gint32 high;
    } deeds[8];
    guint count;
    gint64 youngest; // the conversation began at least this long ago
    gint64 oldest;   // and at most this long; 0: DAYS_BACK
} Course;

static const Course courses[] = {
    // answered and done
    {40, {{DEMO_REPLIES, 4, 1500}, {DEMO_THANKS, 10, 1200}, {DEMO_RESOLVES, 2, 60}}, 3, 3 * DAY, 0},
    {12, {{DEMO_ASSIGNS, 2, 30}, {DEMO_REPLIES, 10, 400}, {DEMO_RESOLVES, 1, 5}}, 3, 2 * DAY, 0},
    // two rounds
    {14,
     {{DEMO_REPLIES, 10, 900},
      {DEMO_ASKS_AGAIN, 30, 2000},
      {DEMO_NOTES, 5, 60},
      {DEMO_REPLIES, 10, 700},
      {DEMO_THANKS, 20, 900},
      {DEMO_RESOLVES, 1, 30}},
     6,
     6 * DAY,
     0},
    // answered, the customer's turn
    {8, {{DEMO_REPLIES, 5, 600}, {DEMO_PENDS, 1, 3}}, 2, 1 * DAY, 6 * DAY},
    // waiting: since today, and far too long
    {9, {{DEMO_ASSIGNS, 5, 20}}, 1, 30 * MINUTE, 7 * HOUR},
    {7, {{DEMO_ASKS_AGAIN, 600, 2400}}, 1, 2 * DAY, 6 * DAY},
    {3, {{DEMO_REPLIES, 20, 400}, {DEMO_ASKS_AGAIN, 60, 300}}, 2, 16 * HOUR, 4 * DAY},
    // asleep
    {2, {{DEMO_NOTES, 5, 30}, {DEMO_SNOOZES, 1, 10}}, 2, 5 * HOUR, 20 * HOUR},
    // our answer did not arrive, or met an absent customer
    {2, {{DEMO_REPLIES, 15, 300}, {DEMO_BOUNCES, 1, 3}}, 2, 1 * DAY, 20 * DAY},
    {3, {{DEMO_REPLIES, 15, 300}, {DEMO_IS_ABSENT, 1, 2}}, 2, 1 * DAY, 20 * DAY},
};

static const Course *choose_course(GRand *random) {
    gint32 place = g_rand_int_range(random, 0, 100);
    for (gsize at = 0; at < G_N_ELEMENTS(courses); at++) {
        if (place < (gint32)courses[at].share) {
            return &courses[at];
        }
        place -= (gint32)courses[at].share;
    }
    return &courses[0];
}

static void add_step(DemoStory *story, Instant at, guint conversation, DemoDeed deed) {
    DemoStep step = {at, conversation, deed};
    g_array_append_val(story->steps, step);
}

// Nobody shall answer at night: times between 20 and 8 (UTC) move into the morning.
static Instant to_daytime(Instant at, GRand *random) {
    gint64 of_day = at % DAY;
    if (of_day >= 5 * HOUR && of_day < 18 * HOUR) {
        return at;
    }
    Instant morning = at - of_day + 6 * HOUR + (of_day >= 18 * HOUR ? DAY : 0);
    return morning + g_rand_int_range(random, 0, 180) * MINUTE;
}

static gboolean is_ours(DemoDeed deed) {
    return deed == DEMO_REPLIES || deed == DEMO_RESOLVES || deed == DEMO_NOTES;
}

static void tell_course(DemoStory *story, guint number, const Course *course, Instant now,
                        GRand *random) {
    gint64 oldest = course->oldest > 0 ? course->oldest : DAYS_BACK * DAY;
    gint64 minutes = (oldest - course->youngest) / MINUTE;
    Instant at = now - course->youngest - g_rand_int_range(random, 0, (gint32)minutes) * MINUTE;
    at += g_rand_int_range(random, 0, 60) * 1000;
    add_step(story, at, number, DEMO_ASKS);
    for (guint deed = 0; deed < course->count; deed++) {
        at += g_rand_int_range(random, course->deeds[deed].low, course->deeds[deed].high) * MINUTE;
        if (is_ours(course->deeds[deed].deed)) {
            at = to_daytime(at, random);
        }
        if (at >= now) {
            return;
        }
        add_step(story, at, number, course->deeds[deed].deed);
    }
}

static DemoLanguage choose_language(GRand *random) {
    gint32 place = g_rand_int_range(random, 0, 100);
    return place < 50 ? DEMO_FINNISH : place < 70 ? DEMO_SWEDISH : DEMO_ENGLISH;
}

static DemoChannel choose_channel(GRand *random) {
    gint32 place = g_rand_int_range(random, 0, 100);
    return place < 60 ? DEMO_SUPPORT : place < 78 ? DEMO_BILLING : DEMO_TELEGRAM;
}

static void begin_conversation(DemoConversation *conversation, GRand *random) {
    conversation->language = choose_language(random);
    conversation->channel = choose_channel(random);
    conversation->topic = demo_topic(conversation->language, g_rand_int(random));
    conversation->customer = demo_customer(conversation->language, g_rand_int(random));
    conversation->agent = (guint)g_rand_int_range(random, 0, DEMO_AGENTS);
    conversation->has_html = g_rand_int_range(random, 0, 3) == 0;
    conversation->has_attachment = g_rand_int_range(random, 0, 6) == 0;
}

// By mail only: a chat neither bounces nor is absent.
static const Course *fit_course(const Course *course, DemoChannel channel) {
    DemoDeed last = course->deeds[course->count - 1].deed;
    gboolean mail = last == DEMO_BOUNCES || last == DEMO_IS_ABSENT;
    return mail && channel == DEMO_TELEGRAM ? &courses[0] : course;
}

static gint compare_steps(gconstpointer first, gconstpointer second) {
    const DemoStep *left = first;
    const DemoStep *right = second;
    if (left->at != right->at) {
        return left->at < right->at ? -1 : 1;
    }
    return left->conversation < right->conversation ? -1 : left->conversation > right->conversation;
}

DemoStory *demo_story_new(guint32 seed, Instant now) {
    DemoStory *story = g_new0(DemoStory, 1);
    GRand *random = g_rand_new_with_seed(seed);
    story->steps = g_array_new(FALSE, FALSE, sizeof(DemoStep));
    for (guint number = 0; number < DEMO_CONVERSATIONS; number++) {
        DemoConversation *conversation = &story->conversations[number];
        begin_conversation(conversation, random);
        conversation->chat = 70000 + number;
        tell_course(story, number, fit_course(choose_course(random), conversation->channel), now,
                    random);
    }
    g_array_sort(story->steps, compare_steps);
    g_rand_free(random);
    return story;
}

void demo_story_free(DemoStory *story) {
    if (story != NULL) {
        g_array_unref(story->steps);
        g_free(story);
    }
}
