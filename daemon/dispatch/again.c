#include "again.h"
#include "audit/counted.h"
#include "line.h"
#include "record/subject_key.h"
#include "registry/answered.h"

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
    struct answered answered;
    int rc = answered_open (turn, number, &answered);
    if (rc != 0)
        return rc;
    *answer = answered.reply;
    return write_line (turn, caller, request, &answered.head);
}
