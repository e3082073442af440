#include "line.h"
#include <string.h>
#include "audit/counted.h"
#include "audit/since.h"
#include "codec/codec_recorded.h"
#include "limits/admission.h"
#include "rules/policy.h"
#include "verb_table.h"

enum { KEPT_LIMIT = 16384 }; /* the most bytes of a request that the log keeps: no honest request is longer */

/* L6: if the check was in its batch more than once, its line says how often. And if all of its batch was to be
   disclosed or nothing, since that explains its answer. */
static const char *note_batch (struct turn *turn, const char *note, const struct request *request)
{
    if (request->together != NULL)
        return arena_printf (turn->arena, "one of %zu checks, all or nothing", request->together->count);
    if (request->times <= 1)
        return note;
    return arena_printf (turn->arena, "%s%sasked %u times in one batch", note != NULL ? note : "",
                         note != NULL ? ", " : "", request->times);
}

/* The name of each status in the log. */
static const char *const status_names[] = {
    [STATUS_OK] = "ok",           [STATUS_REJECTED] = "rejected",       [STATUS_FORBIDDEN] = "forbidden",
    [STATUS_INVALID] = "invalid", [STATUS_NOT_FOUND] = "not-found",     [STATUS_CONFLICT] = "conflict",
    [STATUS_RETRY] = "retry",     [STATUS_UNAVAILABLE] = "unavailable",
};

const char *line_result (const struct handling *handling)
{
    return handling->result != NULL ? handling->result : status_names[handling->reply.status];
}

/* The bytes of the request with the BSN blanked. In the log the pseudonym says who the subject is. */
static struct bytes blank_bsn (struct arena *arena, struct bytes message, const char *bsn)
{
    char *copy = arena_memdup (arena, message.data, message.size);
    size_t skip = bsn[0] == '0' ? 1 : 0; /* the BSN may have been sent with eight digits */
    size_t size = strlen (bsn + skip);
    char *found = copy;
    while (size > 0 && (found = memmem (found, message.size - (size_t)(found - copy), bsn + skip, size)) != NULL)
        memset (found, '*', size);
    return (struct bytes){copy, message.size};
}

bool line_counts_together (struct turn *turn, const struct caller *caller, const struct request *request)
{
    return verb_table[request->verb].protects &&
           admission_log_is_spent (turn, caller->party->text.id, caller->channel);
}

static struct bytes kept_request (struct turn *turn, const struct request *request,
                                  const struct handling *handling)
{
    const struct bytes nothing = {NULL, 0};
    bool is_about_person =
        !handling->is_about_many && (request->bsn[0] != 0 || verb_table[request->verb].names_by_id);
    if (verb_table[request->verb].keep == KEEP_NOTHING || request->message.size > KEPT_LIMIT)
        return nothing;
    if (handling->holds_bsn || (is_about_person && !handling->has_file))
        return nothing;
    return blank_bsn (turn->arena, request->message, request->bsn);
}

/* The request was answered by a decision, and is not too long to be kept. */
static bool is_decision (const struct request *request, const struct handling *handling)
{
    return verb_table[request->verb].keep == KEEP_DECISION && handling->reply.body == REPLY_CHECK &&
           request->message.size <= KEPT_LIMIT;
}

/* Of a decision the line keeps what its head and the request do not say (audit/recorded.h). */
static int keep_decision (struct turn *turn, const struct request *request, const struct handling *handling,
                          struct evidence *evidence)
{
    evidence->asked = blank_bsn (turn->arena, codec_keep_check (request->message, turn->arena), request->bsn);
    evidence->has_answer = true;
    evidence->answer = *handling->reply.as.check.answer;
    return since_note_policy (turn);
}

static void keep_all (struct turn *turn, const struct request *request, const struct handling *handling,
                      struct bytes answer, struct evidence *evidence)
{
    enum evidence_kept keep = verb_table[request->verb].keep;
    evidence->request = kept_request (turn, request, handling);
    if (keep >= KEEP_BOTH)
        evidence->reply = answer;
    if (keep == KEEP_DECISION)
        evidence->policy_hash = turn->policy->hash;
}

static struct audit_head head_of (const struct turn *turn, const struct caller *caller,
                                  const struct request *request, const struct handling *handling)
{
    struct audit_head head = {
        .time = turn->now,
        .party = caller->party->text.id,
        .action = handling->reply.retry_after > 0 ? "request" : verb_table[request->verb].name,
        .result = line_result (handling),
        .origin = (enum audit_origin)caller->channel,
        .has_object = handling->has_file,
        .subject_key = handling->has_file && !handling->outlives_subject,
    };
    if (handling->has_file)
        memcpy (head.object, handling->file.id, sizeof head.object);
    head.has_key = handling->is_replayable || is_decision (request, handling);
    memcpy (head.idempotency_key, request->idempotency_key, sizeof head.idempotency_key);
    head.is_replayable = handling->is_replayable;
    memcpy (head.request, handling->idempotency.body, sizeof head.request);
    return head;
}

/* A check that was refused before it was looked up whom it is about: its line is about that person all the same,
   and keeps what was asked. A person whose record cannot be read has no key for it. 0 or a failure. */
static int find_person (struct turn *turn, const struct request *request, struct handling *handling)
{
    if (handling->has_file || verb_table[request->verb].keep != KEEP_DECISION)
        return 0;
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    handling->has_file = rc == 0;
    return rc == RECORD_DAMAGED || rc == SUBJECT_FILE_ERASING ? 0 : rc;
}

int line_write (struct turn *turn, const struct caller *caller, const struct request *request,
                struct handling *handling, struct bytes answer)
{
    int rc = handling->counted ? 0 : find_person (turn, request, handling);
    if (rc != 0)
        return rc;
    const struct audit_head head = head_of (turn, caller, request, handling);
    if (handling->counted || !counted_has_room (turn))
        return counted_add (turn, &head);
    struct evidence evidence = {
        .user = handling->holds_bsn ? "" : request->user, /* it may be the one that holds it */
        .note = note_batch (turn, handling->note, request),
        .all_reasons = handling->all_reasons,
        .reason_count = handling->reason_count,
        .rested_on = handling->rested_on,
        .rested_count = handling->rested_count,
        .generation = handling->file.written ? handling->file.generation : 0,
    };
    if (handling->has_file)
        rc = subject_file_ensure_key (turn, &handling->file);
    if (rc != 0)
        return rc;
    if (is_decision (request, handling))
        rc = keep_decision (turn, request, handling, &evidence);
    else
        keep_all (turn, request, handling, answer, &evidence);
    if (rc == 0)
        rc = audit_append (turn, &head, &handling->file.key, &evidence);
    if (rc == 0 && handling->is_replayable)
        rc = idempotency_put (turn, &handling->idempotency);
    return rc;
}

int line_write_damaged (struct turn *turn, const struct caller *caller, const struct request *request)
{
    struct evidence evidence = {.user = request->user, .note = "a record cannot be read"};
    struct audit_head head = {
        .time = turn->now,
        .party = caller->party->text.id,
        .action = verb_table[request->verb].name,
        .result = status_names[STATUS_UNAVAILABLE],
        .origin = (enum audit_origin)caller->channel,
        .has_object = true,
    };
    vault_subject_id (turn->vault, request->bsn, head.object);
    return audit_append (turn, &head, NULL, &evidence);
}
