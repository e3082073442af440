#include "recorded.h"
#include <stdlib.h>
#include "allocate.h"

/* The recorded answers to one key, of as many questions: they become the caller's. */
static int ask_key (consent_t *connection, const struct consent_question *question, size_t wanted,
                    struct consent_answer **answers)
{
    struct consent_answer **recorded = allocate (CONSENT_TOGETHER_MAX, sizeof *recorded);
    size_t count = 0;
    int status = consent_recorded (connection, question->idempotency_key, question->user, recorded, &count);
    for (size_t i = 0; i < count; i++) {
        if (i < wanted)
            answers[i] = recorded[i];
        else
            consent_answer_destroy (&recorded[i]);
    }
    free (recorded);
    return status == CONSENT_NOT_FOUND ? CONSENT_OK : status;
}

int recorded_ask (consent_t *connection, const struct passage_need *need, struct consent_answer **answers)
{
    size_t step = need->together ? need->question_count : 1;
    int status = CONSENT_OK;
    for (size_t i = 0; i < need->question_count && status == CONSENT_OK; i += step)
        status = ask_key (connection, &need->questions[i], step, &answers[i]);
    return status;
}
