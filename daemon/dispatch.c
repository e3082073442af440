#include "dispatch.h"
#include <assert.h>
#include <string.h>
#include "limits/admission.h"
#include "audit/counted.h"
#include "codec/codec.h"
#include "limits/askers.h"
#include "listing.h"
#include "permission.h"
#include "registry/history.h"
#include "registry/idempotency.h"
#include "registry/subject_cache.h"
#include "rules/policy.h"
#include "rules/represent.h"
#include "share.h"
#include "verbs/verbs.h"

enum {
    ON_REQUESTS = 1 << CHANNEL_REQUESTS,
    ON_EVENTS = 1 << CHANNEL_EVENTS,
    ON_OPERATORS = 1 << CHANNEL_OPERATORS,
    ON_ANY = ON_REQUESTS | ON_EVENTS | ON_OPERATORS,
    ANYONE = 0,
    KEPT_LIMIT = 16384, /* bytes of a request that the log keeps: no well-meant request is longer */
};

/* What of a request and its answer the log keeps, sealed. */
enum evidence_kept { KEEP_NOTHING, KEEP_REQUEST, KEEP_BOTH };

/* The verb table: the one place that says who may do what where, and what is answered again (G11). */
static const struct verb_entry {
    const char *name;
    uint32_t permissions; /* one of these suffices */
    unsigned channels;
    bool replayed; /* its answer is recorded for its idempotency key */
    bool decides;  /* by the time: not while the clock is stopped (C14) */
    enum evidence_kept keep;
    verb_handler *handle;
    bool always; /* never put off for what the party asked before (L3) */
} table[VERBS] = {
    [VERB_WHOAMI] = {"whoami", ANYONE, ON_ANY, false, false, KEEP_NOTHING, verb_whoami},
    [VERB_CHECK] = {"check", PERMISSION_CHECK, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH, verb_check},
    /* Of its checks each is answered again, and each has its own line. */
    [VERB_BATCH] = {"batch", PERMISSION_CHECK, ON_REQUESTS | ON_OPERATORS, false, true, KEEP_NOTHING, NULL},
    [VERB_GRANT] = {"grant", PERMISSION_GRANT, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH, verb_grant},
    [VERB_REFUSE] = {"refuse", PERMISSION_GRANT, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH, verb_refuse},
    /* V1: a party that the consent names may always; the verb sees to the rest. */
    [VERB_REVOKE] = {"revoke", ANYONE, ON_REQUESTS | ON_OPERATORS, true, false, KEEP_BOTH, verb_revoke, true},
    [VERB_ASK] = {"ask", PERMISSION_REQUEST, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH, verb_ask},
    /* The answer has BSNs: the log keeps the question only. */
    [VERB_WAITING_LIST] = {"waiting-list", PERMISSION_GRANT, ON_REQUESTS | ON_OPERATORS, false, false,
                           KEEP_REQUEST, verb_waiting_list},
    [VERB_DEFER] = {"defer", PERMISSION_GRANT, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH, verb_defer},
    [VERB_CONSENT_SHOW] = {"consent-show", ANYONE, ON_REQUESTS | ON_OPERATORS, false, false, KEEP_REQUEST,
                           verb_consent_show},
    [VERB_CONSENT_LIST] = {"consent-list", PERMISSION_GRANT | PERMISSION_EXPLAIN | PERMISSION_ADMIN,
                           ON_REQUESTS | ON_OPERATORS, false, false, KEEP_REQUEST, verb_consent_list},
    [VERB_SUBJECT_SET] = {"subject-set", PERMISSION_SUBJECT, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH,
                          verb_subject_set},
    [VERB_SUBJECT_SHOW] = {"subject-show", PERMISSION_SUBJECT, ON_REQUESTS | ON_OPERATORS, false, false,
                           KEEP_REQUEST, verb_subject_show},
    /* A restriction protects, as a withdrawal does: it needs no clock, and what it takes of the store is set
       aside. */
    [VERB_RESTRICT] = {"restrict", PERMISSION_RIGHTS, ON_REQUESTS | ON_OPERATORS, true, false, KEEP_BOTH,
                       verb_restrict, true},
    [VERB_LIFT_RESTRICTION] = {"lift-restriction", PERMISSION_RIGHTS, ON_REQUESTS | ON_OPERATORS, true, true,
                               KEEP_BOTH, verb_lift_restriction},
    [VERB_SUBSCRIBE] = {"subscribe", PERMISSION_EVENTS, ON_EVENTS, false, false, KEEP_REQUEST, verb_subscribe,
                        true},
    [VERB_ACKNOWLEDGE] = {"acknowledge", PERMISSION_EVENTS, ON_EVENTS, false, false, KEEP_REQUEST,
                          verb_acknowledge, true},
    [VERB_STATUS] = {"status", PERMISSION_ADMIN, ON_OPERATORS, false, false, KEEP_NOTHING, verb_status},
    [VERB_PARTY_ADD] = {"party-add", PERMISSION_ADMIN, ON_OPERATORS, true, false, KEEP_BOTH, verb_party_add},
    [VERB_PARTY_APPLY] = {"party-apply", PERMISSION_ADMIN, ON_OPERATORS, true, false, KEEP_BOTH, verb_party_apply},
    [VERB_PARTY_LIST] = {"party-list", PERMISSION_ADMIN, ON_OPERATORS, false, false, KEEP_REQUEST,
                         verb_party_list},
    [VERB_PARTY_REMOVE] = {"party-remove", PERMISSION_ADMIN, ON_OPERATORS, true, false, KEEP_BOTH,
                           verb_party_remove},
    [VERB_AUDIT_LIST] = {"audit-list", PERMISSION_ADMIN, ON_OPERATORS, false, false, KEEP_REQUEST,
                         verb_audit_list},
    [VERB_EVENTS_LAG] = {"events-lag", PERMISSION_ADMIN, ON_OPERATORS, false, false, KEEP_NOTHING,
                         verb_events_lag},
    [VERB_EVENTS_SKIP] = {"events-skip", PERMISSION_ADMIN, ON_OPERATORS, true, false, KEEP_BOTH, verb_events_skip},
    [VERB_CLOCK_CONFIRM] = {"clock", PERMISSION_ADMIN, ON_OPERATORS, true, false, KEEP_BOTH, verb_clock_confirm},
    [VERB_CLOCK_RESET] = {"clock", PERMISSION_ADMIN, ON_OPERATORS, true, false, KEEP_BOTH, verb_clock_reset},
    /* C10: its holder always; the verbs see to the rest. */
    [VERB_OBLIGATION_DONE] = {"obligation-done", ANYONE, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH,
                              verb_obligation_done},
    [VERB_OBLIGATION_DEFER] = {"obligation-defer", ANYONE, ON_REQUESTS | ON_OPERATORS, true, true, KEEP_BOTH,
                               verb_obligation_defer},
    [VERB_OBLIGATION_LIST] = {"obligation-list", PERMISSION_CHECK | PERMISSION_EXPLAIN | PERMISSION_ADMIN,
                              ON_REQUESTS | ON_OPERATORS, false, false, KEEP_REQUEST, verb_obligation_list},
    [VERB_DUE_LIST] = {"due-list", PERMISSION_CHECK | PERMISSION_GRANT | PERMISSION_EXPLAIN | PERMISSION_ADMIN,
                       ON_REQUESTS | ON_OPERATORS, false, false, KEEP_REQUEST, verb_due_list},
    /* One's own, as answered (C9); the verb sees to the rest. */
    [VERB_DECISION_SHOW] = {"decision-show", PERMISSION_CHECK | PERMISSION_EXPLAIN | PERMISSION_ADMIN,
                            ON_REQUESTS | ON_OPERATORS, false, false, KEEP_REQUEST, verb_decision_show},
};

/* The one mapping of statuses to what the log calls them. */
static const char *const status_names[] = {
    [STATUS_OK] = "ok",           [STATUS_REJECTED] = "rejected",       [STATUS_FORBIDDEN] = "forbidden",
    [STATUS_INVALID] = "invalid", [STATUS_NOT_FOUND] = "not-found",     [STATUS_CONFLICT] = "conflict",
    [STATUS_RETRY] = "retry",     [STATUS_UNAVAILABLE] = "unavailable",
};

int outcome_status (struct outcome *outcome, enum status status, const char *message)
{
    outcome->reply.status = status;
    outcome->reply.message = message;
    return 0;
}

int outcome_invalid (struct outcome *outcome, const char *field, const char *message)
{
    outcome->reply.field = field;
    return outcome_status (outcome, STATUS_INVALID, message);
}

static bool may (const struct caller *caller, const struct verb_entry *entry)
{
    if ((entry->channels & 1U << caller->channel) == 0)
        return false;
    return entry->permissions == ANYONE || (caller->party->permissions & entry->permissions) != 0;
}

/* L3: false, with the answer, where the party asks more than it may. */
static bool is_admitted (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct outcome *outcome)
{
    if (table[request->verb].always || request->times > 0)
        return true; /* of a check of a batch: it was admitted with the batch */
    size_t count = request->verb == VERB_BATCH ? request->as.batch.count : 1;
    if (admission_judge (turn, caller, count, &outcome->reply))
        return true;
    outcome->counted = true;
    outcome->result = "over-limit";
    return false;
}

/* C13: false, with the answer, where the registry is not as far as was asked. */
static bool is_reached (const struct turn *turn, const struct request *request, struct outcome *outcome)
{
    if (request->at_least_revision == 0)
        return true;
    if (memcmp (request->at_least_epoch, turn->state.epoch, sizeof turn->state.epoch) != 0)
        outcome_invalid (outcome, "at_least_epoch",
                         "the registry is in another epoch: what was known of it is stale");
    else if (request->at_least_revision > turn->state.revision)
        outcome_status (outcome, STATUS_RETRY, "the asked revision is not reached");
    else
        return true;
    return false;
}

/* C14: false, with the answer, where nobody knows what the time is. A recorded answer is not given again either,
   since it may be past its time. */
static bool is_timely (const struct turn *turn, const struct request *request, struct outcome *outcome)
{
    if (!turn->state.clock_stopped || !table[request->verb].decides)
        return true;
    outcome_status (outcome, STATUS_UNAVAILABLE, "the clock jumped: an operator must confirm it");
    return false;
}

/* A1: false, with the answer, where the page is of another listing than its ticket says. */
static bool is_in_listing (const struct turn *turn, const struct caller *caller, const struct request *request,
                           struct outcome *outcome)
{
    uint64_t line = 0;
    enum listing listing = listing_of (turn, caller, request, &line);
    if (listing == LISTING_GOES_ON)
        outcome->continues = line;
    if (listing == LISTING_FOREIGN)
        outcome_invalid (outcome, "listing", "this is not `listing` of the page before");
    return listing != LISTING_FOREIGN;
}

void dispatch_fill_common (const struct turn *turn, struct reply *reply)
{
    memcpy (reply->epoch, turn->state.epoch, sizeof reply->epoch);
    reply->revision = turn->state.revision;
    reply->time = turn->now;
}

/* The request's bytes without the BSN: what the log keeps says who by pseudonym. */
static struct bytes blank_bsn (struct arena *arena, struct bytes message, const char *bsn)
{
    char *copy = arena_memdup (arena, message.data, message.size);
    size_t skip = bsn[0] == '0' ? 1 : 0; /* it may have been sent with eight digits */
    size_t size = strlen (bsn + skip);
    char *found = copy;
    while (size > 0 && (found = memmem (found, message.size - (size_t)(found - copy), bsn + skip, size)) != NULL)
        memset (found, '*', size);
    return (struct bytes){copy, message.size};
}

/* G11: its answer is kept, and given again: not of what is only asked or tried. */
static bool is_kept (const struct request *request)
{
    if (request->verb == VERB_CHECK)
        return request->as.check.mode == MODE_DISCLOSE;
    if (request->verb == VERB_SUBJECT_SET && request->as.subject_set.advise)
        return false;
    return table[request->verb].replayed && !(request->verb == VERB_PARTY_APPLY && request->as.parties.is_trial);
}

/* A1: the line of this request. What a statement says about a subject who has no key of his own is not kept. */
static int log_request (struct turn *turn, const struct caller *caller, const struct request *request,
                        const struct outcome *outcome, struct bytes answer)
{
    const struct verb_entry *entry = &table[request->verb];
    bool sealed = outcome->has_file && outcome->file.known;
    bool keep = request->verb != VERB_NONE && (sealed || request->verb == VERB_CHECK || request->bsn[0] == 0);
    struct evidence evidence = {
        .user = request->verb != VERB_NONE ? request->user : "",
        .note = outcome->note,
        .all_reasons = outcome->all_reasons,
        .reason_count = outcome->reason_count,
        .rested_on = outcome->rested_on,
        .rested_count = outcome->rested_count,
        .policy_hash = request->verb == VERB_CHECK ? turn->policy->hash : NULL,
    };
    if (keep && entry->keep != KEEP_NOTHING && request->message.size <= KEPT_LIMIT)
        evidence.request = blank_bsn (turn->arena, request->message, request->bsn);
    if (entry->keep == KEEP_BOTH)
        evidence.reply = answer;
    struct audit_head head = {
        .time = turn->now,
        .party = caller->party->text.id,
        .action = request->verb == VERB_NONE       ? "unreadable"
                  : outcome->reply.retry_after > 0 ? "request"
                                                   : entry->name,
        .result = outcome->result != NULL ? outcome->result : status_names[outcome->reply.status],
        .origin = (enum audit_origin)caller->channel,
        .has_object = outcome->has_file,
        .subject_key = sealed,
    };
    if (outcome->has_file)
        memcpy (head.object, outcome->file.id, sizeof head.object);
    if (outcome->is_replayable) {
        head.is_replayable = true;
        memcpy (head.idempotency_key, outcome->idempotency.key, sizeof head.idempotency_key);
        memcpy (head.request, outcome->idempotency.body, sizeof head.request);
    }
    return outcome->counted ? counted_add (turn, &head) : counted_log (turn, &head, &outcome->file.key, &evidence);
}

/* The same, and where its answer is to be found for its key (G11): what was only counted has no line to hold it.
 */
static int log_and_file (struct turn *turn, const struct caller *caller, const struct request *request,
                         const struct outcome *outcome, struct bytes answer)
{
    uint64_t last = turn->state.audit_number;
    int rc = log_request (turn, caller, request, outcome, answer);
    if (rc == 0 && outcome->is_replayable && turn->state.audit_number > last)
        idempotency_put (turn, &outcome->idempotency);
    return rc;
}

/* The withdrawal takes something of what the answer rested on: of a check, of its items. */
static bool concerns (const struct withdrawal *withdrawal, const struct request *request)
{
    const struct check_request *check = &request->as.check;
    if (request->verb != VERB_CHECK)
        return true;
    if ((withdrawal->providers.count > 0 && !text_set_has (&withdrawal->providers, check->provider)) ||
        (withdrawal->recipients.count > 0 && !text_set_has (&withdrawal->recipients, check->recipient)))
        return false;
    for (size_t i = 0; i < check->item_count; i++)
        if (withdrawal->categories.count == 0 || text_set_has (&withdrawal->categories, check->items[i].category))
            return true;
    return false;
}

/* After line `head`, whose answer is given again. Of what others lost no answer tells (V2). */
static bool is_withdrawn_since (const struct statement *statement, const struct request *request,
                                const struct audit_head *head)
{
    for (size_t i = 0; i < statement->withdrawal_count; i++)
        if (!history_was_withdrawn (&statement->withdrawals[i], head->number, head->time) &&
            concerns (&statement->withdrawals[i], request))
            return true;
    return false;
}

/* M5: it has lapsed by what was recorded of the subject since: it would not have, as he was known at that line. A
   birthday that has come since is no such thing. */
static int find_lapsed_since (struct turn *turn, const struct subject_file *file, size_t index, uint64_t number,
                              bool *since)
{
    const struct statement *statement = &file->statements[index];
    struct subject then;
    if (statement->refusal || statement->lapses_at > turn->now)
        return 0;
    int rc = history_subject_at (turn, file, number, &then);
    if (rc == 0)
        *since = represent_lapses_at (turn->policy, &then, statement) > turn->now;
    return rc;
}

/* Whether anything that the answer rested on was withdrawn since, or was ended by a correction. */
static int revoked_since (struct turn *turn, const struct request *request, const struct audit_head *head,
                          const struct evidence *evidence, bool *since)
{
    *since = false;
    for (size_t i = 0; i < evidence->rested_count && !*since; i++) {
        struct subject_file file;
        size_t index;
        int rc = subject_file_open_by_consent (turn, evidence->rested_on[i].bytes, &file, &index);
        if (rc == 0)
            *since = is_withdrawn_since (&file.statements[index], request, head);
        if (rc == 0 && !*since)
            rc = find_lapsed_since (turn, &file, index, head->number, since);
        else if (rc == SUBJECT_FILE_NOT_FOUND)
            *since = true;
        subject_file_close (&file);
        if (rc != 0 && rc != SUBJECT_FILE_NOT_FOUND)
            return rc;
    }
    return 0;
}

/* What is never put off must not fill the log: where nothing changes by it, it has no line of its own any more. */
static bool counts_together (struct turn *turn, const struct caller *caller, const struct request *request)
{
    return table[request->verb].always && admission_log_is_spent (turn, caller->party->text.id, caller->channel);
}

/* G11: the recorded answer, and a line that says it was given again. */
static int answer_again (struct turn *turn, const struct caller *caller, const struct request *request,
                         uint64_t number, struct bytes *answer)
{
    struct audit_record record;
    struct evidence evidence;
    bool since;
    int rc = audit_read (turn, number, &record);
    if (rc == 0)
        rc = audit_open (turn, &record, &evidence);
    if (rc == 0)
        rc = revoked_since (turn, request, &record.head, &evidence, &since);
    if (rc == 0)
        rc = codec_mark_replayed (evidence.reply.data, evidence.reply.size, since, turn->arena, answer);
    if (rc != 0)
        return rc < 0 ? rc : RECORD_DAMAGED; /* it was found by this line, and recorded as it was sent */
    struct audit_head head = record.head;
    head.time = turn->now;
    head.result = "replayed";
    head.origin = (enum audit_origin)caller->channel;
    head.subject_key = head.is_replayable = false;
    struct evidence again = {.user = request->user,
                             .note = arena_printf (turn->arena, "line %llu", (unsigned long long)number)};
    if (counts_together (turn, caller, request))
        return counted_add (turn, &head);
    return counted_log (turn, &head, NULL, &again);
}

/* The request is read and may be made: answers it again, or has its verb judge it. */
static int answer_or_judge (struct turn *turn, const struct caller *caller, const struct request *request,
                            struct outcome *outcome, struct bytes *answer)
{
    const struct verb_entry *entry = &table[request->verb];
    int rc = 0;
    if (is_kept (request)) {
        uint64_t number;
        outcome->idempotency =
            idempotency_of (turn, caller->party->text.id, request->idempotency_key, request->message);
        rc = idempotency_find (turn, &outcome->idempotency, &number);
        outcome->is_logged = rc == 0;
        if (rc == 0)
            return answer_again (turn, caller, request, number, answer);
        if (rc == IDEMPOTENCY_CONFLICT)
            outcome_status (outcome, STATUS_CONFLICT, "this idempotency key was used with another body");
        else if (rc != IDEMPOTENCY_UNUSED)
            return rc;
    }
    if (rc != IDEMPOTENCY_CONFLICT)
        rc = entry->handle (turn, caller, request, outcome);
    if (rc != 0 && rc != IDEMPOTENCY_CONFLICT)
        return rc;
    if (outcome->reply.status == STATUS_CONFLICT)
        outcome->reply.field = "idempotency_key";
    dispatch_fill_common (turn, &outcome->reply);
    outcome->reply.listing = listing_ticket (turn, caller, request, &outcome->reply, outcome->continues);
    codec_write_reply (&outcome->reply, turn->arena, answer);
    outcome->is_replayable = is_kept (request) && outcome->reply.status == STATUS_OK;
    return 0;
}

/* The same, and whether that has a line of its own (A1). */
static int judge (struct turn *turn, const struct caller *caller, const struct request *request,
                  struct outcome *outcome, struct bytes *answer)
{
    uint64_t before = store_writes (turn->txn);
    int rc = answer_or_judge (turn, caller, request, outcome, answer);
    bool changed = store_writes (turn->txn) > before;
    outcome->counted = request->verb == VERB_WHOAMI || (!changed && counts_together (turn, caller, request));
    return rc;
}

/* The line of a check says how often it was asked where it stood in one batch more than once (L6). */
static const char *note_times (struct turn *turn, const char *note, const struct request *request)
{
    if (request->times <= 1)
        return note;
    return arena_printf (turn->arena, "%s%sasked %u times in one batch", note != NULL ? note : "",
                         note != NULL ? ", " : "", request->times);
}

/* L6. Who records something of a subject who was not known has met that subject, and looks for nobody. */
static void note_asked (struct turn *turn, const struct caller *caller, enum verb verb,
                        const struct outcome *outcome)
{
    bool asks = verb == VERB_CHECK || verb == VERB_ASK;
    if (turn->askers == NULL || !outcome->has_file || caller->channel == CHANNEL_OPERATORS)
        return;
    const struct config_limits own = admission_limits (turn->config, caller->party);
    const struct askers_limits limits = {{own.subjects_per_hour, own.unknown_per_hour}};
    askers_note (turn->askers, caller->party->text.id, &limits, outcome->file.id,
                 !outcome->file.known || (outcome->file.opened && asks));
}

/* What was read, or what is wrong with it (C2). */
static void begin (int rc, const struct codec_fault *fault, struct request *request, struct outcome *outcome)
{
    outcome->reply.status = STATUS_OK;
    outcome->reply.has_key = rc == 0 || fault->has_key;
    memcpy (outcome->reply.idempotency_key, rc == 0 ? request->idempotency_key : fault->idempotency_key, 16);
    if (rc == 0)
        return;
    request->verb = VERB_NONE;
    outcome->counted = true;
    outcome_invalid (outcome, fault->field, fault->message);
}

/* True where the verb, or what it answered before, is to be asked; else the outcome says why not. */
static bool is_to_be_judged (struct turn *turn, const struct caller *caller, const struct request *request,
                             struct outcome *outcome)
{
    if (request->verb == VERB_NONE)
        return false;
    if (!may (caller, &table[request->verb])) {
        outcome->counted = true;
        outcome_status (outcome, STATUS_FORBIDDEN, "this party's role does not allow this here");
        return false;
    }
    if (!share_begin (turn, caller, request->verb)) {
        outcome->counted = true; /* not a line a request: the little room that is left is not for those (L5) */
        share_refuse (turn, outcome, "the store is full: only withdrawals are still recorded");
        return false;
    }
    return is_admitted (turn, caller, request, outcome) && is_reached (turn, request, outcome) &&
           is_timely (turn, request, outcome) && is_in_listing (turn, caller, request, outcome);
}

/* One request that was read, or what is wrong with it. */
static int dispatch_one (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct outcome *outcome, struct bytes *answer)
{
    int rc = 0;
    turn->asked++;
    if (is_to_be_judged (turn, caller, request, outcome)) {
        if (request->verb == VERB_BATCH)
            return DISPATCH_BATCH;
        rc = judge (turn, caller, request, outcome, answer);
    } else {
        dispatch_fill_common (turn, &outcome->reply);
        codec_write_reply (&outcome->reply, turn->arena, answer);
    }
    outcome->note = note_times (turn, outcome->note, request);
    /* An answer given again has written its own line; a page has that of its listing. */
    bool is_told = outcome->continues != 0 && outcome->reply.status == STATUS_OK;
    if (rc == 0 && !outcome->is_logged && !is_told)
        rc = log_and_file (turn, caller, request, outcome, *answer);
    assert (rc != 0 || turn->promised_line == 0);
    note_asked (turn, caller, request->verb, outcome);
    subject_file_close (&outcome->file);
    subject_cache_sweep (turn->cache);
    return rc;
}

int dispatch (struct turn *turn, const struct caller *caller, struct bytes message, struct bytes *answer,
              const struct request **batch)
{
    struct request *request = arena_alloc (turn->arena, sizeof *request);
    struct outcome *outcome = arena_alloc (turn->arena, sizeof *outcome);
    struct codec_fault fault;
    begin (codec_read_request (message.data, message.size, turn->arena, request, &fault), &fault, request,
           outcome);
    *batch = request;
    return dispatch_one (turn, caller, request, outcome, answer);
}

/* C12: a record that cannot be read leaves the one check in doubt that asked for it. The line names the subject by
   pseudonym, so that it can be found. */
static int answer_damaged (struct turn *turn, const struct caller *caller, const struct request *request,
                           struct bytes *answer)
{
    dispatch_unavailable (turn, request->message, "a record cannot be read; nothing was done", answer);
    struct evidence evidence = {.user = request->user, .note = "a record cannot be read"};
    struct audit_head head = {
        .time = turn->now,
        .party = caller->party->text.id,
        .action = table[VERB_CHECK].name,
        .result = status_names[STATUS_UNAVAILABLE],
        .origin = (enum audit_origin)caller->channel,
        .has_object = true,
    };
    vault_subject_id (turn->vault, request->bsn, head.object);
    return audit_append (turn, &head, NULL, &evidence);
}

/* One that fails where nothing was written for it harms no other of its batch. */
int dispatch_check (struct turn *turn, const struct caller *caller, struct dispatch_check *check,
                    struct bytes *answer)
{
    struct request *request = arena_alloc (turn->arena, sizeof *request);
    struct outcome *outcome = arena_alloc (turn->arena, sizeof *outcome);
    struct codec_fault fault;
    struct registry_state before = turn->state;
    uint64_t writes = store_writes (turn->txn);
    begin (codec_read_check (&check->place, turn->arena, request, &fault), &fault, request, outcome);
    request->times = check->times;
    int rc = dispatch_one (turn, caller, request, outcome, answer);
    if (rc == RECORD_DAMAGED && store_writes (turn->txn) == writes) {
        turn->state = before;
        turn->promised_line = 0;
        rc = answer_damaged (turn, caller, request, answer);
    }
    check->has_subject = outcome->has_file;
    memcpy (check->subject, outcome->file.id, sizeof check->subject);
    return rc;
}

/* An answer to a request that no verb sees: with its key, so that the peer knows to which. */
static void answer_unjudged (struct turn *turn, struct bytes message, struct outcome *outcome,
                             struct bytes *answer)
{
    struct codec_peek peek = codec_peek (message);
    outcome->reply.has_key = peek.has_key;
    memcpy (outcome->reply.idempotency_key, peek.key, sizeof peek.key);
    codec_write_reply (&outcome->reply, turn->arena, answer);
}

void dispatch_unavailable (struct turn *turn, struct bytes message, const char *why, struct bytes *answer)
{
    struct outcome outcome = {0};
    outcome_status (&outcome, STATUS_UNAVAILABLE, why);
    dispatch_fill_common (turn, &outcome.reply);
    answer_unjudged (turn, message, &outcome, answer);
}

void dispatch_stranger (struct turn *turn, struct bytes message, struct bytes *answer)
{
    struct outcome outcome = {0};
    outcome_status (&outcome, STATUS_FORBIDDEN, "this key is not, or no longer, a party's");
    answer_unjudged (turn, message, &outcome, answer);
}

void dispatch_own_route (struct turn *turn, struct bytes message, struct bytes *answer)
{
    struct outcome outcome = {0};
    outcome_invalid (&outcome, "routing_id", "the registry gives connections their routing ids: choose none");
    answer_unjudged (turn, message, &outcome, answer);
}
