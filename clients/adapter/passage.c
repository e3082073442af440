#include "passage_parts.h"
#include "allocate.h"
#include "numbers.h"
#include <stdio.h>

enum { ARENA_MAX = 1024 * 1024 * 1024 }; /* bytes: more than any message within its limits brings */

static void end_with (struct passage *self, enum passage_outcome outcome)
{
    self->result.outcome = outcome;
    self->stage = PASSAGE_DONE;
}

enum passage_step_outcome passage_hold (struct passage *self, enum passage_code code, const char *why)
{
    self->result.code = code;
    snprintf (self->result.error, PASSAGE_ERROR, "%s", why);
    end_with (self, PASSAGE_HELD);
    return PASSAGE_ENDS;
}

const char *passage_provider (const struct passage *self)
{
    return self->provider ? self->provider : self->order->is_for_either ? NULL : self->order->provider;
}

const char *passage_recipient (const struct passage *self)
{
    return self->recipient ? self->recipient : self->order->recipient;
}

const char *passage_purpose (const struct passage *self)
{
    const struct mapping *mapping = self->result.elements ? self->result.elements->mapping : NULL;
    return self->order->purpose ? self->order->purpose : mapping ? mapping->purpose : NULL;
}

bool passage_is_whole (const struct passage *self)
{
    return self->result.elements->mapping->clients == MAPPING_CLIENTS_WHOLE;
}

/* The outcome is known, but it has not happened. */
static void build (struct passage *self)
{
    enum passage_outcome outcome = passage_build (self);
    self->result.outcome = outcome;
    self->stage = outcome <= PASSAGE_THINNED && !self->order->advise_only ? PASSAGE_WRITE : PASSAGE_DONE;
}

static void begin_attempt (struct passage *self)
{
    if (self->attempt > PASSAGE_ATTEMPTS_MAX) {
        passage_hold (self, PASSAGE_CHANGED, "what the registry permits changed each time while it was asked");
        return;
    }
    self->stage = PASSAGE_ADVISE;
    passage_ask (self, CONSENT_ADVISE);
}

static void begin_asking (struct passage *self)
{
    self->attempt = 1;
    self->secret = self->order->secret;
    self->decided = arena_array (self->kept, self->result.elements->client_count, sizeof *self->decided);
    if (!self->order->recall) {
        begin_attempt (self);
        return;
    }
    if (self->order->former_secret)
        self->secret = self->order->former_secret;
    self->stage = PASSAGE_RECORDED;
    passage_ask (self, CONSENT_ADVISE);
}

/* Who sends it to whom is right, and whom it is about is known. */
static void begin_products (struct passage *self)
{
    if (passage_has_products (self))
        self->stage = PASSAGE_PRODUCTS;
    else
        begin_asking (self);
}

static void follow_address (struct passage *self)
{
    const struct mapping *mapping = self->result.elements->mapping;
    if (mapping_is_return (mapping)) {
        const struct mapping_rules *rules = &mapping->returns.identifications;
        self->values = passage_values (self, rules->rules, rules->count);
        self->stage = PASSAGE_RETURNED;
    } else if (mapping->subject_by) {
        self->values = passage_values (self, &mapping->subject_by, 1);
        self->stage = PASSAGE_SUBJECT;
    } else {
        begin_products (self);
    }
}

static void take_step (struct passage *self, enum passage_step_outcome outcome)
{
    self->stage = outcome == PASSAGE_WAITS ? PASSAGE_IDENTIFY : self->stage;
    if (outcome == PASSAGE_GOES_ON)
        follow_address (self);
}

struct passage *passage_new (const struct passage_order *order, const char *text, size_t size)
{
    struct passage *self = allocate (1, sizeof *self);
    self->order = order;
    self->arena = arena_new (ARENA_MAX);
    self->kept = arena_new (ARENA_MAX);
    passage_digest (text, size, self->digest);
    enum passage_outcome outcome = passage_read (self, text, size);
    if (self->result.elements)
        passage_find_products (self);
    if (outcome == PASSAGE_PASSED)
        take_step (self, passage_address_begin (self));
    else
        end_with (self, outcome);
    return self;
}

void passage_destroy (struct passage **self_p)
{
    if (!*self_p)
        return;
    arena_erase (&(*self_p)->arena);
    arena_erase (&(*self_p)->kept);
    free ((*self_p)->output);
    free (*self_p);
    *self_p = NULL;
}

void passage_step (struct passage *self, struct passage_need *need)
{
    bool asks =
        self->stage == PASSAGE_ADVISE || self->stage == PASSAGE_DISCLOSE || self->stage == PASSAGE_RECORDED;
    *need = (struct passage_need){.kind = self->stage, .attempt = self->attempt, .output = self->output};
    if (asks) {
        need->questions = self->questions;
        need->question_count = self->question_count;
        need->together = self->stage != PASSAGE_ADVISE && passage_is_whole (self) && self->question_count > 1;
    }
    if (self->stage == PASSAGE_IDENTIFY)
        need->asked = self->asked;
    if (self->stage == PASSAGE_RETURNED || self->stage == PASSAGE_SUBJECT)
        need->identifications = self->values;
    if (self->stage == PASSAGE_RETURNED)
        need->roots = self->result.elements->mapping->returns.uris.words;
    if (self->stage == PASSAGE_SUBJECT)
        need->roots = self->result.elements->mapping->requests.words;
    if (self->output)
        need->output_size = self->output_size;
}

void passage_tell_no_answer (struct passage *self, int status, const char *problem)
{
    self->result.status = status;
    snprintf (self->result.error, PASSAGE_ERROR, "%s", problem);
    end_with (self, PASSAGE_NO_ANSWER);
}

void passage_tell_parties (struct passage *self, int status, const struct consent_parties *parties)
{
    if (status != CONSENT_OK)
        passage_tell_no_answer (self, status, "the registry does not say who sends it to whom");
    else
        take_step (self, passage_address_hear (self, parties));
}

void passage_tell_known (struct passage *self, bool known)
{
    if (known)
        build (self);
    else
        passage_hold (self, PASSAGE_ANSWERS_NOTHING, "it answers no message that is known to have gone");
}

void passage_tell_subject (struct passage *self, const char *bsn)
{
    if (!bsn) {
        passage_hold (self, PASSAGE_ANSWERS_NOTHING, "it answers no request that is known to have gone");
        return;
    }
    char error[PASSAGE_ERROR];
    self->result.elements->clients->bsn = arena_strdup (self->kept, bsn);
    if (numbers_find_again (self->result.elements, error, sizeof error))
        passage_hold (self, PASSAGE_BSN_IN_TEXT, error);
    else
        begin_products (self);
}

void passage_tell_products (struct passage *self, const struct passage_product *told)
{
    bool is_asked = self->stage == PASSAGE_PRODUCTS;
    for (size_t i = 0; is_asked && i < self->product_count; i++)
        self->products[i].is_judged = true;
    if (passage_take_back (self, told))
        passage_hold (self, PASSAGE_TAKEN_BACK, "it was taken back before it went; nothing of it is left to go");
    else if (is_asked)
        begin_asking (self);
}

/* Nothing was begun under the key before: then it may have been under this one. */
static bool turn_to_new_secret (struct passage *self, const struct consent_answer *const *answers)
{
    bool is_new = self->secret == self->order->secret;
    for (size_t i = 0; i < self->question_count; i++)
        is_new = is_new || answers[i];
    if (is_new || self->attempt > 1)
        return false;
    self->secret = self->order->secret;
    passage_ask (self, CONSENT_ADVISE);
    return true;
}

void passage_tell_recorded (struct passage *self, const struct consent_answer *const *answers)
{
    bool known = false;
    if (turn_to_new_secret (self, answers))
        return;
    enum passage_step_outcome outcome = passage_recall (self, answers, &known);
    if (outcome == PASSAGE_WAITS && self->attempt < PASSAGE_ATTEMPTS_MAX) {
        self->attempt++;
        passage_ask (self, CONSENT_ADVISE);
    } else if (outcome == PASSAGE_WAITS) {
        passage_hold (self, PASSAGE_CHANGED, "what the registry permits changed each time while it was asked");
    } else if (outcome == PASSAGE_GOES_ON && known) {
        self->recalled = true;
        begin_attempt (self);
    } else if (outcome == PASSAGE_GOES_ON) {
        begin_attempt (self);
    }
}

/* It was decided before. Only a restriction since keeps it from going: nothing is to reach anybody any more by an
   old decision. */
static void go_as_decided (struct passage *self)
{
    self->recalled = false;
    if (passage_is_restricted (self))
        passage_hold (self, PASSAGE_REVOKED_SINCE,
                      "it was decided before, and what that rested on has ended since");
    else
        build (self);
}

void passage_tell_answers (struct passage *self, const struct consent_answer *const *answers)
{
    if (!passage_hear (self, answers))
        return;
    if (self->recalled) {
        go_as_decided (self);
    } else if (self->stage == PASSAGE_ADVISE && passage_lacks (self)) {
        passage_hold (self, PASSAGE_DENIED, "a disclosure for this purpose needs more than a message can say");
    } else if (self->stage == PASSAGE_ADVISE) {
        build (self);
    } else if (passage_may_go (self)) {
        self->stage = PASSAGE_GO;
    } else {
        self->attempt++;
        begin_attempt (self);
    }
}

void passage_tell_done (struct passage *self, const char *problem)
{
    if (problem) {
        passage_hold (self, PASSAGE_UNWRITABLE, problem);
        return;
    }
    if (self->stage == PASSAGE_GO) {
        self->stage = PASSAGE_DONE;
        return;
    }
    self->stage = PASSAGE_DISCLOSE;
    passage_ask (self, CONSENT_DISCLOSE);
    if (self->question_count == 0) /* it was decided before, or nothing is asked of a return message */
        self->stage = PASSAGE_GO;
}

const struct passage_result *passage_result (const struct passage *self)
{
    return &self->result;
}

const uint8_t *passage_message_digest (const struct passage *self)
{
    return self->digest;
}

const struct passage_order *passage_order (const struct passage *self)
{
    return self->order;
}
