/* What a passage holds. Each part belongs to the file that is named beside it. */
#pragma once
#include "arena.h"
#include "passage.h"

/* passage.c */
struct passage {
    const struct passage_order *order;
    enum passage_need_kind stage;
    struct passage_result result;
    unsigned attempt; /* from 1 */
    /* passage_ask.c */
    struct arena *arena; /* of one attempt: its questions and answers */
    struct consent_question *questions;
    size_t question_count;
    size_t *asked_about; /* which client each question is about */
    struct passage_client *clients;
    /* passage_build.c */
    char *output; /* NULL unless there is something that could go */
    size_t output_size;
};

/* passage_read.c: turns the bytes into elements, with the questions that they raise. PASSAGE_PASSED: it may be
   asked about; PASSAGE_BAD_MESSAGE or PASSAGE_BAD_SCHEMA. */
enum passage_outcome passage_read (struct passage *self, const char *text, size_t size);

/* passage_ask.c: makes the questions about everything in the message, or about exactly what goes of it. */
void passage_ask (struct passage *self, enum consent_mode mode);
/* passage_ask.c: keeps the answers. False: there are none, and the result says why. */
bool passage_hear (struct passage *self, const struct consent_answer *const *answers);
/* passage_ask.c: the answers permit all that was asked. */
bool passage_may_go (const struct passage *self);
void passage_forget (struct passage *self);

/* passage_build.c: builds what may go by the answers. PASSAGE_PASSED or PASSAGE_THINNED: there is an output;
   PASSAGE_HELD or PASSAGE_BAD_SCHEMA. */
enum passage_outcome passage_build (struct passage *self);
