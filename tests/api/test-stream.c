#include "api/stream.h"

#include <string.h>

static void test_bytes_come_out_as_they_went_in(void) {
    g_autoptr(ApiStream) stream = api_stream_new();
    char buffer[4];
    gsize length;
    g_assert_true(api_stream_write(stream, "abcdef", 6));
    api_stream_end(stream);
    g_assert_cmpint(api_stream_read_wait(stream, buffer, sizeof buffer, &length), ==, STREAM_BYTES);
    g_assert_true(length == 4 && memcmp(buffer, "abcd", 4) == 0);
    g_assert_cmpint(api_stream_read_wait(stream, buffer, sizeof buffer, &length), ==, STREAM_BYTES);
    g_assert_true(length == 2 && memcmp(buffer, "ef", 2) == 0);
    g_assert_cmpint(api_stream_read_wait(stream, buffer, sizeof buffer, &length), ==, STREAM_ENDED);
}

static void count(gpointer data) {
    ++*(int *)data;
}

static void test_an_empty_stream_wakes_its_reader_once(void) {
    g_autoptr(ApiStream) stream = api_stream_new();
    char buffer[4];
    gsize length;
    int wakes = 0;
    g_assert_cmpint(api_stream_read(stream, buffer, sizeof buffer, &length, NULL, count, &wakes),
                    ==, STREAM_EMPTY);
    g_assert_true(api_stream_offer(stream, "a", 1));
    g_assert_true(api_stream_offer(stream, "b", 1));
    g_assert_cmpint(wakes, ==, 1);
}

static void test_an_offer_past_the_backlog_cuts_the_stream(void) {
    g_autoptr(ApiStream) stream = api_stream_new();
    g_autofree char *half = g_malloc0(API_STREAM_BACKLOG / 2);
    char buffer[4];
    gsize length;
    int cuts = 0;
    api_stream_on_cut(stream, count, &cuts);
    g_assert_true(api_stream_offer(stream, half, API_STREAM_BACKLOG / 2));
    g_assert_true(api_stream_offer(stream, half, API_STREAM_BACKLOG / 2));
    g_assert_false(api_stream_offer(stream, "x", 1));
    g_assert_cmpint(cuts, ==, 1);
    g_assert_cmpint(api_stream_read_wait(stream, buffer, sizeof buffer, &length), ==, STREAM_CUT);
}

static void test_a_closed_stream_takes_nothing_and_wakes_nobody(void) {
    g_autoptr(ApiStream) stream = api_stream_new();
    char buffer[4];
    gsize length;
    int wakes = 0;
    api_stream_read(stream, buffer, sizeof buffer, &length, NULL, count, &wakes);
    api_stream_close(stream);
    g_assert_false(api_stream_offer(stream, "a", 1));
    g_assert_false(api_stream_write(stream, "a", 1));
    api_stream_end(stream);
    g_assert_cmpint(wakes, ==, 0);
}

#define TOTAL (8 * 1024 * 1024)

static gpointer produce(gpointer data) {
    ApiStream *stream = data;
    char block[1000];
    for (gsize sent = 0; sent < TOTAL; sent += sizeof block) {
        memset(block, (int)(sent / sizeof block % 251), sizeof block);
        g_assert_true(api_stream_write(stream, block, MIN(sizeof block, TOTAL - sent)));
        g_assert_cmpuint(api_stream_backlog(stream), <=, API_STREAM_BACKLOG + sizeof block);
    }
    api_stream_end(stream);
    return NULL;
}

static void test_a_writer_waits_for_its_reader(void) {
    g_autoptr(ApiStream) stream = api_stream_new();
    GThread *producer = g_thread_new("producer", produce, stream);
    unsigned char buffer[777];
    gsize length;
    gsize total = 0;
    while (api_stream_read_wait(stream, buffer, sizeof buffer, &length) == STREAM_BYTES) {
        g_assert_cmpuint(buffer[0], ==, total / 1000 % 251);
        total += length;
    }
    g_thread_join(producer);
    g_assert_cmpuint(total, ==, TOTAL);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/bytes-come-out-as-they-went-in", test_bytes_come_out_as_they_went_in);
    g_test_add_func("/stream/an-empty-stream-wakes-its-reader-once",
                    test_an_empty_stream_wakes_its_reader_once);
    g_test_add_func("/stream/an-offer-past-the-backlog-cuts-the-stream",
                    test_an_offer_past_the_backlog_cuts_the_stream);
    g_test_add_func("/stream/a-closed-stream-takes-nothing-and-wakes-nobody",
                    test_a_closed_stream_takes_nothing_and_wakes_nobody);
    g_test_add_func("/stream/a-writer-waits-for-its-reader", test_a_writer_waits_for_its_reader);
    return g_test_run();
}
