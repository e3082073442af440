#include "marks.h"
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"

static const struct bytes name = {"erasing", 7}; /* in STORE_META: the marks, one behind another */

enum { AT_KIND = VAULT_ID_SIZE, AT_REQUEST = AT_KIND + 1, MARK_SIZE = AT_REQUEST + 8 };

static bool read_one (const uint8_t *from, struct erasure_mark *mark)
{
    *mark =
        (struct erasure_mark){.kind = (enum erasure_kind)from[AT_KIND], .request = get_be64 (from + AT_REQUEST)};
    memcpy (mark->subject, from, VAULT_ID_SIZE);
    return mark->kind == ERASURE_OF_SUBJECT || mark->kind == ERASURE_OF_EXTRACTS;
}

static void write_one (uint8_t *to, const struct erasure_mark *mark)
{
    memcpy (to, mark->subject, VAULT_ID_SIZE);
    to[AT_KIND] = (uint8_t)mark->kind;
    put_be64 (to + AT_REQUEST, mark->request);
}

int marks_read (struct turn *turn, struct erasure_mark **all, size_t *count)
{
    struct bytes value;
    int rc = guard_get (turn, STORE_META, name, &value);
    *all = NULL;
    *count = 0;
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    if (value.size % MARK_SIZE != 0)
        return RECORD_DAMAGED;
    *count = value.size / MARK_SIZE;
    *all = arena_array (turn->arena, *count + 1, sizeof **all); /* room for one that is added */
    for (size_t i = 0; i < *count; i++)
        if (!read_one ((const uint8_t *)value.data + i * MARK_SIZE, &(*all)[i]))
            return RECORD_DAMAGED;
    return 0;
}

static int write_all (struct turn *turn, const struct erasure_mark *all, size_t count)
{
    uint8_t *made = arena_alloc (turn->arena, count * MARK_SIZE);
    for (size_t i = 0; i < count; i++)
        write_one (made + i * MARK_SIZE, &all[i]);
    turn->state.erasing = count > 0;
    return count > 0 ? guard_put (turn, STORE_META, name, (struct bytes){made, count * MARK_SIZE})
                     : guard_delete (turn, STORE_META, name);
}

/* Where it stands; `count` if it does not. */
static size_t find (const struct erasure_mark *all, size_t count, const uint8_t subject[VAULT_ID_SIZE],
                    enum erasure_kind kind)
{
    size_t i = 0;
    while (i < count && (all[i].kind != kind || memcmp (all[i].subject, subject, VAULT_ID_SIZE) != 0))
        i++;
    return i;
}

int marks_add (struct turn *turn, const struct erasure_mark *mark)
{
    struct erasure_mark *all;
    size_t count;
    int rc = marks_read (turn, &all, &count);
    if (rc != 0 || find (all, count, mark->subject, mark->kind) < count)
        return rc;
    if (count == ERASURE_MARKS)
        return ERASURE_FULL;
    if (all == NULL)
        all = arena_array (turn->arena, 1, sizeof *all);
    all[count] = *mark;
    return write_all (turn, all, count + 1);
}

int marks_remove (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], enum erasure_kind kind)
{
    struct erasure_mark *all;
    size_t count, at;
    int rc = marks_read (turn, &all, &count);
    if (rc != 0 || (at = find (all, count, subject, kind)) == count)
        return rc;
    memmove (&all[at], &all[at + 1], (count - at - 1) * sizeof *all);
    return write_all (turn, all, count - 1);
}

/* Asked of every subject whose file is opened while a round runs, so nothing is copied. */
int marks_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], enum erasure_kind kind,
                struct erasure_mark *mark)
{
    struct bytes value;
    int rc = guard_get (turn, STORE_META, name, &value);
    for (size_t at = 0; rc == 0 && at + MARK_SIZE <= value.size; at += MARK_SIZE)
        if (read_one ((const uint8_t *)value.data + at, mark) && mark->kind == kind &&
            memcmp (mark->subject, subject, VAULT_ID_SIZE) == 0)
            return 0;
    return rc == 0 ? STORE_NOT_FOUND : rc;
}

int marks_load (struct turn *turn)
{
    struct erasure_mark *unused;
    size_t count;
    int rc = marks_read (turn, &unused, &count);
    turn->state.erasing = rc == 0 && count > 0;
    return rc;
}
