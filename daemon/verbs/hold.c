/* Legal holds: set, lifted and shown (R7, T2). While one stands nothing of the subject is erased or destroyed;
   registry/erasure.h refuses it. Nothing else changes by a hold, and no party is told of it. */
#include <string.h>
#include "verbs.h"

enum { HOLDS = 8 }; /* that stand at once; with their reasons they can all be shown */

/* The place of the hold with this reference; the count of all if none has it. */
static size_t find_hold (const struct subject *subject, const char *reference)
{
    size_t at = 0;
    while (at < subject->hold_count && strcmp (subject->holds[at].reference, reference) != 0)
        at++;
    return at;
}

static int open_subject (struct turn *turn, const struct request *request, struct handling *handling)
{
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    handling->has_file = rc == 0;
    return rc;
}

static void tell (struct turn *turn, const struct caller *caller, bool already, struct handling *handling)
{
    handling->reply.body = REPLY_HOLD;
    handling->reply.as.hold.already = already;
    handling->reply.as.hold.subject = &handling->file.subject;
    vault_subject_ref (turn->vault, handling->file.id, caller->party->text.id,
                       handling->reply.as.hold.subject_ref.bytes);
}

/* Records these holds in place of those of before, and answers. */
static int record (struct turn *turn, const struct caller *caller, struct hold *holds, size_t count,
                   struct handling *handling)
{
    struct subject subject = handling->file.subject;
    subject.holds = holds;
    subject.hold_count = count;
    turn->state.revision++;
    int rc = subject_file_put_subject (turn, &handling->file, &subject);
    tell (turn, caller, false, handling);
    return rc;
}

int verb_hold_set (struct turn *turn, const struct caller *caller, const struct request *request,
                   struct handling *handling)
{
    int rc = open_subject (turn, request, handling);
    if (rc != 0)
        return rc;
    const struct subject *before = &handling->file.subject;
    size_t count = before->hold_count;
    if (find_hold (before, request->as.hold.reference) < count) {
        tell (turn, caller, true, handling);
        return 0;
    }
    if (count >= HOLDS)
        return handling_invalid (handling, "hold_set.reference", "as many holds stand as may stand: 8");
    struct hold *holds = arena_array (turn->arena, count + 1, sizeof *holds);
    if (count > 0)
        memcpy (holds, before->holds, count * sizeof *holds);
    holds[count] = (struct hold){.reference = request->as.hold.reference,
                                 .since = turn->now,
                                 .reason = request->as.hold.reason,
                                 .recorded_by = caller->party->text.id,
                                 .user = request->user};
    return record (turn, caller, holds, count + 1, handling);
}

int verb_hold_lift (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    int rc = open_subject (turn, request, handling);
    if (rc != 0)
        return rc;
    const struct subject *before = &handling->file.subject;
    size_t at = find_hold (before, request->as.hold.reference);
    if (at == before->hold_count) {
        tell (turn, caller, true, handling);
        return 0;
    }
    struct hold *left = arena_array (turn->arena, before->hold_count, sizeof *left);
    size_t count = 0;
    for (size_t i = 0; i < before->hold_count; i++)
        if (i != at)
            left[count++] = before->holds[i];
    return record (turn, caller, left, count, handling);
}

int verb_hold_show (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    int rc = open_subject (turn, request, handling);
    if (rc == 0)
        tell (turn, caller, false, handling);
    return rc;
}
