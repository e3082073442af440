#include "dispatch.h"
#include <assert.h>
#include <string.h>
#include "again.h"
#include "audit/log.h"
#include "limits/admission.h"
#include "limits/askers.h"
#include "line.h"
#include "meters.h"
#include "listing.h"
#include "permission.h"
#include "registry/idempotency.h"
#include "registry/subject_cache.h"
#include "share.h"
#include "verb_table.h"

/* What the party may not do here it is told by its role, and by where it would be answered. */
static bool may (struct turn *turn, const struct caller *caller, enum verb verb, struct handling *handling)
{
    uint32_t permissions = verb_table[verb].permissions;
    bool is_here = verb_is_on (verb, caller->channel);
    if (caller->channel == CHANNEL_REQUESTS && (caller->party->permissions & verb_table[verb].on_requests) != 0)
        return true;
    bool is_allowed = permissions == 0 || (caller->party->permissions & permissions) != 0;
    if (!is_allowed)
        handling_lacks (handling, turn, caller, permissions);
    if (is_here)
        return is_allowed;
    const char *where = "";
    for (unsigned channel = CHANNEL_REQUESTS; channel < CHANNELS; channel++)
        if (verb_is_on (verb, (enum channel)channel))
            where = arena_printf (turn->arena, "%s%s%s", where, where[0] != 0 ? " or " : "",
                                  audit_origin_name ((enum audit_origin)channel));
    const char *place =
        arena_printf (turn->arena, "%s is answered on the endpoint %s, and this is %s", verb_table[verb].name,
                      where, audit_origin_name ((enum audit_origin)caller->channel));
    if (!is_allowed)
        place = arena_printf (turn->arena, "%s; and %s", handling->reply.message, place);
    handling_status (handling, STATUS_FORBIDDEN, place);
    return false;
}

/* L3: false, with the answer, if the party asks more than it may. */
static bool is_admitted (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct handling *handling)
{
    if (verb_table[request->verb].protects || request->times > 0)
        return true; /* a check of a batch was admitted with the batch */
    size_t count = request->verb == VERB_BATCH ? request->as.batch.count : 1;
    if (admission_judge (turn, caller, count, &handling->reply))
        return true;
    handling->counted = true;
    handling->result = "over-limit";
    return false;
}

/* C13: false, with the answer, if the registry has not reached the required revision. */
static bool is_reached (const struct turn *turn, const struct request *request, struct handling *handling)
{
    if (request->at_least_revision == 0)
        return true;
    if (memcmp (request->at_least_epoch, turn->state.epoch, sizeof turn->state.epoch) != 0)
        handling_invalid (handling, "at_least_epoch",
                          "the registry is in another epoch: what was known of it is stale");
    else if (request->at_least_revision > turn->state.revision)
        handling_status (handling, STATUS_RETRY, "the asked revision is not reached");
    else
        return true;
    return false;
}

/* C14: false, with the answer, if nobody knows the time. A recorded answer is not given again either, since it may
   be past its time. */
static bool is_timely (const struct turn *turn, const struct request *request, struct handling *handling)
{
    if (!turn->state.clock_stopped || !verb_table[request->verb].decides)
        return true;
    handling_status (handling, STATUS_UNAVAILABLE, "the clock jumped: an operator must confirm it");
    return false;
}

/* A1: false, with the answer, if the ticket does not belong to this page. */
static bool is_in_listing (const struct turn *turn, const struct caller *caller, const struct request *request,
                           struct handling *handling)
{
    uint64_t line = 0;
    enum listing listing = listing_of (turn, caller, request, &line);
    if (listing == LISTING_GOES_ON)
        handling->continues = line;
    if (listing == LISTING_FOREIGN)
        handling_invalid (handling, "listing", "this is not `listing` of the page before");
    return listing != LISTING_FOREIGN;
}

void dispatch_fill_common (const struct turn *turn, struct reply *reply)
{
    memcpy (reply->epoch, turn->state.epoch, sizeof reply->epoch);
    reply->revision = turn->state.revision;
    reply->time = turn->now;
}

/* G11: the answer to this request is kept, to be given again. */
static bool is_kept (const struct request *request)
{
    return verb_table[request->verb].answers_again && !request->is_trial;
}

/* R7: until the subject is erased, nothing is told, permitted or recorded. The request has no line, which would be
   about the subject. */
static int refuse_while_erasing (struct handling *handling)
{
    handling->counted = true;
    handling->has_file = false;
    handling->reply.body = REPLY_NONE;
    return handling_status (handling, STATUS_UNAVAILABLE,
                            "this cannot be answered just now: ask again in a moment");
}

/* Has the verb decide, and writes what it changed of the subject. */
static int handle (struct turn *turn, const struct caller *caller, const struct request *request,
                   struct handling *handling)
{
    uint64_t before = store_writes (turn->txn);
    int rc = verb_table[request->verb].handle (turn, caller, request, handling);
    if (rc == SUBJECT_FILE_ERASING && store_writes (turn->txn) == before)
        return refuse_while_erasing (handling);
    return rc == 0 ? subject_file_settle (turn, &handling->file) : rc;
}

/* G11: looks whether the key of a request that is new was used for a batch, of which the first check was recorded.
   0, IDEMPOTENCY_UNUSED or a failure. A check of a batch has a key that no batch has. */
static int find_batch (struct turn *turn, const struct request *request, const char *party)
{
    uint64_t number;
    uint8_t first[VAULT_ID_SIZE];
    if (request->times > 0)
        return IDEMPOTENCY_UNUSED;
    idempotency_part_key (turn, request->idempotency_key, 0, first);
    return idempotency_find_key (turn, party, first, &number);
}

/* Answers a request that was read and may be made: with its recorded answer, or with what its verb decides. */
static int answer_or_judge (struct turn *turn, const struct caller *caller, const struct request *request,
                            struct handling *handling, struct bytes *answer)
{
    int rc = 0;
    bool is_spent = false;
    if (is_kept (request)) {
        uint64_t number;
        handling->idempotency = idempotency_of (turn, caller->party->text.id, request);
        rc = idempotency_find (turn, &handling->idempotency, &number);
        if (rc == 0)
            rc = again_answer (turn, caller, request, number, answer);
        else if (rc == IDEMPOTENCY_UNUSED && find_batch (turn, request, caller->party->text.id) == 0)
            rc = IDEMPOTENCY_CONFLICT;
        handling->is_logged = rc == 0;
        handling->result = rc == 0 ? "again" : NULL; /* for the metrics */
        is_spent = rc == IDEMPOTENCY_CONFLICT || rc == IDEMPOTENCY_ERASED;
        handling->counted = rc == IDEMPOTENCY_ERASED; /* a line would be about the subject, who is erased */
        if (rc == IDEMPOTENCY_CONFLICT)
            handling_status (handling, STATUS_CONFLICT, "this idempotency key was used with another body");
        else if (rc == IDEMPOTENCY_ERASED)
            handling_status (handling, STATUS_CONFLICT,
                             "what this idempotency key was used for cannot be read now");
        else if (rc != IDEMPOTENCY_UNUSED)
            return rc;
    }
    rc = is_spent ? 0 : handle (turn, caller, request, handling);
    if (rc != 0)
        return rc;
    if (handling->reply.status == STATUS_CONFLICT)
        handling->reply.field = "idempotency_key";
    dispatch_fill_common (turn, &handling->reply);
    handling->reply.listing = listing_ticket (turn, caller, request, &handling->reply, handling->continues);
    codec_write_reply (&handling->reply, turn->arena, answer);
    handling->is_replayable = is_kept (request) && handling->reply.status == STATUS_OK && !handling->is_unfinished;
    return 0;
}

/* The same. Also decides whether the request has a line of its own (A1). */
static int judge (struct turn *turn, const struct caller *caller, const struct request *request,
                  struct handling *handling, struct bytes *answer)
{
    uint64_t before = store_writes (turn->txn);
    int rc = answer_or_judge (turn, caller, request, handling, answer);
    bool changed = store_writes (turn->txn) > before;
    handling->counted |=
        verb_table[request->verb].is_counted || (!changed && line_counts_together (turn, caller, request));
    return rc;
}

/* L6: notes that the party asked about this subject. A party that records something of an unknown subject knows
   that subject, so it does not count as looking for people. */
static void note_asked (struct turn *turn, const struct caller *caller, enum verb verb,
                        const struct handling *handling)
{
    if (turn->askers == NULL || !handling->has_file || caller->channel == CHANNEL_OPERATORS)
        return;
    const struct config_limits own = admission_limits (turn->config, caller->party);
    const struct askers_limits limits = {{own.subjects_per_hour, own.unknown_per_hour}};
    askers_note (turn->askers, caller->party->text.id, &limits, handling->file.id,
                 !handling->file.known || (handling->file.opened && verb_table[verb].may_seek));
}

/* Sets the request that was read, or the answer that says what is wrong with it (C2). */
static void begin (int rc, const struct codec_fault *fault, struct request *request, struct handling *handling)
{
    handling->reply.status = STATUS_OK;
    handling->reply.has_key = rc == 0 || fault->has_key;
    memcpy (handling->reply.idempotency_key, rc == 0 ? request->idempotency_key : fault->idempotency_key, 16);
    if (rc == 0)
        return;
    request->verb = VERB_NONE;
    request->user = "";
    handling->counted = true;
    handling_invalid (handling, fault->field, fault->message);
}

/* True if the request is to be decided, or its recorded answer given. Else the answer says why not. */
static bool is_to_be_judged (struct turn *turn, const struct caller *caller, const struct request *request,
                             struct handling *handling)
{
    if (request->verb == VERB_NONE)
        return false;
    if (!may (turn, caller, request->verb, handling)) {
        handling->counted = true;
        return false;
    }
    if (!share_begin (turn, caller, verb_table[request->verb].when_full)) {
        handling->counted = true; /* L5: counted, without a line: the little room left is for others */
        share_refuse (turn, handling, "the store is full: only withdrawals are still recorded");
        return false;
    }
    return is_admitted (turn, caller, request, handling) && is_reached (turn, request, handling) &&
           is_timely (turn, request, handling) && is_in_listing (turn, caller, request, handling);
}

/* G11: a batch may begin, unless its key was used for a request that is none: what is recorded for that key would
   be taken for an answer of the batch. DISPATCH_BATCH, or 0 with the answer that says so. */
static int begin_batch (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling, struct bytes *answer)
{
    uint64_t number;
    if (idempotency_find_key (turn, caller->party->text.id, request->idempotency_key, &number) != 0)
        return DISPATCH_BATCH;
    handling_status (handling, STATUS_CONFLICT, "this idempotency key was used with another body");
    handling->reply.field = "idempotency_key";
    dispatch_fill_common (turn, &handling->reply);
    codec_write_reply (&handling->reply, turn->arena, answer);
    return 0;
}

/* Answers one request that was read, or says what is wrong with it. */
static int dispatch_one (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct handling *handling, struct bytes *answer)
{
    int rc = 0;
    audit_forget_tellings (turn);
    turn->asked++;
    if (is_to_be_judged (turn, caller, request, handling)) {
        rc = request->verb == VERB_BATCH ? begin_batch (turn, caller, request, handling, answer)
                                         : judge (turn, caller, request, handling, answer);
        if (rc == DISPATCH_BATCH)
            return rc;
    } else {
        dispatch_fill_common (turn, &handling->reply);
        codec_write_reply (&handling->reply, turn->arena, answer);
    }
    note_asked (turn, caller, request->verb, handling); /* before the line, which may look up whom no verb did */
    /* A recorded answer that was given again has written its own line. A further page has the line of its
       listing. */
    bool is_told = (handling->continues != 0 || permission_is_health_alone (caller->party->permissions)) &&
                   handling->reply.status == STATUS_OK;
    if (rc == 0 && !handling->is_logged && !is_told)
        rc = line_write (turn, caller, request, handling, *answer);
    if (rc == 0)
        meters_note (turn->meters, request->verb, line_result (handling));
    assert (rc != 0 || turn->promised_line == 0);
    subject_file_close (&handling->file);
    subject_cache_sweep (turn->cache);
    return rc;
}

int dispatch (struct turn *turn, const struct caller *caller, struct bytes message, struct bytes *answer,
              const struct request **batch)
{
    struct request *request = arena_alloc (turn->arena, sizeof *request);
    struct handling *handling = arena_alloc (turn->arena, sizeof *handling);
    struct codec_fault fault;
    if (message.size > CODEC_MESSAGE_LIMIT)
        turn->work += message.size; /* L1: to read so much costs, whether it is a batch or not */
    begin (codec_read_request (message.data, message.size, turn->arena, request, &fault), &fault, request,
           handling);
    *batch = request;
    return dispatch_one (turn, caller, request, handling, answer);
}

/* C12: if a record cannot be read, only the check that asked for it is in doubt. If the check wrote nothing, it
   does not harm the other checks of its batch. */
int dispatch_check (struct turn *turn, const struct caller *caller, struct dispatch_check *check,
                    struct bytes *answer)
{
    struct request *request = arena_alloc (turn->arena, sizeof *request);
    struct handling *handling = arena_alloc (turn->arena, sizeof *handling);
    struct codec_fault fault;
    struct registry_state before = turn->state;
    uint64_t writes = store_writes (turn->txn);
    begin (codec_read_check (&check->place, turn->arena, request, &fault), &fault, request, handling);
    request->times = check->times;
    request->together = check->together;
    int rc = dispatch_one (turn, caller, request, handling, answer);
    if ((rc == RECORD_DAMAGED || rc == ARCHIVE_DAMAGED) && store_writes (turn->txn) == writes) {
        turn->state = before;
        turn->promised_line = 0;
        turn->unsettled = NULL;
        dispatch_unavailable (turn, request->message, "a record cannot be read; nothing was done", answer);
        rc = line_write_damaged (turn, caller, request);
        if (rc == 0)
            meters_note (turn->meters, request->verb, "unavailable");
    }
    check->has_subject = handling->has_file;
    memcpy (check->subject, handling->file.id, sizeof check->subject);
    return rc;
}

/* Judges a check as it would be made. What is wrong with it is said when that is done: here it does not count. */
static int try_one (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    uint64_t number;
    if (!is_to_be_judged (turn, caller, request, handling))
        return 0;
    handling->idempotency = idempotency_of (turn, caller->party->text.id, request);
    int rc = idempotency_find (turn, &handling->idempotency, &number);
    if (rc == IDEMPOTENCY_UNUSED)
        rc = verb_table[request->verb].handle (turn, caller, request, handling);
    bool is_in_doubt = rc == RECORD_DAMAGED || rc == ARCHIVE_DAMAGED || rc == SUBJECT_FILE_ERASING;
    return is_in_doubt || rc == IDEMPOTENCY_CONFLICT ? 0 : rc;
}

int dispatch_try_check (struct turn *turn, const struct caller *caller, struct dispatch_check *check)
{
    struct request *request = arena_alloc (turn->arena, sizeof *request);
    struct handling *handling = arena_alloc (turn->arena, sizeof *handling);
    struct codec_fault fault;
    begin (codec_read_check (&check->place, turn->arena, request, &fault), &fault, request, handling);
    request->times = check->times;
    request->together = check->together;
    int rc = try_one (turn, caller, request, handling);
    subject_file_close (&handling->file);
    subject_cache_sweep (turn->cache);
    return rc;
}

/* Answers a request that no verb sees. The answer has the request's key, so that the peer knows which request it
   was. */
static void answer_unjudged (struct turn *turn, struct bytes message, struct handling *handling,
                             struct bytes *answer)
{
    struct codec_peek peek = codec_peek (message);
    handling->reply.has_key = peek.has_key;
    memcpy (handling->reply.idempotency_key, peek.key, sizeof peek.key);
    codec_write_reply (&handling->reply, turn->arena, answer);
}

void dispatch_unavailable (struct turn *turn, struct bytes message, const char *why, struct bytes *answer)
{
    struct handling handling = {0};
    handling_status (&handling, STATUS_UNAVAILABLE, why);
    dispatch_fill_common (turn, &handling.reply);
    answer_unjudged (turn, message, &handling, answer);
}

void dispatch_stranger (struct turn *turn, struct bytes message, struct bytes *answer)
{
    struct handling handling = {0};
    handling_status (&handling, STATUS_FORBIDDEN, "this key is not, or no longer, a party's");
    answer_unjudged (turn, message, &handling, answer);
}

void dispatch_own_route (struct turn *turn, struct bytes message, struct bytes *answer)
{
    struct handling handling = {0};
    handling_invalid (&handling, "routing_id", "the registry gives connections their routing ids: choose none");
    answer_unjudged (turn, message, &handling, answer);
}
