/* What a client makes of the answer to a check, and of none. */
#include <stdio.h>
#include <string.h>
#include "allocate.h"
#include "courses.h"
#include "forge.h"

enum { RETRY_AFTER = 700, CLOCKS_DIFFER = 20 /* ms */, UNKNOWN = 77 };

/* --- Meddling -------------------------------------------------------------------------------------------- */

bool course_note (struct trial *self, const Consentd__Request *asked, const void *bytes, size_t size)
{
    if (asked->body_case != CONSENTD__REQUEST__BODY_CHECK || asked->idempotency_key.len != sizeof self->key)
        return false;
    self->was_early = self->was_early || trial_clock () < self->due;
    self->after += self->was_told;
    if (self->asks++ == 0) {
        memcpy (self->key, asked->idempotency_key.data, sizeof self->key);
        self->first = allocate (1, size);
        memcpy (self->first, bytes, size);
        self->first_size = size;
        return true;
    }
    bool has_same_key = memcmp (self->key, asked->idempotency_key.data, sizeof self->key) == 0;
    self->was_new = self->was_new || !has_same_key;
    self->differed =
        self->differed || (has_same_key && (size != self->first_size || memcmp (self->first, bytes, size) != 0));
    return true;
}

static enum fate pass (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    course_note (of, asked, bytes, size);
    return PASS;
}

/* The first check is put off. */
static enum fate put_off (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    struct trial *self = of;
    if (!course_note (self, asked, bytes, size) || self->was_told)
        return PASS;
    int64_t due = trial_clock () + RETRY_AFTER - CLOCKS_DIFFER;
    self->was_told = forge_status (self, asked->idempotency_key.data, CONSENTD__STATUS__UNAVAILABLE, RETRY_AFTER);
    if (self->was_told)
        self->due = due;
    return SWALLOW;
}

static enum fate forbid (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    struct trial *self = of;
    if (!course_note (self, asked, bytes, size))
        return PASS;
    self->was_told =
        forge_status (self, asked->idempotency_key.data, CONSENTD__STATUS__FORBIDDEN, 0) || self->was_told;
    return SWALLOW;
}

/* Somebody else's answer comes before the client's own. */
static enum fate mix_up (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    static const uint8_t other[16] = {0xee, 1};
    struct trial *self = of;
    if (course_note (self, asked, bytes, size))
        forge_permit (self, other, asked->idempotency_key.data);
    return PASS;
}

static enum fate answer_nonsense (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    static const uint8_t nonsense[] = {0xff, 0xff, 0x03, 0x00};
    struct trial *self = of;
    if (!course_note (self, asked, bytes, size))
        return PASS;
    middle_tell_bytes (self->plan->middle, asked->idempotency_key.data, nonsense, sizeof nonsense);
    return SWALLOW;
}

static enum fate ignore (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    return course_note (of, asked, bytes, size) ? SWALLOW : PASS;
}

bool course_is_answer (struct trial *self, const Consentd__Reply *told)
{
    bool is = told->body_case == CONSENTD__REPLY__BODY_CHECK;
    self->told += is;
    return is;
}

static enum fate lose_first (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    return course_is_answer (self, told) && self->told == 1 ? SWALLOW : PASS;
}

/* The first answer is lost, and then what it rests on is withdrawn. */
static enum fate lose_and_withdraw (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (!course_is_answer (self, told) || self->told > 1)
        return PASS;
    if (subject_withdraw (&self->subject))
        trial_fail (self, "%s", self->subject.error);
    return SWALLOW;
}

static enum fate make_verdicts_unknown (void *of, Consentd__Reply *told)
{
    if (!course_is_answer (of, told))
        return PASS;
    told->check->verdict = (Consentd__Verdict)UNKNOWN;
    for (size_t i = 0; i < told->check->n_items; i++)
        told->check->items[i]->verdict = (Consentd__Verdict)UNKNOWN;
    return PASS;
}

/* Only the verdict of an item counts. */
static enum fate permit_the_whole (void *of, Consentd__Reply *told)
{
    if (course_is_answer (of, told))
        told->check->verdict = CONSENTD__VERDICT__PERMIT;
    return PASS;
}

static enum fate make_status_unknown (void *of, Consentd__Reply *told)
{
    if (course_is_answer (of, told))
        told->status = (Consentd__Status)UNKNOWN;
    return PASS;
}

static enum fate add_field (void *of, Consentd__Reply *told)
{
    static uint8_t value[] = {1};
    if (!course_is_answer (of, told))
        return PASS;
    ProtobufCMessageUnknownField *field = allocate (1, sizeof *field); /* freed with the reply */
    *field = (ProtobufCMessageUnknownField){.tag = 1000, .wire_type = 0, .len = 1};
    field->data = allocate (1, 1);
    field->data[0] = value[0];
    told->base.n_unknown_fields = 1;
    told->base.unknown_fields = field;
    return PASS;
}

/* --- Running --------------------------------------------------------------------------------------------- */

static bool has_ended (struct trial *self)
{
    return self->tested.ended;
}

static int ask (struct trial *self, const char *key)
{
    const struct asked *asked = &self->plan->asked;
    char bsn[16], item[2][96];
    for (size_t i = 0; i < 2; i++)
        snprintf (item[i], sizeof item[i], "%s%s%s", asked->category[i], *asked->origin ? ":" : "", asked->origin);
    const char *words[] = {"check",        key,     asked->provider, asked->recipient,
                           asked->purpose, item[0], item[1],         NULL};
    snprintf (bsn, sizeof bsn, "%s\n", self->subject.bsn);
    int error = tested_start (&self->tested, self->plan->program, words, bsn, false);
    if (error)
        return trial_fail (self, "cannot be started: %s", strerror (-error));
    bool ended = trial_until (self, has_ended);
    tested_stop (&self->tested);
    if (!ended)
        return trial_fail (self, "has not ended after %d s", self->plan->patience / 1000);
    return self->tested.code == 127 ? trial_fail (self, "cannot be started") : 0;
}

static int judge (struct trial *self, size_t permitted)
{
    const struct asked *asked = &self->plan->asked;
    char expected[128] = "", said[1024];
    if (permitted > 0)
        snprintf (expected, sizeof expected, "%s%s%s", asked->category[0], permitted > 1 ? " " : "",
                  permitted > 1 ? asked->category[1] : "");
    tested_permits (&self->tested, said, sizeof said);
    if (strcmp (said, expected) != 0)
        return trial_fail (self, "permits '%s', and not '%s'", said, expected);
    if (self->differed)
        return trial_fail (self, "asked again with the same key, and with other bytes");
    return 0;
}

int course_run (struct trial *self, const struct course *course)
{
    const char *key = course->key ? course->key : self->plan->key;
    struct meddler meddler = course->meddler;
    if (subject_begin (&self->subject, self->plan->team, &self->plan->asked) ||
        (course->consented > 0 && subject_consent (&self->subject, course->consented, course->one_time)))
        return trial_fail (self, "%s", self->subject.error);
    meddler.of = self;
    if (!meddler.asked)
        meddler.asked = pass;
    middle_meddle (self->plan->middle, &meddler);
    int error = ask (self, key);
    if (!error)
        error = judge (self, course->permitted);
    if (!error && key != self->plan->strange && self->asks == 0)
        error = trial_fail (self, "asked nothing");
    return error;
}

static int run_permit (struct trial *self)
{
    int error = course_run (self, &(struct course){.consented = 2, .permitted = 2});
    if (!error && !tested_said (&self->tested, "obligation KEEP_SECRET"))
        error = trial_fail (self, "does not say the obligation KEEP_SECRET");
    return error;
}

static int run_partial (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 1, .permitted = 1});
}

static int run_denied (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 0});
}

static int run_lost (struct trial *self)
{
    int error = course_run (
        self, &(struct course){.consented = 1, .permitted = 1, .one_time = true, .meddler = {.told = lose_first}});
    return !error && self->was_new ? trial_fail (self, "asked again with a new key") : error;
}

static int run_withdrawn (struct trial *self)
{
    int error = course_run (self, &(struct course){.consented = 2, .meddler = {.told = lose_and_withdraw}});
    return !error && self->asks < 2 ? trial_fail (self, "did not ask again") : error;
}

static int run_put_off (struct trial *self)
{
    int error = course_run (self, &(struct course){.consented = 2, .permitted = 2, .meddler = {.asked = put_off}});
    return !error && self->was_early ? trial_fail (self, "asked again before retry_after_ms") : error;
}

static int run_forbidden (struct trial *self)
{
    int error = course_run (self, &(struct course){.consented = 2, .meddler = {.asked = forbid}});
    return !error && self->after > 0 ? trial_fail (self, "asked again what is forbidden") : error;
}

static int run_mixed_up (struct trial *self)
{
    return course_run (self, &(struct course){.meddler = {.asked = mix_up}});
}

static int run_unknown_verdict (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 2, .meddler = {.told = make_verdicts_unknown}});
}

static int run_whole (struct trial *self)
{
    return course_run (self,
                       &(struct course){.consented = 1, .permitted = 1, .meddler = {.told = permit_the_whole}});
}

static int run_unknown_status (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 2, .meddler = {.told = make_status_unknown}});
}

static int run_new_field (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 2, .permitted = 2, .meddler = {.told = add_field}});
}

static int run_nonsense (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 2, .meddler = {.asked = answer_nonsense}});
}

static int run_silence (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 2, .meddler = {.asked = ignore}});
}

static int run_strange (struct trial *self)
{
    return course_run (self, &(struct course){.consented = 2, .key = self->plan->strange});
}

const struct conformance_case check_cases[] = {
    {"permit", "5.1", "what is permitted is told, with its obligations", run_permit, false},
    {"partial", "5.1", "of two only the one that is permitted", run_partial, false},
    {"denied", "5.1", "nothing", run_denied, false},
    {"lost-answer", "4.1", "asks again with the same bytes, and believes the recorded answer", run_lost, false},
    {"withdrawn-since", "4.2", "nothing: what the recorded answer rests on was withdrawn", run_withdrawn, false},
    {"put-off", "3.3", "asks again with the same bytes, not before retry_after_ms", run_put_off, false},
    {"forbidden", "3.3", "nothing, and does not ask again", run_forbidden, false},
    {"mixed-up", "2.3", "nothing: the answer that permits has another key", run_mixed_up, false},
    {"unknown-verdict", "3.2", "nothing", run_unknown_verdict, false},
    {"item-alone", "5.1", "only the item that is permitted itself, whatever the whole says", run_whole, false},
    {"unknown-status", "3.2", "nothing", run_unknown_status, false},
    {"new-field", "3.2", "as ever: fields that it does not know it passes over", run_new_field, false},
    {"nonsense", "5.1", "nothing: what comes cannot be read", run_nonsense, false},
    {"silence", "4.1", "nothing, and ends", run_silence, false},
    {"stranger", "2.1", "nothing: who listens has another key", run_strange, false},
    {NULL, NULL, NULL, NULL, false},
};
