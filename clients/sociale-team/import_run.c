#include "import_run.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "import_answer.h"
#include "import_known.h"
#include "import_order.h"
#include "import_seen.h"
#include "import_statement.h"
#include "import_unreadable.h"
#include "moments.h"

enum { ARENA_LIMIT = 1024 * 1024, GROUP = IMPORT_WINDOW / 4 };

/* The registry knows a key for 24 hours by its own clock, and this machine's may go otherwise. */
static const moment KEYS_ARE_KNOWN = 23 * INT64_C (3600000), GROUP_TIME = 1000;

/* A record between its reading and its line in the result. */
struct slot {
    enum { SLOT_DONE, SLOT_READY, SLOT_SENT } state;
    uint64_t ticket;
    struct arena *arena;
    struct import_statement statement;
    struct import_line line;
};

struct import {
    const struct import_job *job;
    char *error;
    struct import_seen *seen;
    struct slot slots[IMPORT_WINDOW]; /* by number of the record */
    uint64_t first, next;             /* of the records that have a slot; number of the next one */
    size_t ready, sent;
    bool at_end;
    uint64_t ask_until; /* records up to this one are looked for at the registry first */
    moment synced_at;
};

__attribute__ ((format (printf, 3, 4))) static int stop (struct import *self, int code, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (self->error, IMPORT_RUN_ERROR, format, arguments);
    va_end (arguments);
    return code;
}

static struct slot *slot_of (struct import *self, uint64_t number)
{
    return &self->slots[number % IMPORT_WINDOW];
}

static int stop_of_seen (struct import *self, int r)
{
    return r ? stop (self, EX_IOERR, "what was seen of the file cannot be kept: %s", strerror (-r)) : 0;
}

static int pass_over (struct import *self, struct slot *slot)
{
    slot->state = SLOT_DONE;
    return stop_of_seen (self, import_order_pass_over (self->seen, &slot->statement, &slot->line));
}

/* Passes it over, if something about the same person was. */
static int follow (struct import *self, struct slot *slot, bool *is_passed_over)
{
    int r = import_order_has_passed_over (self->seen, &slot->statement, is_passed_over);
    return *is_passed_over ? pass_over (self, slot) : stop_of_seen (self, r);
}

/* The registry gave no answer to a record. 0: that is about its person alone, and it is passed over; or an exit
 * code. */
static int doubt (struct import *self, struct slot *slot, int code, const char *words)
{
    if (code == EX_UNAVAILABLE && import_is_unreadable (self->job->second, import_bsn (slot->statement.request)))
        return pass_over (self, slot);
    return stop (self, code, "line %llu: %s", (unsigned long long)slot->line.line, words);
}

/* Looks whether the registry has it. What cannot be known is said, and not sent. 0, or an exit code. */
static int ask_registry (struct import *self, struct slot *slot, bool *finished)
{
    const char *words;
    int code = follow (self, slot, finished);
    if (code || *finished)
        return code;
    code = import_known_find (self->job->registry, &slot->statement, &slot->line, finished, &words);
    if (code == 0)
        return 0;
    *finished = true;
    if (code != EX_NOPERM)
        return doubt (self, slot, code, words);
    slot->line.outcome = IMPORT_UNKNOWN;
    snprintf (slot->line.message, sizeof slot->line.message,
              "of dit is vastgelegd, is niet bekend: het register zegt niet wat het van deze persoon heeft");
    return 0;
}

/* Reads what a record says, and judges what can be judged here. */
static int judge_record (struct import *self, const struct import_record *record, struct slot *slot)
{
    bool finished = !import_statement_read (&slot->statement, record, self->job->secret, slot->arena, &slot->line);
    int r = finished ? 0 : import_order_judge (self->seen, &slot->statement, &slot->line, &finished);
    if (r)
        return stop_of_seen (self, r);
    bool is_known = self->job->result && record->number <= import_result_known (self->job->result);
    if (!finished && self->job->result && !is_known && record->number <= self->ask_until)
        r = ask_registry (self, slot, &finished);
    slot->state = finished ? SLOT_DONE : SLOT_READY;
    return r;
}

/* Reads the next record into its slot. */
static int read_record (struct import *self, struct slot *slot)
{
    struct import_record record;
    char words[IMPORT_SOURCE_ERROR];
    int r = import_source_next (self->job->source, &record, words);
    if (r == IMPORT_SOURCE_END) {
        self->at_end = true;
        return 0;
    }
    if (r)
        return stop (self, r < 0 ? EX_IOERR : EX_DATAERR, "%s", r < 0 ? strerror (-r) : words);
    arena_reset (slot->arena);
    r = judge_record (self, &record, slot);
    json_decref (record.form);
    return r;
}

/* What is said of one person is recorded in the order in which it is said. */
static bool must_wait (struct import *self, const struct slot *slot)
{
    for (uint64_t number = self->first; number < slot->line.number; number++) {
        const struct slot *other = slot_of (self, number);
        if (other->state != SLOT_DONE &&
            memcmp (other->statement.person, slot->statement.person, IMPORT_MARK) == 0)
            return true;
    }
    return false;
}

static int send (struct import *self, struct slot *slot)
{
    bool is_passed_over;
    int r = follow (self, slot, &is_passed_over);
    if (r || is_passed_over) {
        self->ready--;
        return r;
    }
    Consentd__Request *request = slot->statement.request;
    request->idempotency_key = (ProtobufCBinaryData){IMPORT_MARK, slot->statement.said};
    int status = consent_call_send (self->job->registry, request, &slot->ticket);
    if (status == CONSENT_INVALID) { /* as large as no form is, and the registry takes none so large */
        import_line_bad (&slot->line, "", "is groter dan een bericht aan het register mag zijn");
        slot->state = SLOT_DONE;
        self->ready--;
        return 0;
    }
    if (status)
        return stop (self, EX_OSERR, "%s", consent_last_error (self->job->registry));
    slot->state = SLOT_SENT;
    self->ready--;
    self->sent++;
    return 0;
}

static int send_ready (struct import *self)
{
    int r = 0;
    for (uint64_t number = self->first; !r && self->ready > 0 && number < self->next; number++) {
        struct slot *slot = slot_of (self, number);
        if (self->sent == CONSENT_OUTSTANDING_MAX)
            break;
        if (slot->state == SLOT_READY && !must_wait (self, slot))
            r = send (self, slot);
    }
    return r;
}

/* Reads as many records as may be under way, and sends what can be sent. */
static int fill (struct import *self)
{
    int r = send_ready (self);
    while (!r && !self->at_end && self->sent < CONSENT_OUTSTANDING_MAX &&
           self->next <= import_result_durable (self->job->result) + IMPORT_WINDOW) {
        struct slot *slot = slot_of (self, self->next);
        r = read_record (self, slot);
        if (r || self->at_end)
            break;
        self->next++;
        if (slot->state == SLOT_READY) {
            self->ready++;
            if (!must_wait (self, slot))
                r = send (self, slot);
        }
    }
    return r;
}

/* Waits for one answer. */
static int take_answer (struct import *self)
{
    uint64_t ticket;
    Consentd__Reply *reply;
    const char *words = "";
    int status = consent_call_next (self->job->registry, &ticket, &reply);
    if (status)
        return stop (self, import_answer_none (status), "%s", consent_last_error (self->job->registry));
    int code = 0;
    for (uint64_t number = self->first; number < self->next; number++) {
        struct slot *slot = slot_of (self, number);
        if (slot->state != SLOT_SENT || slot->ticket != ticket)
            continue;
        code = import_answer_read (slot->statement.request, reply, slot->arena, &slot->line, &words);
        if (code)
            code = doubt (self, slot, code, words);
        else
            slot->state = SLOT_DONE;
        self->sent--;
        break;
    }
    consentd__reply__free_unpacked (reply, NULL);
    return code;
}

/* Lets go of the records that are done, as far as none before them is under way. */
static int retire (struct import *self, bool whole)
{
    struct import_result *result = self->job->result;
    int r = 0;
    for (; !r && self->first < self->next && slot_of (self, self->first)->state == SLOT_DONE; self->first++) {
        struct slot *slot = slot_of (self, self->first);
        r = import_result_put (result, &slot->line);
        json_decref (slot->line.reasons);
        slot->line.reasons = NULL;
    }
    uint64_t waiting = import_result_known (result) - import_result_durable (result);
    bool is_due = waiting >= GROUP || whole || moment_now () - self->synced_at >= GROUP_TIME;
    if (!r && waiting > 0 && is_due) {
        r = import_result_sync (result);
        self->synced_at = moment_now ();
    }
    if (self->job->progress)
        self->job->progress (self->job->context, import_result_counts (result));
    return r ? stop (self, EX_IOERR, "the result file cannot be written: %s", strerror (-r)) : 0;
}

/* Tries a record again that an earlier run passed over. That may have sent it, and was cut off before it wrote
   what came of it: so the registry is asked first. */
static int try_again (struct import *self, struct slot *slot)
{
    bool finished = false;
    int r = ask_registry (self, slot, &finished);
    if (!r && !finished) {
        self->ready++;
        r = send (self, slot);
    }
    while (!r && slot->state == SLOT_SENT)
        r = take_answer (self);
    if (!r && slot->line.outcome != IMPORT_UNAVAILABLE)
        r = import_result_put (self->job->result, &slot->line);
    json_decref (slot->line.reasons);
    slot->line.reasons = NULL;
    return r;
}

/* Goes over what has its line already, so that it is known what was seen of the file. */
static int skip_known (struct import *self)
{
    struct import_result *result = self->job->result;
    const uint64_t known = import_result_known (result);
    int r = 0;
    while (!r && !self->at_end && self->next <= known) {
        struct slot *slot = slot_of (self, self->next);
        self->first = self->next;
        r = read_record (self, slot);
        self->next++;
        if (!r && import_result_is_unavailable (result, self->first))
            r = try_again (self, slot);
    }
    self->first = self->next;
    int written = import_result_sync (result);
    return r || !written ? r : stop (self, EX_IOERR, "the result file cannot be written: %s", strerror (-written));
}

static int send_all (struct import *self)
{
    int r = skip_known (self);
    while (!r && !(self->at_end && self->first == self->next)) {
        r = fill (self);
        if (!r && self->sent > 0)
            r = take_answer (self);
        /* With nothing under way the window can only be full of lines that are not durable. */
        int written = retire (self, r != 0 || self->sent == 0);
        r = r ? r : written;
    }
    return r;
}

static int look_only (struct import *self)
{
    uint64_t counts[IMPORT_OUTCOMES] = {0};
    int r = 0;
    while (!r) {
        struct slot *slot = slot_of (self, 0);
        r = read_record (self, slot);
        if (r || self->at_end)
            break;
        if (slot->state == SLOT_READY)
            slot->line.outcome = IMPORT_ACCEPTED;
        counts[slot->line.outcome]++;
        self->job->say (self->job->context, &slot->line);
        if (self->job->progress)
            self->job->progress (self->job->context, counts);
    }
    return r;
}

static void judge_memory (struct import *self)
{
    moment since = self->job->result ? import_result_sent_since (self->job->result) : 0;
    if (since != 0 && (moment_now () - since >= KEYS_ARE_KNOWN || since > moment_now ()))
        self->ask_until = import_result_known (self->job->result) + IMPORT_WINDOW;
    if (self->job->ask_first)
        self->ask_until = UINT64_MAX;
}

int import_run (const struct import_job *job, char error[IMPORT_RUN_ERROR])
{
    struct import *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    self->job = job;
    self->error = error;
    self->first = self->next = 1;
    for (size_t i = 0; i < IMPORT_WINDOW; i++)
        self->slots[i].arena = arena_new (ARENA_LIMIT);
    judge_memory (self);
    /* Of a record there are at most two marks, and the table is never full. */
    int r = import_seen_open (&self->seen, job->beside, 2 * import_source_count (job->source));
    if (r)
        r = stop (self, EX_CANTCREAT, "there is no room to keep what was seen of the file: %s", strerror (-r));
    if (!r)
        r = job->result ? send_all (self) : look_only (self);
    import_seen_close (&self->seen);
    for (size_t i = 0; i < IMPORT_WINDOW; i++) {
        json_decref (self->slots[i].line.reasons);
        arena_erase (&self->slots[i].arena);
    }
    free (self);
    return r;
}
