#include "desk/demo.h"

#include <string.h>

#include "base/error.h"
#include "channels/registry.h"
#include "desk/conversation_change.h"
#include "desk/demo_setup.h"
#include "desk/demo_wire.h"
#include "desk/hook.h"
#include "desk/mail_intake.h"
#include "desk/note.h"
#include "desk/outbox_record.h"
#include "desk/reply.h"

#define SEED 20261123
#define STORY_MS ((gint64)62 * 24 * 3600 * 1000) // the setting up lies this long before now

// What the player knows of a conversation so far.
typedef struct {
    Id id;
    Id reply_id;
    Instant replied_at;
    char *reply_key; // Message-ID of our last reply
    gboolean asked;
} Thread;

typedef struct {
    Store *store;
    ChannelDirectory *channels;
    Inbound *inbound;
    ParserPool *parsers;
    MailIntake *intake;
    DemoPeople people;
    DemoStory *story;
    Thread threads[DEMO_CONVERSATIONS];
    guint number; // of the next message
    DemoFigures *figures;
} Player;

static DemoParent parent_of(const Player *player, const DemoStep *step) {
    const Thread *thread = &player->threads[step->conversation];
    return (DemoParent){.message_id = thread->reply_key,
                        .text = player->story->conversations[step->conversation].topic->answer,
                        .at = thread->replied_at};
}

static gboolean take_delivery(Player *player, const DemoStep *step, const Delivery *delivery,
                              GError **error) {
    Thread *thread = &player->threads[step->conversation];
    if (delivery->state != DELIVERY_STORED) {
        error_set(error, ERROR_INTERNAL, "demo_lost", "a message of the demo was not stored: %s",
                  delivery->failure != NULL ? delivery->failure
                                            : delivery_state_name(delivery->state));
        return FALSE;
    }
    if (thread->id == 0) {
        thread->id = delivery->conversation_id;
        player->figures->conversations++;
    }
    player->figures->received++;
    return TRUE;
}

static gboolean take_mail(Player *player, const DemoStep *step, GBytes *raw, GError **error) {
    const DemoConversation *conversation = &player->story->conversations[step->conversation];
    g_autofree char *key = g_strdup_printf("demo;%u", player->number);
    g_autoptr(Delivery) delivery =
        delivery_new(player->people.channels[conversation->channel], "deliver", key, raw);
    delivery->occurred_at = step->at;
    return mail_intake_store_wait(player->intake, delivery, FALSE, error) &&
           take_delivery(player, step, delivery, error);
}

static gboolean take_chat(Player *player, const DemoStep *step, const char *text, GError **error) {
    const DemoConversation *conversation = &player->story->conversations[step->conversation];
    g_autoptr(ChannelConfig) config =
        channel_directory_find(player->channels, player->people.channels[conversation->channel]);
    g_autoptr(HttpRequest) request = http_request_new("POST", "/");
    http_request_take_body(request, "application/json",
                           demo_update(conversation, player->number, text, step->at));
    g_autoptr(Delivery) delivery =
        hook_delivery_new(player->store, config, "webhook", request, error);
    if (delivery == NULL) {
        return FALSE;
    }
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, delivery);
    return inbound_store_all(store_writer(player->store), player->inbound, one, error) &&
           take_delivery(player, step, delivery, error);
}

static gboolean receive(Player *player, const DemoStep *step, const char *text, GError **error) {
    const DemoConversation *conversation = &player->story->conversations[step->conversation];
    const char *to = demo_channel_addresses[conversation->channel];
    Thread *thread = &player->threads[step->conversation];
    DemoParent parent = parent_of(player, step);
    if (conversation->channel == DEMO_TELEGRAM) {
        return take_chat(player, step, text, error);
    }
    gboolean first = !thread->asked;
    thread->asked = TRUE;
    // One who asks again without an answer refers to the first mail.
    g_autofree char *own = g_strdup_printf("demo-%u@mail.example", step->conversation);
    if (!first && parent.message_id == NULL) {
        parent = (DemoParent){.message_id = own};
    }
    return take_mail(player, step,
                     demo_mail(conversation, to,
                               first ? step->conversation : DEMO_CONVERSATIONS + player->number,
                               text, first ? NULL : &parent, step->at),
                     error);
}

static const char *text_of(const Player *player, const DemoStep *step) {
    static const char *const again[DEMO_LANGUAGES] = {
        "Hei taas,\n\nonko tähän tullut mitään uutta? Odotan vastausta.",
        "Hej igen!\n\nFinns det något nytt? Jag väntar på svar.",
        "Hello again,\n\nis there any news? I am still waiting."};
    const DemoConversation *conversation = &player->story->conversations[step->conversation];
    return step->deed == DEMO_ASKS     ? conversation->topic->question
           : step->deed == DEMO_THANKS ? conversation->topic->thanks
                                       : again[conversation->language];
}

// The channel took it a few seconds later.
static gboolean run_accept(Db *db, gpointer data, GError **error) {
    Thread *thread = data;
    g_autoptr(GPtrArray) rows = outbox_list(db, thread->reply_id, error);
    Receipt receipt = {.state = RECEIPT_SENT};
    for (guint at = 0; rows != NULL && at < rows->len; at++) {
        OutboxRow *row = rows->pdata[at];
        gboolean moved = FALSE;
        if (!outbox_claim(db, row->id, clock_now() + 60000, &row->epoch, &moved, error) ||
            !outbox_begin(db, row->id, row->epoch, clock_now(), clock_now() + 60000, &moved,
                          error) ||
            !outbox_record_receipt(db, row, &receipt, clock_now(), error)) {
            return FALSE;
        }
    }
    return rows != NULL;
}

static gboolean read_reply_key(Player *player, Thread *thread, GError **error) {
    Db *db = store_reader_take(player->store, error);
    if (db == NULL) {
        return FALSE;
    }
    DbRows *rows = db_query(db, "SELECT message_key FROM message WHERE id = $1",
                            DB_VALUES(DB_ID(thread->reply_id)), error);
    gboolean good = rows != NULL && db_rows_next(rows, error);
    if (good) {
        g_free(thread->reply_key);
        thread->reply_key = g_strdup(db_rows_text(rows, 0));
    }
    db_rows_free(rows);
    store_reader_give(player->store, db);
    return good;
}

static gboolean run_reply(Db *db, gpointer data, GError **error) {
    return reply_write(db, data, error);
}

static gboolean answer(Player *player, const DemoStep *step, GError **error) {
    const DemoConversation *conversation = &player->story->conversations[step->conversation];
    Thread *thread = &player->threads[step->conversation];
    g_autoptr(Reply) reply = reply_new();
    reply->conversation_id = thread->id;
    reply->author = ACTOR_AGENT;
    reply->agent_id = player->people.agents[conversation->agent];
    reply->text = g_strdup(conversation->topic->answer);
    ReplyContext context = {player->store, player->channels, player->parsers};
    Writer *writer = store_writer(player->store);
    if (!reply_prepare(reply, &context, error) || !writer_run(writer, run_reply, reply, error)) {
        return FALSE;
    }
    thread->reply_id = reply->message_id;
    thread->replied_at = step->at;
    player->figures->replies++;
    clock_fix(step->at + 4000);
    return writer_run(writer, run_accept, thread, error) && read_reply_key(player, thread, error);
}

typedef struct {
    const Player *player;
    const DemoStep *step;
} ChangeJob;

static gboolean run_change(Db *db, gpointer data, GError **error) {
    const ChangeJob *job = data;
    Id id = job->player->threads[job->step->conversation].id;
    Id agent = job->player->people
                   .agents[job->player->story->conversations[job->step->conversation].agent];
    ConversationChange change = {0};
    Id note;
    switch ((int)job->step->deed) {
    case DEMO_NOTES:
        return note_write(db, id, agent, "Varastosta varmistettu. / Checked with the warehouse.",
                          &note, error);
    case DEMO_RESOLVES:
        change.status = "resolved";
        break;
    case DEMO_PENDS:
        change.status = "pending";
        break;
    case DEMO_SNOOZES:
        change.status = "snoozed";
        change.snoozed_until = clock_now() + (gint64)2 * 24 * 3600 * 1000;
        break;
    default:
        change.sets_assignee = TRUE;
        change.assignee_id = agent;
        break;
    }
    return conversation_change(db, id, &change, agent, error);
}

static gboolean play(Player *player, const DemoStep *step, GError **error) {
    const DemoConversation *conversation = &player->story->conversations[step->conversation];
    const char *to = demo_channel_addresses[conversation->channel];
    DemoParent parent = parent_of(player, step);
    guint number = DEMO_CONVERSATIONS + ++player->number;
    ChangeJob job = {player, step};
    clock_fix(step->at);
    switch ((int)step->deed) {
    case DEMO_ASKS:
    case DEMO_ASKS_AGAIN:
    case DEMO_THANKS:
        return receive(player, step, text_of(player, step), error);
    case DEMO_REPLIES:
        return answer(player, step, error);
    case DEMO_BOUNCES:
        return take_mail(player, step, demo_bounce(conversation, to, number, &parent, step->at),
                         error);
    case DEMO_IS_ABSENT:
        return take_mail(player, step, demo_absence(conversation, to, number, &parent, step->at),
                         error);
    default:
        return writer_run(store_writer(player->store), run_change, &job, error);
    }
}

static gboolean play_all(Player *player, GError **error) {
    for (guint at = 0; at < player->story->steps->len; at++) {
        if (!play(player, &g_array_index(player->story->steps, DemoStep, at), error)) {
            return FALSE;
        }
    }
    return demo_setup_pause(player->store, &player->people, error);
}

static void clear(Player *player) {
    for (guint at = 0; at < DEMO_CONVERSATIONS; at++) {
        g_free(player->threads[at].reply_key);
    }
    mail_intake_free(player->intake);
    parser_pool_free(player->parsers);
    inbound_free(player->inbound);
    channel_directory_free(player->channels);
    demo_story_free(player->story);
    g_free(player);
}

gboolean demo_fill(Store *store, Instant now, DemoFigures *figures, GError **error) {
    Player *player = g_new0(Player, 1);
    *figures = (DemoFigures){0};
    player->store = store;
    player->figures = figures;
    player->story = demo_story_new(SEED, now);
    clock_fix(now - STORY_MS);
    player->channels = channel_directory_new(store, error);
    gboolean good =
        player->channels != NULL && demo_setup(store, now - STORY_MS, &player->people, error);
    if (good) {
        player->inbound = inbound_new(store_key(store), player->channels);
        player->parsers = parser_pool_new(1);
        player->intake = mail_intake_new(store, player->inbound, player->parsers);
        good = play_all(player, error);
        clear(player);
    } else {
        g_clear_pointer(&player->channels, channel_directory_free);
        demo_story_free(player->story);
        g_free(player);
    }
    clock_fix(INSTANT_NONE);
    return good;
}
