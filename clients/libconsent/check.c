/* The disclosure check. An answer is a permit only if it fits the question, is complete, and does not contradict
   itself. */
#include "check.h"

#include "allocate.h"
#include "arena_unpack.h"
#include "identifier.h"
#include "reply.h"
#include "unconst.h"

/* What the caller holds, and the memory into which it points. */
struct answer {
    struct consent_answer public;
    Consentd__Reply *reply; /* has the texts of the answer; NULL: there was no reply */
    char *message;
    struct consent_item_answer *items;
    struct consent_reason *reasons; /* of all items, one after the other */
    const char **details;           /* of all reasons, with a NULL after those of each reason */
    const char **obligations;
    struct consent_duty *duties;
    const char **asked;
};

static const char *const NO_TEXTS[] = {NULL};

static struct answer *answer_new (void)
{
    struct answer *self = allocate (1, sizeof *self);
    self->public.field = self->public.message = self->public.policy = "";
    self->public.obligations = self->public.asked = NO_TEXTS;
    return self;
}

void consent_answer_destroy (struct consent_answer **answer_p)
{
    struct answer *self = (struct answer *)*answer_p;
    if (!self)
        return;
    if (self->reply)
        consentd__reply__free_unpacked (self->reply, NULL);
    free (self->message);
    free (self->items);
    free (self->reasons);
    free (self->details);
    free (self->obligations);
    free (self->duties);
    free (self->asked);
    free (self);
    *answer_p = NULL;
}

/* ---------------------------------------------------------------------------------------------- question */

static Consentd__Mode mode_of (enum consent_mode mode)
{
    return mode == CONSENT_ADVISE     ? CONSENTD__MODE__ADVISE
           : mode == CONSENT_DISCLOSE ? CONSENTD__MODE__DISCLOSE
                                      : CONSENTD__MODE__MODE_UNSPECIFIED;
}

static void lend_written_request (const struct consent_written_request *given, struct lent_check *lent)
{
    consentd__written_request__init (&lent->written_request);
    consentd__evidence__init (&lent->evidence);
    lent->written_request.by = unconst_list (given->by);
    while (given->by && given->by[lent->written_request.n_by])
        lent->written_request.n_by++;
    lent->written_request.given_at = given->given_at;
    lent->written_request.evidence = &lent->evidence;
    lent->evidence.reference = unconst_text (given->evidence_reference);
    if (given->evidence_sha256)
        lent->evidence.sha256 = (ProtobufCBinaryData){HASH_BYTES, unconst (given->evidence_sha256)};
    lent->wire.written_request = &lent->written_request;
}

static void lend_urgent_reasons (const struct consent_urgent_reasons *given, struct lent_check *lent)
{
    Consentd__Triage *triage = &lent->triage;
    consentd__urgent_reasons__init (&lent->urgent_reasons);
    consentd__triage__init (triage);
    lent->urgent_reasons.reason = unconst_text (given->reason);
    lent->urgent_reasons.triage = triage;
    triage->necessity = unconst_text (given->necessity);
    triage->subsidiarity = unconst_text (given->subsidiarity);
    triage->proportionality = unconst_text (given->proportionality);
    triage->purpose_limitation = unconst_text (given->purpose_limitation);
    triage->objections = unconst_text (given->objections);
    triage->manager_consulted = unconst_text (given->manager_consulted);
    triage->serious_situation = given->serious_situation;
    triage->urgent_support = given->urgent_support;
    triage->inform = given->inform == CONSENT_INFORM_BEFORE  ? CONSENTD__INFORM__BEFORE
                     : given->inform == CONSENT_INFORM_AFTER ? CONSENTD__INFORM__AFTER
                                                             : CONSENTD__INFORM__INFORM_UNSPECIFIED;
    triage->inform_by = given->inform_by;
    triage->inform_why = unconst_text (given->inform_why);
    triage->consent_sought = unconst_text (given->consent_sought);
    triage->no_other_way = unconst_text (given->no_other_way);
    triage->serious_harm = unconst_text (given->serious_harm);
    triage->conflict_of_duties = unconst_text (given->conflict_of_duties);
    lent->wire.urgent_reasons = &lent->urgent_reasons;
}

bool check_lend (const struct consent_question *question, struct lent_check *lent)
{
    if (question->item_count > REQUEST_MAX / 2)
        return false;
    Consentd__Item *items = lent->items = allocate (question->item_count, sizeof *items);
    lent->list = allocate (question->item_count, sizeof *lent->list);
    for (size_t i = 0; i < question->item_count; i++) {
        consentd__item__init (&items[i]);
        items[i].category = unconst_text (question->items[i].category);
        items[i].origin = unconst_text (question->items[i].origin);
        lent->list[i] = &items[i];
    }
    Consentd__CheckRequest *check = &lent->wire;
    consentd__check_request__init (check);
    check->bsn = unconst_text (question->bsn);
    check->provider = unconst_text (question->provider);
    check->recipient = unconst_text (question->recipient);
    check->purpose = unconst_text (question->purpose);
    check->n_items = question->item_count;
    check->items = lent->list;
    check->user = unconst_text (question->user);
    check->case_ref = unconst_text (question->case_ref);
    check->mode = mode_of (question->mode);
    check->all_or_nothing = question->all_or_nothing;
    check->under_secrecy = question->under_secrecy;
    check->manager_consulted = unconst_text (question->manager_consulted);
    check->no_manager = unconst_text (question->no_manager);
    if (question->written_request)
        lend_written_request (question->written_request, lent);
    if (question->urgent_reasons)
        lend_urgent_reasons (question->urgent_reasons, lent);
    return true;
}

void check_return (struct lent_check *lent)
{
    free (lent->list);
    free (lent->items);
}

static int send_question (consent_t *self, const struct consent_question *question, uint64_t ticket)
{
    struct lent_check lent;
    if (!check_lend (question, &lent))
        return connection_fail (self, CONSENT_INVALID, "the request is larger than a message may be");
    Consentd__Request request;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_CHECK;
    request.check = &lent.wire;
    uint8_t key[ID_BYTES];
    int result = CONSENT_OK;
    if (question->idempotency_key && consent_unhex (question->idempotency_key, key))
        request.idempotency_key = (ProtobufCBinaryData){sizeof key, key};
    else if (question->idempotency_key)
        result = connection_fail (self, CONSENT_INVALID, "the idempotency key is not 32 hexadecimal digits");
    if (!result)
        result = call_start (self, &request, ticket);
    check_return (&lent);
    return result;
}

/* ------------------------------------------------------------------------------------------------ answer */

/* A permit must say what it rests on. It does not count if it does not say so, if we are too old to know that
   ground, or if the ground was not claimed. */
static bool ground_fits (const Consentd__ItemVerdict *item, const Consentd__CheckRequest *asked)
{
    switch (item->ground) {
    case CONSENTD__GROUND__CONSENT:
        return item->consent_id.len == ID_BYTES;
    case CONSENTD__GROUND__STATUTE:
        return item->statute[0] != '\0';
    case CONSENTD__GROUND__WRITTEN_REQUEST:
        return !asked || asked->written_request;
    case CONSENTD__GROUND__URGENT_REASONS:
        return asked ? asked->urgent_reasons && !strcmp (item->urgent_reason, asked->urgent_reasons->reason)
                     : item->urgent_reason[0] != '\0';
    default:
        return false;
    }
}

static bool item_fits (const Consentd__ItemVerdict *item, const Consentd__CheckRequest *asked, size_t index)
{
    if (asked && (strcmp (item->category, asked->items[index]->category) ||
                  strcmp (item->origin, asked->items[index]->origin)))
        return false;
    if (item->verdict == CONSENTD__VERDICT__DENY)
        return true;
    return item->verdict == CONSENTD__VERDICT__PERMIT && ground_fits (item, asked);
}

static bool reply_fits (const Consentd__Reply *reply, const Consentd__CheckRequest *asked)
{
    if (reply->body_case != CONSENTD__REPLY__BODY_CHECK || reply->epoch.len != ID_BYTES)
        return false;
    size_t permits = 0, count = reply->check->n_items;
    if (asked && count != asked->n_items)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!item_fits (reply->check->items[i], asked, i))
            return false;
        permits += reply->check->items[i]->verdict == CONSENTD__VERDICT__PERMIT;
    }
    Consentd__Verdict whole = permits == 0       ? CONSENTD__VERDICT__DENY
                              : permits == count ? CONSENTD__VERDICT__PERMIT
                                                 : CONSENTD__VERDICT__PARTIAL;
    return reply->check->verdict == whole;
}

static enum consent_ground ground_of (const Consentd__ItemVerdict *item)
{
    switch (item->ground) {
    case CONSENTD__GROUND__CONSENT:
        return CONSENT_GROUND_CONSENT;
    case CONSENTD__GROUND__STATUTE:
        return CONSENT_GROUND_STATUTE;
    case CONSENTD__GROUND__WRITTEN_REQUEST:
        return CONSENT_GROUND_WRITTEN_REQUEST;
    case CONSENTD__GROUND__URGENT_REASONS:
        return CONSENT_GROUND_URGENT_REASONS;
    default:
        return CONSENT_GROUND_NONE;
    }
}

/* Where to put the reasons and details of the next item. */
struct places {
    struct consent_reason *reasons;
    const char **details;
};

static void fill_reason (const Consentd__Reason *reason, struct places *places)
{
    *places->reasons++ = (struct consent_reason){
        .code = consent_name (&consentd__code__descriptor, (int)reason->code),
        .rule = reason->rule,
        .details = places->details,
    };
    for (size_t i = 0; i < reason->n_details; i++)
        *places->details++ = reason->details[i];
    *places->details++ = NULL;
}

static void fill_item (struct consent_item_answer *self, const Consentd__ItemVerdict *item, struct places *places)
{
    self->category = item->category;
    self->origin = item->origin;
    self->statute = item->statute;
    self->urgent_reason = item->urgent_reason;
    if (item->verdict == CONSENTD__VERDICT__PERMIT) {
        self->verdict = CONSENT_PERMIT;
        self->ground = ground_of (item);
        self->against_will = item->against_will;
    }
    identifier_print (&item->consent_id, self->consent_id);
    self->reasons = places->reasons;
    self->reason_count = item->n_reasons;
    for (size_t i = 0; i < item->n_reasons; i++)
        fill_reason (item->reasons[i], places);
}

static void fill_items (struct answer *self, const Consentd__CheckReply *check)
{
    size_t reasons = 0, details = 0;
    for (size_t i = 0; i < check->n_items; i++) {
        reasons += check->items[i]->n_reasons;
        for (size_t j = 0; j < check->items[i]->n_reasons; j++)
            details += check->items[i]->reasons[j]->n_details + 1;
    }
    self->items = allocate (check->n_items, sizeof *self->items);
    self->reasons = allocate (reasons, sizeof *self->reasons);
    self->details = allocate (details, sizeof *self->details);
    struct places places = {self->reasons, self->details};
    for (size_t i = 0; i < check->n_items; i++)
        fill_item (&self->items[i], check->items[i], &places);
    self->public.items = self->items;
    self->public.item_count = check->n_items;
}

static void fill_obligations (struct answer *self, const Consentd__CheckReply *check)
{
    self->obligations = allocate (check->n_obligations + 1, sizeof *self->obligations);
    for (size_t i = 0; i < check->n_obligations; i++)
        self->obligations[i] = consent_name (&consentd__obligation__descriptor, (int)check->obligations[i]);
    self->duties = allocate (check->n_duties, sizeof *self->duties);
    for (size_t i = 0; i < check->n_duties; i++)
        self->duties[i] = (struct consent_duty){
            .kind = consent_name (&consentd__obligation__descriptor, (int)check->duties[i]->kind),
            .due = check->duties[i]->due,
            .deferrable = check->duties[i]->deferrable,
            .done = check->duties[i]->done_at != 0,
        };
    self->public.obligations = self->obligations;
    self->public.duties = self->duties;
    self->public.duty_count = check->n_duties;
}

static void fill_asked (struct answer *self, const Consentd__CheckReply *check)
{
    self->asked = allocate (check->n_asked + 1, sizeof *self->asked);
    for (size_t i = 0; i < check->n_asked; i++)
        self->asked[i] = check->asked[i];
    self->public.asked = self->asked;
}

static void fill_answer (struct answer *self)
{
    const Consentd__CheckReply *check = self->reply->check;
    fill_items (self, check);
    fill_obligations (self, check);
    fill_asked (self, check);
    struct consent_answer *public = &self->public;
    public->verdict = check->verdict == CONSENTD__VERDICT__PERMIT    ? CONSENT_PERMIT
                      : check->verdict == CONSENTD__VERDICT__PARTIAL ? CONSENT_PARTIAL
                                                                     : CONSENT_DENY;
    public->evaluated_at = check->evaluated_at;
    public->until = check->until;
    public->decision = check->decision;
    identifier_print (&check->subject_ref, public->subject_ref);
    public->policy = check->policy;
}

/* The recorded answer has lost its ground since: it says what was true, not what is. So nothing in it permits. */
static void withdraw_permits (struct answer *self)
{
    self->public.verdict = CONSENT_DENY;
    self->public.message = "a consent that this answer rested on has ended since it was given";
    for (size_t i = 0; i < self->public.item_count; i++)
        self->items[i].verdict = CONSENT_DENY;
}

static void fail (struct answer *self, const consent_t *connection, int status)
{
    self->public.status = status;
    self->message = allocate_text (connection->error);
    self->public.message = self->message;
}

struct consent_answer *check_failed (const consent_t *self, int status)
{
    struct answer *answer = answer_new ();
    fail (answer, self, status);
    return &answer->public;
}

struct consent_answer *check_answer (consent_t *self, Consentd__Reply *reply, const Consentd__CheckRequest *asked)
{
    struct answer *answer = answer_new ();
    struct consent_answer *public = &answer->public;
    answer->reply = reply;
    if (reply->status != CONSENTD__STATUS__OK) {
        fail (answer, self, connection_fail_reply (self, reply));
        public->field = reply->field;
    } else if (!reply_fits (reply, asked)) {
        fail (answer, self, connection_fail (self, CONSENT_BAD_REPLY, "the answer does not fit what was asked"));
    } else {
        fill_answer (answer);
        identifier_print (&reply->epoch, public->epoch);
        public->revision = reply->revision;
        public->replayed = reply->replayed;
        public->revoked_since = reply->revoked_since;
        if (reply->revoked_since)
            withdraw_permits (answer);
    }
    return public;
}

/* Of the question that was sent, read again. Nobody else made it, so it is no larger than what was built. */
enum { MEMORY_LEAST = 1024, MEMORY_FACTOR = 8, MEMORY_MAX = 64 * REQUEST_MAX /* bytes */ };

/* Takes over the reply of `done`, and ends `done`. The question is read again from the bytes that were sent. */
static struct consent_answer *make_answer (consent_t *self, struct pending *done)
{
    struct arena *memory = arena_new (MEMORY_MAX);
    arena_reserve (memory, MEMORY_LEAST + MEMORY_FACTOR * done->size);
    const Consentd__Request *asked =
        arena_unpack (memory, &consentd__request__descriptor, done->bytes, done->size);
    if (!asked)
        abort ();
    struct consent_answer *answer =
        done->reply ? check_answer (self, done->reply, asked->check) : check_failed (self, done->status);
    answer->ticket = done->ticket;
    done->reply = NULL;
    arena_erase (&memory); /* there is a BSN in it */
    call_end (done);
    return answer;
}

struct consent_answer *consent_check (consent_t *self, const struct consent_question *question)
{
    int result = send_question (self, question, 0);
    struct pending done;
    return !result && call_wait (self, false, &done) ? make_answer (self, &done) : check_failed (self, result);
}

int consent_ask (consent_t *self, const struct consent_question *question, uint64_t *ticket)
{
    int result = send_question (self, question, self->last_ticket + 1);
    if (!result)
        *ticket = ++self->last_ticket;
    return result;
}

struct consent_answer *consent_next_answer (consent_t *self)
{
    struct pending done;
    return call_wait (self, true, &done) ? make_answer (self, &done) : NULL;
}

bool consent_has_answer (consent_t *self)
{
    return call_has_something (self);
}
