#include <string.h>
#include "random_check.h"

enum { DAY = 24 * HOUR };

const char *const random_parties[RANDOM_PARTIES] = {"kernteam jansen", "kernteam wijkteam horizon",
                                                    "horizon kernteam", "horizon wijkteam kernteam jansen",
                                                    "wijkteam"};
const char *const random_categories[RANDOM_CATEGORIES] = {"naw", "rapportage", "naw rapportage", "bsn naw",
                                                          "justitie naw rapportage"};
const char *const random_purposes[RANDOM_PURPOSES] = {"ondersteuning", "integraal-plan", "toekenning"};
static const char *const some_origins[] = {"", "", "", "", "wmo", "jeugdwet", "brp wmo"};
static const char *const some_cases[] = {"", "", "", "", "", "Z-1", "Z-2"};
static const char *const some_items[] = {"naw/wmo", "naw rapportage/wmo",
                                         "bsn/jeugdwet naw/brp rapportage justitie/wmo", "rapportage/jeugdwet naw",
                                         "naw/wmo naw/jeugdwet naw"};

static moment some_moment (struct fixture *f)
{
    return f->now + ((int64_t)random_pick (60) - 30) * DAY;
}

static void add_statement (struct fixture *f)
{
    bool refusal = random_pick (6) == 0;
    struct statement *one = (refusal ? fixture_refusal : fixture_consent) (
        f, ANY (random_parties), ANY (random_parties), ANY (random_categories), ANY (random_purposes));
    one->scope.origins = fixture_set (f, ANY (some_origins));
    one->scope.case_ref = ANY (some_cases);
    one->recorded_at = f->now - (int64_t)(1 + random_pick (30)) * DAY;
    one->valid_from = one->recorded_at;
    if (refusal)
        return;
    one->valid_from = random_pick (3) == 0 ? some_moment (f) : one->recorded_at;
    one->valid_until = one->valid_from + (int64_t)(20 + random_pick (60)) * DAY;
    one->one_time = random_pick (3) == 0;
    one->used_at = one->one_time && random_pick (4) == 0 ? f->now - DAY : 0;
    one->form = random_pick (8) == 0 ? FORM_ORAL : FORM_DIGITAL;
    one->signatures[0].given_at = one->recorded_at;
    if (random_pick (6) == 0) {
        struct withdrawal *part = fixture_withdraw (f, one, f->now - DAY);
        part->categories = fixture_set (f, random_pick (2) ? "naw" : "");
        part->recipients = fixture_set (f, random_pick (2) ? "wijkteam" : "");
    }
}

/* Now and then a child who will soon be twelve or sixteen, a parent whose standing changes, or who is not capable.
 */
static void some_person (struct fixture *f)
{
    static struct capability change;
    struct subject *subject = &f->subject;
    subject->birth = fixture_day ("1980-06-15");
    subject->representative_count = subject->capability_count = 0;
    if (random_pick (4) != 0)
        return;
    if (random_pick (2)) {
        struct day soon = calendar_day (f->now + (int64_t)random_pick (60) * DAY);
        soon.year = (int16_t)(soon.year - (random_pick (2) ? 12 : 16));
        subject->birth = soon;
    }
    struct representative *one = fixture_representative (f, "moeder", "ouder-met-gezag", "2020-01-01");
    if (random_pick (3) == 0)
        one->until = calendar_day (some_moment (f));
    if (random_pick (3) == 0)
        one->refused_from = calendar_day (some_moment (f));
    if (random_pick (3) == 0) {
        change = (struct capability){.from = calendar_day (some_moment (f)), .capable = false};
        subject->capabilities = &change;
        subject->capability_count = 1;
    }
}

static void some_restrictions (struct fixture *f)
{
    static const char *const of[] = {"", "naw", "rapportage", "justitie"};
    static struct restriction some[2];
    f->subject.restrictions = some;
    f->subject.restriction_count = random_pick (4) == 0 ? 1 + random_pick (2) : 0;
    for (size_t i = 0; i < f->subject.restriction_count; i++)
        some[i] = (struct restriction){.category = ANY (of),
                                       .since = f->now - (int64_t)random_pick (30) * DAY,
                                       .next_order = random_pick ((unsigned)f->statement_count + 2)};
}

void random_spoil (struct triage *triage, moment now)
{
    const char **texts[] = {&triage->necessity,          &triage->subsidiarity,      &triage->proportionality,
                            &triage->purpose_limitation, &triage->manager_consulted, &triage->consent_sought,
                            &triage->no_other_way,       &triage->serious_harm,      &triage->conflict_of_duties,
                            &triage->objections};
    unsigned which = random_pick (13);
    if (which < 10)
        *texts[which] = "";
    else if (which == 10)
        triage->serious_situation = false;
    else if (which == 11)
        triage->inform = INFORM_UNSAID;
    else
        triage->inform_by = now;
}

static void some_claim (struct fixture *f, struct check *check)
{
    static const char *const people[] = {"subject", "subject", "moeder", "moeder subject", "niemand"};
    static const char *const reasons[] = {"vitaal", "vitaal", "zorg", "overlast", "haast"};
    unsigned sort = random_pick (5);
    if (sort == 0)
        fixture_claim_request (f, check, ANY (people));
    if (sort == 0 || sort > 2)
        return;
    struct triage *triage = fixture_claim_urgency (f, check, ANY (reasons));
    if (random_pick (2)) {
        triage->inform = INFORM_AFTER;
        triage->inform_by = f->now + ((int64_t)random_pick (40) - 3) * DAY;
        triage->inform_why = "gevaar";
    }
    if (random_pick (3) == 0)
        random_spoil (triage, f->now);
}

struct check random_check (struct fixture *f)
{
    arena_reset (f->arena);
    f->statement_count = 0;
    some_person (f);
    unsigned statements = random_pick (8);
    for (unsigned i = 0; i < statements; i++)
        add_statement (f);
    static const char *const pairs[][2] = {
        {"kernteam", "wijkteam"}, {"kernteam", "horizon"}, {"jansen", "kernteam"}, {"horizon", "wijkteam"}};
    const char *const *pair = pairs[random_pick (4)];
    struct check check = fixture_check (f, pair[0], pair[1], ANY (random_purposes), ANY (some_items));
    check.case_ref = ANY (some_cases);
    check.mode = random_pick (2) ? MODE_DISCLOSE : MODE_ADVISE;
    check.all_or_nothing = random_pick (4) == 0;
    f->listener.party = random_pick (3) == 0 ? "school" : pair[random_pick (2)];
    f->listener.explain = random_pick (4) == 0;
    some_restrictions (f);
    some_claim (f, &check);
    static const enum policy_ground orders[][POLICY_GROUNDS] = {
        {POLICY_CONSENT, POLICY_STATUTE, POLICY_WITHOUT_CONSENT},
        {POLICY_STATUTE, POLICY_CONSENT, POLICY_WITHOUT_CONSENT},
        {POLICY_WITHOUT_CONSENT, POLICY_CONSENT, POLICY_STATUTE}};
    memcpy (f->policy.grounds, orders[random_pick (3)], sizeof orders[0]);
    fixture_party (f, "horizon")->agreement_until = f->now + ((int64_t)random_pick (40) - 5) * DAY;
    return check;
}

bool same_codes (const struct rule_codes *a, const struct rule_codes *b)
{
    return a->count == b->count && memcmp (a->code, b->code, a->count) == 0;
}

bool sounds_the_same (const struct decision *a, const struct statement *of_a, const struct decision *b,
                      const struct statement *of_b)
{
    if (a->verdict != b->verdict || a->item_count != b->item_count || a->triage_missing != b->triage_missing)
        return false;
    for (size_t i = 0; i < a->item_count; i++) {
        const struct item_decision *one = &a->items[i], *other = &b->items[i];
        if (one->permit != other->permit || one->ground != other->ground || one->statute != other->statute ||
            one->urgent_reason != other->urgent_reason || !same_codes (&one->heard, &other->heard))
            return false;
        if (one->permit && one->ground == POLICY_CONSENT &&
            memcmp (of_a[one->consent].id, of_b[other->consent].id, 16) != 0)
            return false;
    }
    return true;
}
