#include "fixture_represent.h"

const char *fixture_signers_on (struct fixture *self, const char *day)
{
    struct signers signers = represent_signers (&self->policy, &self->subject, fixture_at (day));
    assert_int_equal (signers.nobody, !signers.subject && !signers.representatives);
    if (signers.nobody)
        return "nobody";
    if (signers.subject)
        return signers.representatives ? "both" : "subject";
    return "representatives";
}

struct representative *fixture_child (struct fixture *self)
{
    self->subject.birth = fixture_day ("2014-06-15");
    return fixture_representative (self, "moeder", "ouder-met-gezag", "2014-06-15");
}

void fixture_incapable_from (struct fixture *self, const char *day)
{
    self->subject.capabilities = arena_array (self->arena, 2, sizeof (struct capability));
    self->subject.capabilities[0] = (struct capability){fixture_day (day), false};
    self->subject.capability_count = 1;
}

void fixture_capable_again_from (struct fixture *self, const char *day)
{
    self->subject.capabilities[1] = (struct capability){fixture_day (day), true};
    self->subject.capability_count = 2;
}

struct statement *fixture_unsigned_consent (struct fixture *self)
{
    struct statement *one = fixture_consent (self, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->signature_count = 0;
    return one;
}

bool fixture_is_signed (struct fixture *self, const struct statement *one)
{
    return represent_is_signed (&self->policy, &self->subject, one->signatures, one->signature_count);
}

void fixture_assert_lapses (struct fixture *self, const struct statement *one, const char *day)
{
    moment expected = day == NULL ? MOMENT_NEVER : fixture_at (day);
    assert_int_equal (represent_lapses_at (&self->policy, &self->subject, one), expected);
}

void fixture_assert_never_counted (struct fixture *self, const struct statement *one)
{
    assert_true (represent_lapses_at (&self->policy, &self->subject, one) == MOMENT_ALWAYS);
}
