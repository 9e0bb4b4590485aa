// Presence: forgotten in time, bounded, and one entry for each agent and conversation.
#include "desk/presence.h"

static guint count(Presence *presence, Id conversation_id, Instant now) {
    g_autoptr(GArray) there = presence_list(presence, conversation_id, now);
    return there->len;
}

static void test_an_entry_is_renewed_and_forgotten(void) {
    g_autoptr(Presence) presence = presence_new();
    presence_note(presence, 1, 7, FALSE, 1000);
    presence_note(presence, 1, 7, TRUE, 21000);
    g_assert_cmpuint(count(presence, 7, 21000), ==, 1);
    g_assert_cmpuint(count(presence, 7, 21000 + PRESENCE_KEPT_MS - 1), ==, 1);
    g_assert_cmpuint(count(presence, 7, 21000 + PRESENCE_KEPT_MS), ==, 0);
}

static void test_an_agent_is_in_so_many_places_at_most(void) {
    g_autoptr(Presence) presence = presence_new();
    for (Id id = 1; id <= PRESENCE_OF_AGENT_MAX + 5; id++)
        presence_note(presence, 1, id, FALSE, id);
    g_assert_cmpuint(count(presence, 5, 100), ==, 0);
    g_assert_cmpuint(count(presence, 6, 100), ==, 1);
    g_assert_true(presence_leave(presence, 1, 6));
    g_assert_false(presence_leave(presence, 1, 6));
}

static void test_all_are_bounded(void) {
    g_autoptr(Presence) presence = presence_new();
    for (Id agent = 1; agent <= PRESENCE_MAX + 3; agent++)
        presence_note(presence, agent, 7, FALSE, 1);
    g_assert_cmpuint(count(presence, 7, 2), ==, PRESENCE_MAX);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/presence/an-entry-is-renewed-and-forgotten",
                    test_an_entry_is_renewed_and_forgotten);
    g_test_add_func("/presence/an-agent-is-in-so-many-places-at-most",
                    test_an_agent_is_in_so_many_places_at_most);
    g_test_add_func("/presence/all-are-bounded", test_all_are_bounded);
    return g_test_run();
}
