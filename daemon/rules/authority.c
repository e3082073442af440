#include "authority.h"

struct authority authority_at (const struct policy *policy, const struct subject *subject,
                               enum authority_reading reading, moment when)
{
    return (struct authority){policy, subject, reading, when, calendar_day (when)};
}

/* The day was recorded on that same day. */
static bool is_of_its_recording (struct day day, moment recorded)
{
    return recorded != 0 && calendar_compare (calendar_day (recorded), day) == 0;
}

/* The moment from which this recorded day holds. */
static moment holds_from (struct day day, moment recorded)
{
    if (day.month == 0)
        return MOMENT_NEVER;
    return is_of_its_recording (day, recorded) ? recorded : calendar_start (day);
}

/* The same as holds_from () <= self->when. In most cases it needs no conversion of the calendar. */
static bool holds (const struct authority *self, struct day day, moment recorded)
{
    if (day.month == 0)
        return false;
    int order = calendar_compare (self->day, day);
    return order > 0 || (order == 0 && (!is_of_its_recording (day, recorded) || self->when >= recorded));
}

/* The moment of recording of a day that begins an authority. The two readings differ in this alone. */
static moment read_as (const struct authority *self, moment recorded)
{
    return self->reading == AUTHORITY_FROM_DAYBREAK ? 0 : recorded;
}

bool authority_is_dead (const struct authority *self)
{
    return holds (self, self->subject->death, self->subject->death_recorded);
}

bool authority_is_capable (const struct authority *self)
{
    bool capable = true;
    const struct capability *all = self->subject->capabilities;
    for (size_t i = 0; i < self->subject->capability_count; i++)
        if (holds (self, all[i].from, read_as (self, all[i].recorded)))
            capable = all[i].capable;
    return capable;
}

bool authority_has_age (const struct authority *self, unsigned years)
{
    struct day birth = self->subject->birth;
    return birth.month != 0 && calendar_compare (self->day, calendar_birthday (birth, years)) >= 0;
}

const struct policy_age_band *authority_band (const struct authority *self)
{
    const struct policy *policy = self->policy;
    const struct policy_age_band *band = NULL;
    for (size_t i = 0; i < policy->age_count && authority_has_age (self, policy->ages[i].from); i++)
        band = &policy->ages[i];
    return band;
}

bool authority_is_registered (const struct authority *self, const struct representative *one)
{
    if (!holds (self, one->from, read_as (self, one->from_recorded)) ||
        holds (self, one->until, one->until_recorded))
        return false;
    code kind = policy_representative (self->policy, one->kind);
    return kind != CODE_NONE && self->policy->representatives[kind].counts;
}

bool authority_is_refused (const struct authority *self, const struct representative *one)
{
    return holds (self, one->refused_from, one->refused_recorded);
}

/* The search for the first moment, after that of the record, at which something changes. */
struct search {
    const struct authority *at;
    moment earliest; /* so far */
};

static void consider (struct search *self, moment when)
{
    if (when > self->at->when && when < self->earliest)
        self->earliest = when;
}

static void consider_birthday (struct search *self, unsigned years)
{
    struct day birth = self->at->subject->birth;
    if (birth.month != 0)
        consider (self, calendar_start (calendar_birthday (birth, years)));
}

moment authority_next_change (const struct authority *self)
{
    struct search search = {self, MOMENT_NEVER};
    const struct policy *policy = self->policy;
    const struct subject *subject = self->subject;
    for (size_t i = 0; i < policy->age_count; i++)
        consider_birthday (&search, policy->ages[i].from);
    consider_birthday (&search, policy->withdraws_from);
    for (size_t i = 0; i < subject->capability_count; i++) {
        const struct capability *one = &subject->capabilities[i];
        consider (&search, holds_from (one->from, read_as (self, one->recorded)));
    }
    for (size_t i = 0; i < subject->representative_count; i++) {
        const struct representative *one = &subject->representatives[i];
        consider (&search, holds_from (one->from, read_as (self, one->from_recorded)));
        consider (&search, holds_from (one->until, one->until_recorded));
        consider (&search, holds_from (one->refused_from, one->refused_recorded));
    }
    consider (&search, authority_death (subject));
    return search.earliest;
}

moment authority_death (const struct subject *subject)
{
    return holds_from (subject->death, subject->death_recorded);
}
