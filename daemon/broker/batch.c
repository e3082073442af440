#include "batch.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "codec/codec_batch.h"
#include "meters.h"
#include "registry/changes.h"
#include "registry/idempotency.h"
#include "unconst.h"

/* One check of the batch. */
struct part {
    uint64_t hash;  /* of its bytes */
    size_t same_as; /* the first check that is equal to it; its own index if none is */
    struct dispatch_check check;
    bool decided, kept;
    uint64_t changes;    /* how many changes there were when it was decided */
    struct bytes answer; /* as it stands in the answer to the batch; size 0: none yet. Owned */
    struct bytes reply;  /* to this check alone, if equal checks need answers of their own; size 0. Owned */
};

/* What lives longer than a turn: about 200 bytes a check, the message, and the answer of each that is decided. */
struct batch {
    struct request request; /* the bytes of its checks are in the message; `common` has what they share */
    void *common;
    size_t count;
    struct part parts[];
};

static uint64_t hash_of (struct bytes bytes)
{
    uint64_t hash = UINT64_C (0xcbf29ce484222325);
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ ((const uint8_t *)bytes.data)[i]) * UINT64_C (0x100000001b3);
    return hash;
}

static bool is_equal (struct bytes one, struct bytes other)
{
    return one.size == other.size && memcmp (one.data, other.data, one.size) == 0;
}

static void find_equals (struct batch *self)
{
    const struct batched_check *checks = self->request.as.batch.checks;
    for (size_t i = 0; i < self->count; i++) {
        struct part *part = &self->parts[i];
        part->hash = hash_of (checks[i].bytes);
        part->same_as = i;
        part->check.times = 1;
        bool is_joined = checks[i].asks_advice && !self->request.as.batch.all_or_nothing;
        size_t earlier = is_joined ? i : 0; /* only advice can be equal to an earlier check */
        for (size_t j = 0; j < earlier && part->same_as == i; j++)
            if (self->parts[j].same_as == j && self->parts[j].hash == part->hash &&
                is_equal (checks[j].bytes, checks[i].bytes))
                part->same_as = j;
        if (part->same_as != i)
            self->parts[part->same_as].check.times++;
    }
}

static void *copy_of (const void *data, size_t size)
{
    void *copy = malloc (size > 0 ? size : 1);
    if (copy == NULL)
        abort ();
    return size > 0 ? memcpy (copy, data, size) : copy;
}

/* What dispatch () lent is gone after the turn. So this keeps what each check is read from. */
struct batch *batch_new (const struct request *request)
{
    const struct batch_request *batch = &request->as.batch;
    struct batch *self = calloc (1, sizeof *self + batch->count * sizeof *self->parts);
    if (self == NULL)
        abort ();
    self->count = batch->count;
    self->common = copy_of (batch->common.data, batch->common.size);
    self->request = (struct request){.message = request->message,
                                     .verb = VERB_BATCH,
                                     .at_least_revision = request->at_least_revision,
                                     .user = ""};
    memcpy (self->request.idempotency_key, request->idempotency_key, sizeof request->idempotency_key);
    memcpy (self->request.at_least_epoch, request->at_least_epoch, sizeof request->at_least_epoch);
    self->request.as.batch = (struct batch_request){
        .checks = copy_of (batch->checks, batch->count * sizeof *batch->checks),
        .count = batch->count,
        .all_or_nothing = batch->all_or_nothing,
        .common = {self->common, batch->common.size},
    };
    find_equals (self);
    return self;
}

static void forget (struct part *part)
{
    free (unconst (part->answer.data));
    free (unconst (part->reply.data));
    part->answer = part->reply = (struct bytes){NULL, 0};
    part->decided = part->kept = false;
}

void batch_destroy (struct batch **self_p)
{
    struct batch *self = *self_p;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++)
        forget (&self->parts[i]);
    free (self->request.as.batch.checks);
    free (self->common);
    free (self);
    *self_p = NULL;
}

void batch_keep (struct batch *self)
{
    for (size_t i = 0; i < self->count; i++)
        self->parts[i].kept = self->parts[i].decided;
}

void batch_undo (struct batch *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (!self->parts[i].kept)
            forget (&self->parts[i]);
}

/* C13: forgets the decisions about subjects whose file has changed since. */
static void doubt (struct batch *self, const struct turn *turn)
{
    for (size_t i = 0; i < self->count; i++) {
        struct part *part = &self->parts[i];
        if (part->decided && part->check.has_subject &&
            changes_since (turn->changes, part->check.subject, part->changes))
            forget (part);
    }
}

/* Packs the answer at once: at the end of a batch of 256 it would take the turn another two milliseconds. */
static void keep_answer (struct part *part, struct bytes reply, struct arena *arena)
{
    struct bytes answer;
    bool names_field = codec_batch_answer (&part->check.place, reply, arena, &answer);
    part->answer = (struct bytes){copy_of (answer.data, answer.size), answer.size};
    if (names_field && part->check.times > 1)
        part->reply = (struct bytes){copy_of (reply.data, reply.size), reply.size};
}

/* G11: each check has its place in the batch, and a key of its own. */
static void place_part (struct batch *self, const struct turn *turn, size_t index)
{
    struct codec_place *place = &self->parts[index].check.place;
    *place = (struct codec_place){.batch = &self->request, .index = index};
    idempotency_part_key (turn, self->request.idempotency_key, index, place->key);
}

/* Decides one check, and gives back the memory of the arena for the next. */
static int decide_part (struct batch *self, struct turn *turn, const struct caller *caller, size_t index)
{
    struct part *part = &self->parts[index];
    struct arena_mark mark = arena_mark (turn->arena);
    struct bytes answer;
    place_part (self, turn, index);
    part->changes = changes_count (turn->changes);
    int rc = dispatch_check (turn, caller, &part->check, &answer);
    if (rc == 0) {
        keep_answer (part, answer, turn->arena);
        part->decided = true;
        arena_release (turn->arena, mark);
    }
    return rc;
}

/* The answer to this check. An equal check has the same, unless it names a field, by its place in the batch. */
static struct bytes answer_of (const struct batch *self, size_t index, struct arena *arena)
{
    const struct part *first = &self->parts[self->parts[index].same_as];
    struct codec_place place = {.batch = &self->request, .index = index};
    struct bytes answer = first->answer;
    if (first != &self->parts[index] && first->reply.size > 0)
        codec_batch_answer (&place, first->reply, arena, &answer);
    return answer;
}

/* Tries all checks, each as it would be behind those before it, and says by that what becomes of them. */
static int try_together (struct batch *self, struct turn *turn, const struct caller *caller,
                         struct together *together)
{
    int rc = 0;
    together->phase = TOGETHER_TRY;
    for (size_t i = 0; i < self->count && rc == 0; i++) {
        struct arena_mark mark = arena_mark (turn->arena);
        place_part (self, turn, i);
        rc = dispatch_try_check (turn, caller, &self->parts[i].check);
        arena_release (turn->arena, mark);
    }
    together->phase = together->permitted == self->count ? TOGETHER_ALL : TOGETHER_NONE;
    together->permitted = 0;
    return rc;
}

/* C11: all in this turn. That a check is not permitted though it was when it was tried must not be: then the turn
   fails, and nothing has happened. */
static int decide_together (struct batch *self, struct turn *turn, const struct caller *caller)
{
    struct together together = {.count = self->count,
                                .used = arena_array (turn->arena, TOGETHER_ITEMS, sizeof *together.used)};
    vault_fingerprint (turn->vault, "batch-together", self->request.message, (struct bytes){NULL, 0},
                       together.message);
    for (size_t i = 0; i < self->count; i++)
        self->parts[i].check.together = &together;
    int rc = try_together (self, turn, caller, &together);
    for (size_t i = 0; i < self->count && rc == 0; i++)
        rc = decide_part (self, turn, caller, i);
    bool is_broken = together.phase == TOGETHER_ALL && together.permitted < self->count;
    for (size_t i = 0; i < self->count; i++)
        self->parts[i].check.together = NULL;
    return rc == 0 && is_broken ? -ENOTRECOVERABLE : rc;
}

static void write_answer (const struct batch *self, struct turn *turn, struct bytes *answer)
{
    struct bytes *answers = arena_array (turn->arena, self->count, sizeof *answers);
    for (size_t i = 0; i < self->count; i++)
        answers[i] = answer_of (self, i, turn->arena);
    struct reply reply = {.status = STATUS_OK, .has_key = true, .body = REPLY_BATCH};
    reply.as.batch = (struct batch_reply){answers, self->count};
    memcpy (reply.idempotency_key, self->request.idempotency_key, sizeof reply.idempotency_key);
    dispatch_fill_common (turn, &reply);
    codec_write_reply (&reply, turn->arena, answer);
}

int batch_step (struct batch *self, struct turn *turn, const struct caller *caller, uint64_t allowance,
                struct bytes *answer)
{
    uint64_t before = turn_cost (turn);
    bool stepped = false;
    int rc = 0;
    doubt (self, turn);
    if (self->request.as.batch.all_or_nothing)
        rc = decide_together (self, turn, caller);
    for (size_t i = 0; i < self->count && rc == 0; i++) {
        if (self->parts[i].same_as != i || self->parts[i].decided)
            continue;
        if (stepped && turn_cost (turn) - before >= allowance)
            return BATCH_MORE;
        rc = decide_part (self, turn, caller, i);
        stepped = true;
    }
    if (rc == 0) {
        write_answer (self, turn, answer);
        meters_note (turn->meters, VERB_BATCH, "ok");
    }
    return rc;
}
