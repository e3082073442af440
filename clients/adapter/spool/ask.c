/* Many questions at once, over one connection.

   Of each message all that follows from its answers is done beside the questions that are still out: what may go
   is built and stored, and what went is reported. */
#include <stdlib.h>
#include "allocate.h"
#include "spool_parts.h"

static const int64_t REMEMBERED = 23 * (int64_t)3600000; /* ms that the registry surely knows a key */

struct pending {
    uint64_t ticket;
    struct item *item;
    size_t question;
};

struct asking {
    struct spool *spool;
    struct pending pending[CONSENT_OUTSTANDING_MAX];
    size_t count;
    struct item *answered[ITEMS_MAX]; /* that have all their answers, in the order in which they had them */
    size_t answered_count;
};

void spool_heed (struct spool *self, int status, const char *why)
{
    switch (status) {
    case CONSENT_OK:
        spool_say_there (self);
        break;
    case CONSENT_KEY_REFUSED:
    case CONSENT_FORBIDDEN:
        self->status = status;
        break;
    case CONSENT_INVALID:
    case CONSENT_CONFLICT:
    case CONSENT_NOT_FOUND:
        break; /* of this message alone */
    default:
        spool_say_away (self, why);
    }
}

/* The registry knows of no disclosure, and it was so long ago that it would not if there was one. */
static bool is_in_doubt (const struct spool *self, const struct item *item)
{
    return item->recalled && item->unrecorded && item->need.kind == PASSAGE_ADVISE && spool_knows_time (self) &&
           item->intended + REMEMBERED < spool_time (self);
}

static void heed_answers (struct spool *self, struct item *item)
{
    for (size_t i = 0; i < item->need.question_count; i++) {
        spool_heed (self, item->answers[i]->status, item->answers[i]->message);
        if (item->need.kind == PASSAGE_ADVISE && item->answers[i]->status == CONSENT_OK)
            spool_note_time (self, item->answers[i]->evaluated_at);
    }
    item->doubtful = is_in_doubt (self, item);
}

/* What it says is built then, if it can go. */
static void tell_item (void *context, size_t number)
{
    const struct asking *self = context;
    struct item *item = self->answered[number];
    size_t count = item->need.question_count;
    if (item->doubtful)
        passage_tell_no_answer (item->passage, CONSENT_NOT_FOUND,
                                "it may have been disclosed so long ago that the registry forgot; it does not go");
    else
        passage_tell_answers (item->passage, (const struct consent_answer *const *)item->answers);
    for (size_t i = 0; i < count; i++)
        consent_answer_destroy (&item->answers[i]);
    free (item->answers);
    item->answers = NULL;
    passage_step (item->passage, &item->need);
    if (item->need.kind == PASSAGE_WRITE)
        spool_store (self->spool, item);
    if (item->need.kind == PASSAGE_GO)
        spool_report (self->spool, item);
}

/* So many of its answers came. */
static void count_answers (struct asking *self, struct item *item, size_t count)
{
    item->open_questions -= count;
    if (item->open_questions > 0)
        return;
    heed_answers (self->spool, item);
    if (item->need.kind == PASSAGE_ADVISE)
        spool_note_intended (self->spool, item);
    self->answered[self->answered_count++] = item;
    workers_add (self->spool->workers);
}

/* Takes one answer, of whichever question. Until it is there, messages of the next group are read: nothing else of
   this one is to be done then. False: none is to come. */
static bool take_one (struct asking *self)
{
    spool_let_leave (self->spool);
    while (self->spool->reads_ahead && !consent_has_answer (self->spool->checks))
        spool_read_one (self->spool);
    struct consent_answer *answer = consent_next_answer (self->spool->checks);
    if (!answer)
        return false;
    for (size_t i = 0; i < self->count; i++) {
        struct pending *of = &self->pending[i];
        if (of->ticket != answer->ticket)
            continue;
        struct item *item = of->item;
        item->answers[of->question] = answer;
        *of = self->pending[--self->count];
        count_answers (self, item, 1);
        return true;
    }
    consent_answer_destroy (&answer);
    return true;
}

/* An answer in the place of one that cannot be had, because the question could not be asked. */
static struct consent_answer *no_answer (struct spool *self, const struct consent_question *question)
{
    return consent_check (self->calls, question); /* which says why not */
}

static void ask_one (struct asking *self, struct item *item, size_t question)
{
    struct pending *place = &self->pending[self->count];
    if (consent_ask (self->spool->checks, &item->need.questions[question], &place->ticket) != CONSENT_OK) {
        item->answers[question] = no_answer (self->spool, &item->need.questions[question]);
        count_answers (self, item, 1);
        return;
    }
    place->item = item;
    place->question = question;
    self->count++;
}

static void ask_item (struct asking *self, struct item *item)
{
    size_t count = item->open_questions = item->need.question_count;
    item->answers = allocate (count, sizeof *item->answers);
    if (count == 0) /* there is nothing in it to ask about */
        count_answers (self, item, 0);
    for (size_t i = 0; i < count; i++) {
        while (self->count == CONSENT_OUTSTANDING_MAX && take_one (self))
            continue;
        ask_one (self, item, i);
    }
}

/* All clients of a message, or none: the key of the whole is that of the first question. */
static void ask_together (struct asking *self, struct item *item)
{
    size_t count = item->open_questions = item->need.question_count;
    struct consent_question *questions = allocate (count, sizeof *questions);
    item->answers = allocate (count, sizeof *item->answers);
    for (size_t i = 0; i < count; i++) {
        questions[i] = item->need.questions[i];
        questions[i].idempotency_key = NULL;
    }
    const struct consent_batch batch = {.questions = questions,
                                        .count = count,
                                        .all_or_nothing = true,
                                        .idempotency_key = item->need.questions[0].idempotency_key};
    consent_check_together (self->spool->calls, &batch, item->answers);
    count_answers (self, item, count);
    free (questions);
}

void spool_ask (struct spool *self, enum passage_need_kind kind)
{
    struct asking asking = {.spool = self};
    workers_begin (self->workers, tell_item, &asking);
    for (size_t i = 0; i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        if (item->need.kind != kind)
            continue;
        if (kind == PASSAGE_DISCLOSE && item->need.together)
            ask_together (&asking, item);
        else
            ask_item (&asking, item);
    }
    while (asking.count > 0 && take_one (&asking))
        continue;
    while (self->reads_ahead && kind == PASSAGE_DISCLOSE) /* after which there is no waiting for answers */
        spool_read_one (self);
    workers_wait (self->workers);
}
