#include "subject_change.h"
#include <string.h>
#include "arena.h"

static bool fails (struct subject_edit *self, const char *field, const char *message)
{
    self->field = field;
    self->message = message;
    return false;
}

static const char *at (struct subject_edit *self, const char *list, size_t index, const char *field)
{
    return arena_printf (self->arena, "%s[%zu]%s", list, index, field);
}

static bool is_same_day (struct day one, struct day other)
{
    return calendar_compare (one, other) == 0;
}

/* --- Representatives ---------------------------------------------------------------------------------- */

static struct representative *find_representative (const struct subject *subject, const char *reference)
{
    for (size_t i = 0; i < subject->representative_count; i++)
        if (strcmp (subject->representatives[i].reference, reference) == 0)
            return &subject->representatives[i];
    return NULL;
}

static bool is_among (const char *reference, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (list[i], reference) == 0)
            return true;
    return false;
}

/* A representative who is removed must be registered. A field of his that is removed must be recorded. */
static bool check_removals (struct subject_edit *self)
{
    const struct subject_change *change = self->change;
    for (size_t i = 0; i < change->no_representative_count; i++)
        if (find_representative (self->before, change->no_representatives[i]) == NULL)
            return fails (self, at (self, "remove.representatives", i, ""),
                          "no such representative is registered");
    for (size_t i = 0; i < change->no_until_count; i++) {
        const struct representative *one = find_representative (self->before, change->no_untils[i]);
        if (one == NULL || one->until.month == 0)
            return fails (self, at (self, "remove.untils", i, ""), "no end of this authority is recorded");
    }
    for (size_t i = 0; i < change->no_refusal_count; i++) {
        const struct representative *one = find_representative (self->before, change->no_refusals[i]);
        if (one == NULL || one->refused_from.month == 0)
            return fails (self, at (self, "remove.refusals", i, ""),
                          "no refusal of this representative is recorded");
    }
    return true;
}

static void keep_representatives (struct subject_edit *self)
{
    const struct subject_change *change = self->change;
    for (size_t i = 0; i < self->before->representative_count && !change->whole; i++) {
        struct representative one = self->before->representatives[i];
        if (is_among (one.reference, change->no_representatives, change->no_representative_count))
            continue;
        if (is_among (one.reference, change->no_untils, change->no_until_count))
            one.until = (struct day){0};
        if (is_among (one.reference, change->no_refusals, change->no_refusal_count)) {
            one.refused_from = (struct day){0};
            one.refused_reason = "";
        }
        self->after.representatives[self->after.representative_count++] = one;
    }
}

static void patch (struct representative *one, const struct representative *named)
{
    if (named->kind[0] != '\0')
        one->kind = named->kind;
    if (named->from.month != 0)
        one->from = named->from;
    if (named->until.month != 0)
        one->until = named->until;
    if (named->refused_from.month != 0) {
        one->refused_from = named->refused_from;
        one->refused_reason = named->refused_reason;
    }
}

static bool put_representative (struct subject_edit *self, size_t index)
{
    const struct representative *named = &self->change->representatives[index];
    struct representative *one = find_representative (&self->after, named->reference);
    if (one != NULL)
        patch (one, named);
    else if (named->kind[0] == '\0')
        return fails (self, at (self, "representatives", index, ".kind"),
                      "this representative is not registered yet");
    else if (named->from.month == 0)
        return fails (self, at (self, "representatives", index, ".from"),
                      "this representative is not registered yet");
    else if (self->after.representative_count == SUBJECT_REPRESENTATIVES)
        return fails (self, "representatives", "more than 8 of one subject");
    else {
        one = &self->after.representatives[self->after.representative_count++];
        *one = *named;
    }
    if (one->until.month != 0 && calendar_compare (one->until, one->from) <= 0)
        return fails (self, at (self, "representatives", index, named->until.month != 0 ? ".until" : ".from"),
                      "the authority would end before it begins");
    return true;
}

static moment recorded (struct day day, struct day before, moment recorded_before, moment now)
{
    if (day.month == 0)
        return 0;
    return is_same_day (day, before) ? recorded_before : now;
}

/* M5: what did not change keeps the moment of its recording. */
static void date_representative (const struct subject_edit *self, struct representative *one)
{
    static const struct representative none;
    const struct representative *before = find_representative (self->before, one->reference);
    if (before == NULL)
        before = &none;
    moment now = self->now;
    one->from_recorded = recorded (one->from, before->from, before->from_recorded, now);
    one->until_recorded = recorded (one->until, before->until, before->until_recorded, now);
    one->refused_recorded = recorded (one->refused_from, before->refused_from, before->refused_recorded, now);
}

static bool edit_representatives (struct subject_edit *self)
{
    self->after.representatives =
        arena_array (self->arena, SUBJECT_REPRESENTATIVES, sizeof *self->after.representatives);
    self->after.representative_count = 0;
    if (!check_removals (self))
        return false;
    keep_representatives (self);
    for (size_t i = 0; i < self->change->representative_count; i++)
        if (!put_representative (self, i))
            return false;
    for (size_t i = 0; i < self->after.representative_count; i++)
        date_representative (self, &self->after.representatives[i]);
    return true;
}

/* --- Capability --------------------------------------------------------------------------------------- */

static const struct capability *find_capability (const struct subject *subject, struct day day)
{
    for (size_t i = 0; i < subject->capability_count; i++)
        if (is_same_day (subject->capabilities[i].from, day))
            return &subject->capabilities[i];
    return NULL;
}

static bool is_taken_away (const struct subject_change *change, struct day day)
{
    for (size_t i = 0; i < change->no_capability_count; i++)
        if (is_same_day (change->no_capabilities[i], day))
            return true;
    return false;
}

/* Inserts in order of day, or replaces the entry of that day. False: there is no room. */
static bool put_capability (struct subject *subject, const struct capability *named)
{
    size_t i = 0;
    while (i < subject->capability_count && calendar_compare (subject->capabilities[i].from, named->from) < 0)
        i++;
    if (i == subject->capability_count || !is_same_day (subject->capabilities[i].from, named->from)) {
        if (subject->capability_count == SUBJECT_CAPABILITIES)
            return false;
        memmove (&subject->capabilities[i + 1], &subject->capabilities[i],
                 (subject->capability_count - i) * sizeof *named);
        subject->capability_count++;
    }
    subject->capabilities[i] = *named;
    return true;
}

static bool edit_capabilities (struct subject_edit *self)
{
    const struct subject_change *change = self->change;
    struct subject *after = &self->after;
    after->capabilities = arena_array (self->arena, SUBJECT_CAPABILITIES, sizeof *after->capabilities);
    after->capability_count = 0;
    for (size_t i = 0; i < change->no_capability_count; i++)
        if (find_capability (self->before, change->no_capabilities[i]) == NULL)
            return fails (self, at (self, "remove.capabilities", i, ""), "no change of this day is recorded");
    for (size_t i = 0; i < self->before->capability_count && !change->whole; i++)
        if (!is_taken_away (change, self->before->capabilities[i].from))
            put_capability (after, &self->before->capabilities[i]);
    for (size_t i = 0; i < change->capability_count; i++)
        if (!put_capability (after, &change->capabilities[i]))
            return fails (self, "capabilities", "more than 16 of one subject");
    for (size_t i = 0; i < after->capability_count; i++) {
        struct capability *one = &after->capabilities[i];
        const struct capability *before = find_capability (self->before, one->from);
        bool same = before != NULL && before->capable == one->capable;
        one->recorded = same ? before->recorded : self->now;
    }
    return true;
}

/* --- The end of care ---------------------------------------------------------------------------------- */

static struct care_end *find_care_end (const struct subject *subject, const char *law)
{
    for (size_t i = 0; i < subject->care_ended_count; i++)
        if (strcmp (subject->care_ended[i].law, law) == 0)
            return &subject->care_ended[i];
    return NULL;
}

static bool put_care_end (struct subject_edit *self, size_t index)
{
    struct subject *after = &self->after;
    const struct care_end *named = &self->change->care_ended[index];
    struct care_end *one = find_care_end (after, named->law);
    if (calendar_compare (named->day, calendar_day (self->now)) > 0)
        return fails (self, at (self, "care_ended", index, ".day"), "in the future");
    if (one == NULL && after->care_ended_count == SUBJECT_CARE_ENDS)
        return fails (self, "care_ended", "more than 16 of one subject");
    if (one == NULL)
        one = &after->care_ended[after->care_ended_count++];
    *one = *named;
    return true;
}

static bool edit_care_ended (struct subject_edit *self)
{
    const struct subject_change *change = self->change;
    const struct subject *before = self->before;
    struct subject *after = &self->after;
    after->care_ended = arena_array (self->arena, SUBJECT_CARE_ENDS, sizeof *after->care_ended);
    after->care_ended_count = 0;
    for (size_t i = 0; i < change->no_care_ended_count; i++)
        if (find_care_end (before, change->no_care_ended[i]) == NULL)
            return fails (self, at (self, "remove.care_ended", i, ""),
                          "no end of care under this law is recorded");
    for (size_t i = 0; i < before->care_ended_count && !change->whole; i++)
        if (!is_among (before->care_ended[i].law, change->no_care_ended, change->no_care_ended_count))
            after->care_ended[after->care_ended_count++] = before->care_ended[i];
    for (size_t i = 0; i < change->care_ended_count; i++)
        if (!put_care_end (self, i))
            return false;
    return true;
}

/* --- The whole ---------------------------------------------------------------------------------------- */

static struct day edit_day (const struct subject_edit *self, struct day before, struct day named, bool taken_away)
{
    if (named.month != 0)
        return named;
    return self->change->whole || taken_away ? (struct day){0} : before;
}

static bool edit_life (struct subject_edit *self)
{
    const struct subject_change *change = self->change;
    struct subject *after = &self->after;
    struct day today = calendar_day (self->now);
    after->birth = edit_day (self, self->before->birth, change->birth, change->no_birth);
    after->death = edit_day (self, self->before->death, change->death, change->no_death);
    after->death_recorded = recorded (after->death, self->before->death, self->before->death_recorded, self->now);
    if (change->birth.month != 0 && calendar_compare (change->birth, today) > 0)
        return fails (self, "birth_date", "in the future");
    if (change->death.month != 0 && calendar_compare (change->death, today) > 0)
        return fails (self, "death_date", "in the future");
    if (after->birth.month != 0 && after->death.month != 0 && calendar_compare (after->death, after->birth) < 0)
        return fails (self, change->death.month != 0 ? "death_date" : "birth_date",
                      "the subject would have died before being born");
    return true;
}

bool subject_edit (struct subject_edit *self)
{
    self->field = self->message = NULL;
    self->after = *self->before;
    self->after.known = true;
    return edit_life (self) && edit_representatives (self) && edit_capabilities (self) && edit_care_ended (self);
}

bool subject_has_facts (const struct subject *self)
{
    return self->birth.month != 0 || self->death.month != 0 || self->representative_count > 0 ||
           self->capability_count > 0 || self->care_ended_count > 0;
}

static bool is_same_representative (const struct representative *one, const struct representative *other)
{
    return strcmp (one->reference, other->reference) == 0 && strcmp (one->kind, other->kind) == 0 &&
           is_same_day (one->from, other->from) && is_same_day (one->until, other->until) &&
           is_same_day (one->refused_from, other->refused_from) &&
           strcmp (one->refused_reason, other->refused_reason) == 0;
}

/* In whichever order. */
static bool has_same_care_ended (const struct subject *one, const struct subject *other)
{
    if (one->care_ended_count != other->care_ended_count)
        return false;
    for (size_t i = 0; i < one->care_ended_count; i++) {
        const struct care_end *same = find_care_end (other, one->care_ended[i].law);
        if (same == NULL || !is_same_day (same->day, one->care_ended[i].day))
            return false;
    }
    return true;
}

bool subject_has_same_facts (const struct subject *one, const struct subject *other)
{
    if (!is_same_day (one->birth, other->birth) || !is_same_day (one->death, other->death) ||
        one->representative_count != other->representative_count ||
        one->capability_count != other->capability_count || !has_same_care_ended (one, other))
        return false;
    for (size_t i = 0; i < one->representative_count; i++)
        if (!is_same_representative (&one->representatives[i], &other->representatives[i]))
            return false;
    for (size_t i = 0; i < one->capability_count; i++)
        if (!is_same_day (one->capabilities[i].from, other->capabilities[i].from) ||
            one->capabilities[i].capable != other->capabilities[i].capable)
            return false;
    return true;
}
