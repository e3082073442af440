/* Many questions at once, about two groups, each over a connection of its own: over one the registry would soon
   have fewer than it decides together.

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

/* A connection, and the group about which it asks. */
struct line {
    consent_t *registry;
    struct group *group;
    size_t item, question; /* that is asked next */
    struct pending pending[CONSENT_OUTSTANDING_MAX];
    size_t count;
};

struct asking {
    struct spool *spool;
    struct line lines[LINES];
    struct item *answered[2 * ITEMS_MAX]; /* that have all their answers, in the order in which they had them */
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

/* A connection that has an answer; else NULL. */
static struct line *find_answered (struct asking *self)
{
    for (size_t i = 0; i < LINES; i++) {
        if (self->lines[i].count > 0 && consent_has_answer (self->lines[i].registry))
            return &self->lines[i];
    }
    return NULL;
}

/* The one on which most are out. What the registry decides together it answers together: the others have theirs
   then, too. */
static struct line *find_fullest (struct asking *self)
{
    struct line *fullest = &self->lines[0];
    for (size_t i = 1; i < LINES; i++)
        fullest = self->lines[i].count > fullest->count ? &self->lines[i] : fullest;
    return fullest;
}

static void take_from (struct asking *self, struct line *line)
{
    struct consent_answer *answer = consent_next_answer (line->registry);
    for (size_t i = 0; answer && i < line->count; i++) {
        struct pending *of = &line->pending[i];
        if (of->ticket != answer->ticket)
            continue;
        struct item *item = of->item;
        item->answers[of->question] = answer;
        *of = line->pending[--line->count];
        count_answers (self, item, 1);
        return;
    }
    consent_answer_destroy (&answer);
}

/* Takes one answer, of whichever question. Until it is there, messages that come later are read: nothing else of
   these is to be done then. False: none is to come. */
static bool take_one (struct asking *self)
{
    struct line *line;
    spool_let_leave (self->spool);
    while (!(line = find_answered (self)) && self->spool->reads_ahead &&
           self->spool->ahead->count < AHEAD_WHILE_ASKED)
        spool_read_one (self->spool);
    line = line ? line : find_fullest (self);
    if (line->count == 0)
        return false;
    take_from (self, line);
    return true;
}

/* An answer in the place of one that cannot be had, because the question could not be asked. */
static struct consent_answer *no_answer (struct spool *self, const struct consent_question *question)
{
    return consent_check (self->calls, question); /* which says why not */
}

static void ask_one (struct asking *self, struct line *line, struct item *item, size_t question)
{
    struct pending *place = &line->pending[line->count];
    if (consent_ask (line->registry, &item->need.questions[question], &place->ticket) != CONSENT_OK) {
        item->answers[question] = no_answer (self->spool, &item->need.questions[question]);
        count_answers (self, item, 1);
        return;
    }
    place->item = item;
    place->question = question;
    line->count++;
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

static bool is_asked (const struct item *item)
{
    return item->need.kind == PASSAGE_DISCLOSE || item->need.kind == PASSAGE_ADVISE;
}

/* With its last question an item may be another thread's: nothing of it is looked at after that. */
static void ask_next_of (struct asking *self, struct line *line, struct item *item)
{
    size_t count = item->need.question_count, question = line->question;
    bool is_last = question + 1 >= count;
    if (question == 0) {
        item->open_questions = count;
        item->answers = allocate (count, sizeof *item->answers);
    }
    line->question = is_last ? 0 : question + 1;
    line->item += is_last;
    if (count == 0) /* there is nothing in it to ask about */
        count_answers (self, item, 0);
    else
        ask_one (self, line, item, question);
}

/* Asks one question more, or all of a message that are asked together. False: there is none. */
static bool ask_next (struct asking *self, struct line *line)
{
    while (line->item < line->group->count && !is_asked (&line->group->items[line->item]))
        line->item++;
    if (line->item == line->group->count)
        return false;
    struct item *item = &line->group->items[line->item];
    if (item->need.kind != PASSAGE_DISCLOSE || !item->need.together) {
        ask_next_of (self, line, item);
        return true;
    }
    line->item++;
    ask_together (self, item);
    return true;
}

/* What goes first, so that its reports are written beside the rest. */
void spool_ask (struct spool *self)
{
    struct asking asking = {.spool = self};
    struct group *groups[LINES] = {self->now, self->next};
    for (size_t i = 0; i < LINES; i++) {
        asking.lines[i].group = groups[i];
        asking.lines[i].registry = self->checks[groups[i]->line];
    }
    workers_begin (self->workers, tell_item, &asking);
    do {
        for (size_t i = 0; i < LINES; i++) {
            struct line *line = &asking.lines[i];
            while (line->count < CONSENT_OUTSTANDING_MAX && ask_next (&asking, line))
                continue;
        }
    } while (take_one (&asking));
    workers_wait (self->workers);
}
