#include "consent_heard.h"
#include <string.h>
#include "audit/log.h"
#include "codec/codec.h"
#include "tellings.h"
#include "verbs.h"

enum { ENVELOPE = 1024 }; /* bytes: what the answer has besides the consent */

/* Those whom a withdrawal must have told, if its line cannot say whom it did. */
static struct tellings named_by (struct turn *turn, const struct scope *scope, const struct withdrawal *one)
{
    const struct text_set *sets[] = {one->providers.count > 0 ? &one->providers : &scope->providers,
                                     one->recipients.count > 0 ? &one->recipients : &scope->recipients};
    struct text_set names = {arena_array (turn->arena, sets[0]->count + sets[1]->count, sizeof (char *)), 0};
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sets[s]->count; i++)
            if (!text_set_has (&names, sets[s]->item[i]))
                names.item[names.count++] = sets[s]->item[i];
    return tellings_of (turn, one->recorded_at, &(struct evidence){.telling_count = 0}, &names);
}

/* Whom the withdrawal told. 0 or a failure. */
static int find_told (struct turn *turn, const struct scope *scope, const struct withdrawal *one,
                      struct tellings *told)
{
    struct audit_record record;
    struct evidence *evidence = arena_alloc (turn->arena, sizeof *evidence);
    struct recorded_change change;
    int rc = one->number > 0 ? audit_read (turn, one->number, &record) : AUDIT_NOT_FOUND;
    if (rc == 0)
        rc = audit_open (turn, &record, evidence);
    if (rc == 0) {
        codec_read_change (evidence->reply, turn->arena, &change);
        *told = tellings_of (turn, one->recorded_at, evidence, &change.informed);
    }
    if (audit_is_unreadable (rc) || (rc == 0 && told->count == 0)) {
        *told = named_by (turn, scope, one);
        rc = 0;
    }
    return rc;
}

/* The newest withdrawals come first: of these somebody may not have heard yet. */
int consent_heard_show (struct turn *turn, struct shown_consent *shown)
{
    struct statement *whole = arena_memdup (turn->arena, shown->statement, sizeof *whole);
    size_t used = consent_size (whole) + ENVELOPE, count = whole->withdrawal_count;
    size_t room = used < CODEC_ANSWER_LIMIT ? (CODEC_ANSWER_LIMIT - used) / HEARING_SIZE : 0;
    struct hearings *hearings = hearings_new (turn);
    int rc = 0;
    if (count == 0)
        return 0;
    whole->withdrawals = arena_memdup (turn->arena, whole->withdrawals, count * sizeof *whole->withdrawals);
    for (size_t i = count; rc == 0 && i-- > 0;) {
        struct withdrawal *one = &whole->withdrawals[i];
        struct tellings told;
        struct heard_by by = {.count = 0};
        rc = find_told (turn, &whole->scope, one, &told);
        if (rc == 0)
            rc = hearings_list (hearings, &told, room, &by);
        one->heard_by = by.item;
        one->heard_by_count = by.count;
        one->unheard_left_out = by.unheard_left_out;
        one->heard_left_out = by.heard_left_out;
        room -= by.count;
    }
    shown->statement = whole;
    return rc;
}
