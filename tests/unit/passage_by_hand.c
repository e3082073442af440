#include "passage_by_hand.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "message.h"
#include "testing.h"

static const uint8_t secret[PASSAGE_SECRET] = {7};
struct hand hand;

void hand_begin (const char *name, const char *what, const char *with)
{
    char path[512], error[512] = "";
    snprintf (path, sizeof path, "%s/adapters/%s.map", CONFIG_DIR, name);
    char *text = harness_replace (harness_read_file (path), what, with);
    hand.mappings[0] = mapping_parse (name, text, strlen (text), error, sizeof error);
    assert_string_equal (error, "");
    free (text);
    snprintf (path, sizeof path, "%s.xml", name);
    hand.message = harness_fixture (path);
    hand.order = (struct passage_order){.mappings = (const struct mapping *const *)hand.mappings,
                                        .schemas = schemas_new (),
                                        .secret = secret,
                                        .limit = MESSAGE_LIMIT,
                                        .provider = "sender",
                                        .recipient = "receiver",
                                        .user = "test",
                                        .recall = true};
}

int hand_end (void **state)
{
    (void)state;
    passage_destroy (&hand.passage);
    schemas_destroy (&hand.order.schemas);
    mapping_destroy (&hand.mappings[0]);
    free (hand.message);
    hand.message = NULL;
    return 0;
}

void hand_step (enum passage_need_kind kind)
{
    passage_step (hand.passage, &hand.need);
    assert_int_equal (hand.need.kind, kind);
}

void hand_open (void)
{
    passage_destroy (&hand.passage);
    hand.passage = passage_new (&hand.order, hand.message, strlen (hand.message));
    passage_step (hand.passage, &hand.need);
}

void hand_start (void)
{
    for (hand_open (); hand.need.kind == PASSAGE_IDENTIFY; passage_step (hand.passage, &hand.need)) {
        const char *name = hand.mappings[0]->name;
        bool college = strcmp (name, "wmo319") == 0 || strcmp (name, "wmo301") == 0;
        bool sender = strcmp (hand.need.asked.parties[0], "sender") == 0;
        struct consent_known_party party = {.id = hand.need.asked.parties[0],
                                            .kind = "",
                                            .agb = sender == college ? "" : "99990001",
                                            .gemeentecode = sender == college ? "1884" : "",
                                            .oin = ""};
        passage_tell_parties (hand.passage, CONSENT_OK, &(struct consent_parties){&party, 1});
    }
}

struct consent_answer *hand_answer (size_t i, enum consent_verdict verdict)
{
    const struct consent_question *question = &hand.need.questions[i];
    for (size_t j = 0; j < question->item_count; j++)
        hand.items[i][j] = (struct consent_item_answer){.category = question->items[j].category,
                                                        .origin = question->items[j].origin,
                                                        .verdict = verdict,
                                                        .ground = CONSENT_GROUND_STATUTE,
                                                        .statute = "wmo-5.2.2"};
    hand.answers[i] = (struct consent_answer){.status = CONSENT_OK,
                                              .field = "",
                                              .message = "",
                                              .policy = "test/1",
                                              .verdict = verdict,
                                              .items = hand.items[i],
                                              .item_count = question->item_count,
                                              .decision = 100 + i};
    return &hand.answers[i];
}

void hand_tell (enum consent_verdict first, enum consent_verdict second)
{
    const struct consent_answer *list[HAND_CLIENTS] = {NULL};
    for (size_t i = 0; i < hand.need.question_count; i++)
        list[i] = hand_answer (i, i == 0 ? first : second);
    passage_tell_answers (hand.passage, list);
}

void hand_tell_recorded (const struct consent_answer *first, const struct consent_answer *second)
{
    passage_tell_recorded (hand.passage, (const struct consent_answer *const[]){first, second});
}
