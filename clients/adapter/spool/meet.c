/* What a passage needs besides the answer to a check. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "attempt.h"
#include "products.h"
#include "recorded.h"
#include "spool_parts.h"
#include "went.h"

static const int64_t KNOWN_FOR = 60000; /* ms that it is believed who somebody is */

/* -------------------------------------------------------------------------------------- who they are */

/* The question as a text. Caller owns it. */
static char *text_of (const struct consent_identification *asked)
{
    json_t *list = json_pack ("[s*, s*]", asked->identifier, asked->value);
    for (size_t i = 0; asked->parties && asked->parties[i]; i++)
        json_array_append_new (list, json_string (asked->parties[i]));
    char *text = json_dumps (list, JSON_COMPACT);
    json_decref (list);
    if (!text)
        abort ();
    return text;
}

static void forget (struct known *known)
{
    free (known->asked);
    consent_parties_destroy (&known->parties);
    *known = (struct known){.asked = NULL};
}

void spool_forget_known (struct spool *self)
{
    for (size_t i = 0; i < KNOWN_MAX; i++)
        forget (&self->known[i]);
}

/* Where the answer is, or is to be. */
static struct known *find_known (struct spool *self, const char *text)
{
    struct known *oldest = &self->known[0];
    for (size_t i = 0; i < KNOWN_MAX; i++) {
        if (self->known[i].asked && strcmp (self->known[i].asked, text) == 0)
            return &self->known[i];
        if (self->known[i].until < oldest->until)
            oldest = &self->known[i];
    }
    return oldest;
}

static void identify (struct spool *self, struct item *item)
{
    char *text = text_of (&item->need.asked);
    struct known *known = find_known (self, text);
    if (known->asked && strcmp (known->asked, text) == 0 && known->until > attempt_now ()) {
        passage_tell_parties (item->passage, CONSENT_OK, known->parties);
        free (text);
        return;
    }
    forget (known);
    int status = consent_identify (self->calls, &item->need.asked, &known->parties);
    spool_heed (self, status, consent_last_error (self->calls));
    if (status != CONSENT_OK) {
        passage_tell_no_answer (item->passage, status, consent_last_error (self->calls));
        free (text);
        return;
    }
    known->asked = text;
    known->until = attempt_now () + KNOWN_FOR;
    passage_tell_parties (item->passage, status, known->parties);
}

/* ------------------------------------------------------------------------------------ what was before */

static void recall (struct spool *self, struct item *item)
{
    const struct passage_need *need = &item->need;
    struct consent_answer **answers = allocate (need->question_count, sizeof *answers);
    int status = recorded_ask (self->calls, need, answers);
    spool_heed (self, status, consent_last_error (self->calls));
    item->unrecorded = false;
    for (size_t i = 0; i < need->question_count; i++)
        item->unrecorded = item->unrecorded || !answers[i] || answers[i]->status != CONSENT_OK;
    if (status == CONSENT_OK)
        passage_tell_recorded (item->passage, (const struct consent_answer *const *)answers);
    else
        passage_tell_no_answer (item->passage, status, consent_last_error (self->calls));
    for (size_t i = 0; i < need->question_count; i++)
        consent_answer_destroy (&answers[i]);
    free (answers);
}

static void tell_subject (struct spool *self, struct item *item)
{
    char bsn[WENT_BSN];
    bool is_known = went_subject (self->ledger, item->passage, &item->need, bsn);
    passage_tell_subject (item->passage, is_known ? bsn : NULL);
    explicit_bzero (bsn, sizeof bsn);
}

static void tell_products (struct spool *self, struct item *item)
{
    products_tell (&(struct products_of){.ledger = self->ledger,
                                         .passage = item->passage,
                                         .held_as = item->from == FOLDER_HELD ? item->name : NULL,
                                         .came = item->came,
                                         .began = item->recalled});
}

/* What the messages of `now` are, may tell what this one answers. That a message went stays so, but that none did
   may not; and of a request that went another may be the same, about somebody else. */
static bool must_wait (const struct spool *self, const struct item *item)
{
    if (self->now->count == 0)
        return false;
    return item->need.kind == PASSAGE_SUBJECT ||
           (item->need.kind == PASSAGE_RETURNED && !went_knows (self->ledger, item->passage, &item->need));
}

/* False: it is not for us to meet. */
static bool meet (struct spool *self, struct item *item)
{
    switch (item->need.kind) {
    case PASSAGE_IDENTIFY:
        identify (self, item);
        break;
    case PASSAGE_RETURNED:
        passage_tell_known (item->passage, went_knows (self->ledger, item->passage, &item->need));
        break;
    case PASSAGE_SUBJECT:
        tell_subject (self, item);
        break;
    case PASSAGE_PRODUCTS:
        tell_products (self, item);
        break;
    case PASSAGE_RECORDED:
        recall (self, item);
        break;
    default:
        return false;
    }
    passage_step (item->passage, &item->need);
    return true;
}

void spool_meet (struct spool *self, struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        struct item *item = &group->items[i];
        while (!(group == self->next && must_wait (self, item)) && meet (self, item))
            continue;
    }
}
