#include "again.h"
#include <string.h>
#include "audit/counted.h"
#include "codec/codec.h"
#include "line.h"
#include "record/subject_key.h"
#include "registry/erasure.h"
#include "registry/history.h"
#include "registry/subject_file.h"
#include "rules/represent.h"
#include "audit/recorded.h"

/* The withdrawal takes something that the answer rested on. For a check: something of its items. */
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

/* Something was withdrawn after line `head`, whose answer is given again. V2: an answer tells nothing of what
   others lost. */
static bool is_withdrawn_since (const struct statement *statement, const struct request *request,
                                const struct audit_head *head)
{
    for (size_t i = 0; i < statement->withdrawal_count; i++)
        if (!history_was_withdrawn (&statement->withdrawals[i], head->number, head->time) &&
            concerns (&statement->withdrawals[i], request))
            return true;
    return false;
}

/* KB 14: it was recorded wrongly. */
static bool is_corrected_since (const struct statement *statement, const struct audit_head *head)
{
    return statement->is_corrected && statement->corrected_in > head->number;
}

/* M5: finds whether the consent has lapsed by what was recorded of the subject since that line. As the subject was
   known then, it would not have lapsed. A birthday that has come since does not count. */
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

/* Finds whether anything that the answer rested on was withdrawn since, or ended by a correction. */
static int revoked_since (struct turn *turn, const struct request *request, const struct audit_head *head,
                          const struct evidence *evidence, bool *since)
{
    *since = false;
    for (size_t i = 0; i < evidence->rested_count && !*since; i++) {
        struct subject_file file;
        size_t index;
        int rc = subject_file_open_by_consent (turn, evidence->rested_on[i].bytes, &file, &index);
        if (rc == 0)
            *since = is_withdrawn_since (&file.statements[index], request, head) ||
                     is_corrected_since (&file.statements[index], head);
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

/* R7: the line goes with its subject, who is being erased, or was since. One that a statute requires to be kept is
   no answer any more. 0, RECORD_DAMAGED or a failure. */
static int find_erased (struct turn *turn, const struct audit_head *head, bool *erased)
{
    struct generation generation;
    *erased = false;
    if (!head->subject_key)
        return 0;
    int rc = turn->state.erasing ? erasure_find_marked (turn, head->object, erased) : 0;
    if (rc == 0 && !*erased) {
        rc = subject_read_generation (turn, head->object, &generation);
        *erased = rc == 0 && head->number < generation.since;
    }
    return rc;
}

/* The line that says so, under the key of the line that is answered again. */
static int write_line (struct turn *turn, const struct caller *caller, const struct request *request,
                       const struct audit_head *recorded)
{
    struct vault_key key = {{0}};
    struct audit_head head = *recorded;
    head.time = turn->now;
    head.result = "replayed";
    head.origin = (enum audit_origin)caller->channel;
    head.is_replayable = head.has_key = false;
    struct evidence again = {
        .user = request->user,
        .note = arena_printf (turn->arena, "line %llu", (unsigned long long)recorded->number),
    };
    if (line_counts_together (turn, caller, request))
        return counted_add (turn, &head);
    int rc = head.subject_key ? subject_key_read_any (turn, head.object, &key) : 0;
    if (rc == 0)
        rc = counted_log (turn, &head, &key, &again);
    vault_key_wipe (&key);
    return rc;
}

/* G11: gives the recorded answer, and writes a line that says so. */
int again_answer (struct turn *turn, const struct caller *caller, const struct request *request, uint64_t number,
                  struct bytes *answer)
{
    struct audit_record record;
    struct evidence evidence;
    bool since, erased = false;
    int rc = audit_find (turn, number, &record);
    if (rc == 0)
        rc = find_erased (turn, &record.head, &erased);
    if (rc == 0)
        rc = recorded_open (turn, &record, &evidence);
    if (rc == AUDIT_NOT_FOUND || (rc == 0 && erased))
        return IDEMPOTENCY_ERASED;
    if (rc == 0)
        rc = revoked_since (turn, request, &record.head, &evidence, &since);
    if (rc == 0)
        rc = codec_mark_replayed (evidence.reply.data, evidence.reply.size, since, turn->arena, answer);
    if (rc != 0)
        return rc < 0 ? rc : RECORD_DAMAGED; /* the index found it, and it was recorded as it was sent */
    return write_line (turn, caller, request, &record.head);
}
