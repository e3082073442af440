#include "answered.h"
#include <string.h>
#include "audit/recorded.h"
#include "codec/codec.h"
#include "codec/codec_recorded.h"
#include "erasure.h"
#include "history.h"
#include "record/subject_key.h"
#include "rules/represent.h"
#include "subject_file.h"

/* The withdrawal takes something that the answer rested on. Of a check: something of its items. `check` NULL: it
   is none, or what was asked is not kept. */
static bool concerns (const struct withdrawal *withdrawal, const struct check_request *check)
{
    if (check == NULL)
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
static bool is_withdrawn_since (const struct statement *statement, const struct check_request *check,
                                const struct audit_head *head)
{
    for (size_t i = 0; i < statement->withdrawal_count; i++)
        if (!history_was_withdrawn (&statement->withdrawals[i], head->number, head->time) &&
            concerns (&statement->withdrawals[i], check))
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

/* What was asked, if it was a check. */
static const struct check_request *check_of (struct turn *turn, const struct evidence *evidence)
{
    struct shown_decision shown;
    int rc =
        codec_read_recorded (&(struct recorded_check){evidence->request, evidence->reply}, turn->arena, &shown);
    return rc == 0 ? &shown.asked->as.check : NULL;
}

/* Finds whether anything that the answer rested on was withdrawn since, or ended by a correction. */
static int revoked_since (struct turn *turn, const struct audit_head *head, const struct evidence *evidence,
                          bool *since)
{
    const struct check_request *check = evidence->rested_count > 0 ? check_of (turn, evidence) : NULL;
    *since = false;
    for (size_t i = 0; i < evidence->rested_count && !*since; i++) {
        struct subject_file file;
        size_t index;
        int rc = subject_file_open_by_consent (turn, evidence->rested_on[i].bytes, &file, &index);
        if (rc == 0)
            *since = is_withdrawn_since (&file.statements[index], check, head) ||
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

int answered_open (struct turn *turn, uint64_t number, struct answered *answered)
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
        rc = revoked_since (turn, &record.head, &evidence, &since);
    if (rc == 0)
        rc = codec_mark_replayed (evidence.reply.data, evidence.reply.size, since, turn->arena, &answered->reply);
    answered->head = record.head;
    return rc <= 0 ? rc : RECORD_DAMAGED; /* the index found it, and it was recorded as it was sent */
}
