// Fills the data directory of a server that does not run: a generic channel with so many
// conversations of two messages.
// usage: fill_store DIRECTORY CONVERSATIONS. Prints the channel's id.
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "bench_fill.h"

int main(int argc, char **argv) {
    g_assert_cmpint(argc, ==, 3);
    g_autoptr(GError) error = NULL;
    secret_init();
    DeskFixture fixture = {.store = store_open(argv[1], FALSE, &error)};
    g_assert_no_error(error);
    fixture.channels = channel_directory_new(fixture.store, &error);
    g_assert_no_error(error);
    fixture.inbound = inbound_new(store_key(fixture.store), fixture.channels);
    BenchFill fill = {
        .fixture = &fixture, .messages = 2 * strtol(argv[2], NULL, 10), .a_conversation = 2};
    fill.begin = clock_now() - fill.messages * 1000;
    fill.channel_id = desk_fixture_add_channel(&fixture, "generic", "Bench", "", fill.begin);
    bench_fill(&fill);
    printf("%" G_GINT64_FORMAT "\n", fill.channel_id);
    inbound_free(fixture.inbound);
    channel_directory_free(fixture.channels);
    store_close(fixture.store);
    return 0;
}
