#include "keeping.h"
#include <stdlib.h>
#include <string.h>
#include "kept_lines.h"
#include "rules/retention.h"
#include "subject_file.h"

enum { PATIENCE_MS = 2000 }; /* for so long a walk that is under way is not broken off for another subject's */

struct keeping {
    struct kept_walk asked; /* for requests */
    bool is_under_way;
    moment touched;          /* steady */
    struct kept_lines round; /* for the round that erases */
};

struct keeping *keeping_new (void)
{
    struct keeping *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void keeping_forget (struct keeping *self)
{
    kept_walk_clear (&self->asked);
    kept_lines_clear (&self->round);
    self->is_under_way = false;
}

void keeping_destroy (struct keeping **self_p)
{
    if (*self_p != NULL)
        keeping_forget (*self_p);
    free (*self_p);
    *self_p = NULL;
}

const struct kept_telling *keeping_told (const struct keeping *self, size_t index)
{
    return index < self->asked.told_count ? &self->asked.told[index] : NULL;
}

static struct kept_part show_part (const struct kept_walk *walk, const struct policy *policy,
                                   const struct walked_part *part)
{
    struct record_period period = {retention_of_record (policy, part->holder, part->law), part->holder, part->law};
    return (struct kept_part){
        .entry = period.entry->code,
        .source = period.entry->source,
        .holder = part->holder != CODE_NONE ? policy->kinds[part->holder].entry.code : "",
        .law = policy->origins[part->law].entry.code,
        .disclosures = part->disclosures,
        .first = part->first,
        .last = part->last,
        .until = kept_walk_until (walk, &period, part->last),
    };
}

/* Puts the part in its place. There are few. */
static void add_part (struct kept_part *parts, size_t count, const struct kept_part *one)
{
    size_t at = count;
    for (; at > 0 && parts[at - 1].until < one->until; at--)
        parts[at] = parts[at - 1];
    parts[at] = *one;
}

static void show (struct turn *turn, const struct kept_walk *walk, struct kept_parts *found)
{
    struct kept_part *parts = arena_array (turn->arena, walk->part_count, sizeof *parts);
    for (size_t i = 0; i < walk->part_count; i++) {
        const struct kept_part one = show_part (walk, turn->policy, &walk->parts[i]);
        add_part (parts, i, &one);
    }
    *found = (struct kept_parts){
        .parts = parts,
        .count = walk->part_count,
        .lines = walk->lines,
        .disclosures = walk->disclosures,
        .unreadable = walk->unreadable,
        .until = walk->part_count > 0 ? parts[0].until : 0,
        .last_line = walk->last_line,
    };
}

/* Two that ask in turns would else break off each other's walk for ever. */
static bool is_another_under_way (const struct turn *turn, const uint8_t subject[VAULT_ID_SIZE])
{
    const struct keeping *self = turn->keeping;
    return self->is_under_way && !kept_walk_is_of (&self->asked, turn, subject) &&
           turn->steady < self->touched + PATIENCE_MS;
}

typedef int open_file (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct subject_file *file);

/* A law that the pack does not know (any more) has no periods. */
static int find_about (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], open_file *open,
                       struct kept_about *about)
{
    struct subject_file file;
    int rc = open (turn, subject, &file);
    *about = (struct kept_about){0};
    if (rc == 0)
        about->birth = file.subject.birth;
    for (size_t i = 0; rc == 0 && i < file.subject.care_ended_count; i++) {
        code law = policy_origin (turn->policy, file.subject.care_ended[i].law);
        if (law != CODE_NONE)
            about->care_ended[law] = file.subject.care_ended[i].day;
    }
    subject_file_close (&file);
    return rc;
}

int keeping_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], struct kept_parts *found)
{
    struct keeping *self = turn->keeping;
    if (is_another_under_way (turn, subject))
        return KEEPING_LATER;
    struct kept_about about;
    int rc = find_about (turn, subject, subject_file_open_by_id, &about);
    if (rc == 0)
        rc = kept_walk_on (turn, &self->asked, subject);
    self->asked.about = about;
    self->is_under_way = rc == KEEPING_LATER;
    self->touched = turn->steady;
    found->lines = self->asked.lines;
    if (rc == 0)
        show (turn, &self->asked, found);
    return rc;
}

/* Another erasure of the same subject begins anew: what was before this one is not the subject's any more. */
static void forget_subject (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE])
{
    struct keeping *self = turn->keeping;
    kept_lines_clear (&self->round);
    if (!kept_walk_is_of (&self->asked, turn, subject))
        return;
    kept_walk_clear (&self->asked);
    self->is_under_way = false;
}

int keeping_write (struct turn *turn, const struct erasure_mark *mark, uint64_t *kept)
{
    struct kept_lines *self = &turn->keeping->round;
    int rc = find_about (turn, mark->subject, subject_file_open_marked, &self->walk.about);
    if (rc == 0)
        rc = kept_lines_write (turn, self, mark);
    if (rc != 0)
        return rc;
    *kept = self->kept;
    forget_subject (turn, mark->subject);
    return 0;
}
