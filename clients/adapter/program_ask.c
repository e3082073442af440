#include "program_ask.h"
#include "allocate.h"
#include "recorded.h"

static void ask_who (consent_t *connection, struct passage *passage, const struct passage_need *need)
{
    struct consent_parties *parties = NULL;
    int status = consent_identify (connection, &need->asked, &parties);
    if (status == CONSENT_OK)
        passage_tell_parties (passage, status, parties);
    else
        passage_tell_no_answer (passage, status, consent_last_error (connection));
    consent_parties_destroy (&parties);
}

static void recall (consent_t *connection, struct passage *passage, const struct passage_need *need)
{
    struct consent_answer **answers = allocate (need->question_count, sizeof *answers);
    int status = recorded_ask (connection, need, answers);
    if (status == CONSENT_OK)
        passage_tell_recorded (passage, (const struct consent_answer *const *)answers);
    else
        passage_tell_no_answer (passage, status, consent_last_error (connection));
    for (size_t i = 0; i < need->question_count; i++)
        consent_answer_destroy (&answers[i]);
    free (answers);
}

/* So many questions fit in one batch. */
static size_t fill_batch (const struct consent_question *questions, size_t count)
{
    size_t fit = 0, items = 0;
    while (fit < count && fit < CONSENT_BATCH_MAX && items + questions[fit].item_count <= CONSENT_BATCH_ITEMS_MAX)
        items += questions[fit++].item_count;
    return fit;
}

static void advise (consent_t *connection, const struct passage_need *need, struct consent_answer **answers)
{
    for (size_t i = 0, fit; i < need->question_count; i += fit) {
        fit = fill_batch (&need->questions[i], need->question_count - i);
        if (fit == 1)
            answers[i] = consent_check (connection, &need->questions[i]);
        else
            consent_check_batch (connection, &need->questions[i], fit, &answers[i]);
    }
}

static void disclose_each (consent_t *connection, const struct passage_need *need, struct consent_answer **answers)
{
    for (size_t i = 0; i < need->question_count; i++)
        answers[i] = consent_check (connection, &need->questions[i]);
}

/* All clients, or none: the key of the whole is that of the first question. */
static void disclose_together (consent_t *connection, const struct passage_need *need,
                               struct consent_answer **answers)
{
    struct consent_question *questions = allocate (need->question_count, sizeof *questions);
    for (size_t i = 0; i < need->question_count; i++) {
        questions[i] = need->questions[i];
        questions[i].idempotency_key = NULL;
    }
    struct consent_batch batch = {.questions = questions,
                                  .count = need->question_count,
                                  .all_or_nothing = true,
                                  .idempotency_key = need->questions[0].idempotency_key};
    consent_check_together (connection, &batch, answers);
    free (questions);
}

static void ask (consent_t *connection, struct passage *passage, const struct passage_need *need)
{
    struct consent_answer **answers = allocate (need->question_count, sizeof *answers);
    if (need->kind == PASSAGE_ADVISE)
        advise (connection, need, answers);
    else if (need->together)
        disclose_together (connection, need, answers);
    else
        disclose_each (connection, need, answers);
    passage_tell_answers (passage, (const struct consent_answer *const *)answers);
    for (size_t i = 0; i < need->question_count; i++)
        consent_answer_destroy (&answers[i]);
    free (answers);
}

void program_ask (consent_t *connection, struct passage *passage, const struct passage_need *need)
{
    if (need->kind == PASSAGE_IDENTIFY)
        ask_who (connection, passage, need);
    else if (need->kind == PASSAGE_RECORDED)
        recall (connection, passage, need);
    else
        ask (connection, passage, need);
}
