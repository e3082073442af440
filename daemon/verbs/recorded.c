/* What stands for a key (G11): the answers that a replay would give, for whoever does not know whether it asked.
 */
#include <string.h>
#include "audit/since.h"
#include "codec/codec_batch.h"
#include "registry/answered.h"
#include "verbs.h"

enum { KEY_WORK = 100 }; /* to make the key of one check of a batch, and to look for it */

/* What was found so far. */
struct found {
    struct bytes *answers;
    size_t count;                  /* of the answers: up to the last one that is recorded */
    uint64_t first, last;          /* lines of the log */
    uint8_t object[VAULT_ID_SIZE]; /* the subject of the last one */
    bool is_other;                 /* the key was used for something that is no check */
};

/* Looks for the answer under this key, and puts it in its place. Of what is not used, or was erased, there is
   none. 0 or a failure. */
static int find_answer (struct turn *turn, const char *party, const uint8_t key[16], size_t index,
                        struct found *found)
{
    struct answered answered;
    uint64_t number;
    int rc = idempotency_find_key (turn, party, key, &number);
    if (rc == 0)
        rc = answered_open (turn, number, &answered);
    if (rc == IDEMPOTENCY_UNUSED || rc == IDEMPOTENCY_ERASED)
        return 0;
    if (rc != 0)
        return rc;
    found->is_other = strcmp (answered.head.action, "check") != 0;
    found->answers[index] = codec_recorded_answer (answered.reply, turn->arena);
    if (found->answers[index].size == 0)
        return RECORD_DAMAGED;
    found->first = found->count > 0 ? found->first : number;
    found->last = number;
    found->count = index + 1;
    memcpy (found->object, answered.head.object, sizeof found->object);
    return 0;
}

/* A key of which nothing is recorded may be that of a batch, whose checks have keys of their own. */
static int find_all (struct turn *turn, const char *party, const uint8_t key[16], struct found *found)
{
    uint8_t part[16];
    int rc = find_answer (turn, party, key, 0, found);
    if (rc != 0 || found->count > 0)
        return rc;
    turn->work += (uint64_t)KEY_WORK * TOGETHER_CHECKS;
    for (size_t i = 0; i < TOGETHER_CHECKS && rc == 0; i++) {
        idempotency_part_key (turn, key, i, part);
        rc = find_answer (turn, party, part, i, found);
    }
    for (size_t i = 0; i < found->count; i++)
        if (found->answers[i].size == 0)
            found->answers[i] = codec_recorded_answer ((struct bytes){NULL, 0}, turn->arena);
    return rc;
}

/* The epoch in which that was decided (C13). */
static int find_epoch (struct turn *turn, const struct found *found, struct id *decided_in)
{
    struct bytes epoch;
    int rc = since_find (turn, SINCE_EPOCH, found->first, &epoch);
    if (rc != 0 || epoch.size != sizeof decided_in->bytes)
        return rc < 0 ? rc : RECORD_DAMAGED;
    memcpy (decided_in->bytes, epoch.data, epoch.size);
    return 0;
}

static const char *note_lines (struct turn *turn, const struct found *found)
{
    unsigned long long first = found->first, last = found->last;
    return first == last ? arena_printf (turn->arena, "line %llu", first)
                         : arena_printf (turn->arena, "lines %llu to %llu", first, last);
}

int verb_recorded (struct turn *turn, const struct caller *caller, const struct request *request,
                   struct handling *handling)
{
    struct found found = {.answers = arena_array (turn->arena, TOGETHER_CHECKS, sizeof *found.answers)};
    int rc = find_all (turn, caller->party->text.id, request->as.recorded.key, &found);
    if (rc != 0)
        return rc;
    if (found.count == 0)
        return handling_status (handling, STATUS_NOT_FOUND, "nothing is recorded for this key");
    if (found.is_other)
        return handling_status (handling, STATUS_CONFLICT, "this key was used for something that is no check");
    rc = find_epoch (turn, &found, &handling->reply.as.recorded.epoch);
    /* The line of the log is about the one person; of several it names the lines that were read. */
    if (rc == 0 && found.count == 1)
        rc = subject_file_open_by_id (turn, found.object, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = found.count == 1;
    handling->note = note_lines (turn, &found);
    handling->reply.body = REPLY_RECORDED;
    handling->reply.as.recorded.answers = found.answers;
    handling->reply.as.recorded.count = found.count;
    return 0;
}
