#include "model/threading.h"

static const char *const nobody[] = {NULL};

static ThreadMail mail_of(const char *sender, const char *const *parties) {
    return (ThreadMail){.sender = sender, .parties = parties, .base_subject = "Order"};
}

static const ThreadLink answers = {.rank_of_new = 1, .rank_of_known = 0};
static const ThreadLink is_answered = {.rank_of_new = 0, .rank_of_known = 1};
static const ThreadLink siblings = {.rank_of_new = 2, .rank_of_known = 1};
static const ThreadLink same_id = {.rank_of_new = 0, .rank_of_known = 0};

static const char *const anna_and_us[] = {"anna@a.example", "support@us.example", NULL};
static const char *const bo_and_us[] = {"bo@b.example", "support@us.example", NULL};

static void test_an_answer_of_a_participant_counts(void) {
    ThreadMail known = mail_of("support@us.example", anna_and_us);
    ThreadMail reply = mail_of("anna@a.example", anna_and_us);
    g_assert_cmpint(threading_relate(&reply, &known, answers), ==, PLACED_IN_REPLY_TO);
}

static void test_an_answer_of_a_stranger_does_not_count(void) {
    ThreadMail known = mail_of("anna@a.example", anna_and_us);
    ThreadMail stranger = mail_of("mallory@m.example", anna_and_us);
    g_assert_cmpint(threading_relate(&stranger, &known, answers), ==, PLACED_NEW);
}

static void test_a_late_parent_counts_as_if_it_had_come_first(void) {
    ThreadMail parent = mail_of("support@us.example", anna_and_us);
    ThreadMail reply = mail_of("anna@a.example", anna_and_us);
    g_assert_cmpint(threading_relate(&parent, &reply, is_answered), ==, PLACED_LATE_PARENT);
    ThreadMail stranger = mail_of("mallory@m.example", anna_and_us);
    g_assert_cmpint(threading_relate(&parent, &stranger, is_answered), ==, PLACED_NEW);
}

static void test_two_customers_answering_one_campaign_stay_apart(void) {
    ThreadMail anna = mail_of("anna@a.example", anna_and_us);
    ThreadMail bo = mail_of("bo@b.example", bo_and_us);
    g_assert_cmpint(threading_relate(&anna, &bo, siblings), ==, PLACED_NEW);
    ThreadMail anna_again = mail_of("anna@a.example", anna_and_us);
    g_assert_cmpint(threading_relate(&anna_again, &anna, siblings), ==, PLACED_REFERENCES);
}

static void test_our_own_mail_belongs_to_what_it_answers(void) {
    ThreadMail known = mail_of("anna@a.example", anna_and_us);
    ThreadMail ours = mail_of("helpdesk@us.example", nobody);
    ours.is_ours = TRUE;
    g_assert_cmpint(threading_relate(&ours, &known, answers), ==, PLACED_IN_REPLY_TO);
}

static void test_one_id_on_different_mails_joins_only_the_same_mail(void) {
    ThreadMail first = mail_of("shop@s.example", bo_and_us);
    ThreadMail second = mail_of("shop@s.example", bo_and_us);
    g_assert_cmpint(threading_relate(&second, &first, same_id), ==, PLACED_REFERENCES);
    second.base_subject = "Another order";
    g_assert_cmpint(threading_relate(&second, &first, same_id), ==, PLACED_NEW);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/threading/an-answer-of-a-participant-counts",
                    test_an_answer_of_a_participant_counts);
    g_test_add_func("/threading/an-answer-of-a-stranger-does-not-count",
                    test_an_answer_of_a_stranger_does_not_count);
    g_test_add_func("/threading/a-late-parent-counts-as-if-it-had-come-first",
                    test_a_late_parent_counts_as_if_it_had_come_first);
    g_test_add_func("/threading/two-customers-answering-one-campaign-stay-apart",
                    test_two_customers_answering_one_campaign_stay_apart);
    g_test_add_func("/threading/our-own-mail-belongs-to-what-it-answers",
                    test_our_own_mail_belongs_to_what_it_answers);
    g_test_add_func("/threading/one-id-on-different-mails-joins-only-the-same-mail",
                    test_one_id_on_different_mails_joins_only_the_same_mail);
    return g_test_run();
}
