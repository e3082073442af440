/* C7, reason 3. No statement covers the item, and a consent would serve if exactly one of provider, recipient,
   category and purpose were different. At least one item of that consent must be left: it differs from the item
   asked in that one thing only, and was neither withdrawn nor refused since.

   The statements are looked at from the latest to the earliest. So when a consent is reached, all later refusals
   are known, and each statement is looked at once for an item, however many consents and refusals there are. */
#include <stdlib.h>
#include <string.h>
#include "consent_ground.h"

struct names {
    const char **item; /* the list is owned, its texts are not; sorted, no doubles */
    size_t count, room;
};

/* What the refusals that were met so far refuse. Each differs from the item asked in one thing: its names for that
   thing are collected here. */
struct refused {
    struct names providers, recipients;
    code_set categories;
    code_set purposes; /* named by the refusals; each may cover other purposes too */
};

/* The place of the first name that is not before `name`. */
static size_t place_of (const struct names *names, const char *name)
{
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp (names->item[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has (const struct names *names, const char *name)
{
    size_t place = place_of (names, name);
    return place < names->count && strcmp (names->item[place], name) == 0;
}

static void make_room (struct names *names, size_t more)
{
    if (names->room - names->count >= more)
        return;
    names->room = 2 * names->room + more;
    names->item = realloc (names->item, names->room * sizeof *names->item);
    if (names->item == NULL) /* no test makes the machine run out: GCOVR_EXCL_BR_LINE */
        abort ();            /* GCOVR_EXCL_LINE */
}

static void add_all (struct names *names, const struct text_set *added)
{
    make_room (names, added->count);
    for (size_t i = 0; i < added->count; i++) {
        const char *name = added->item[i];
        if (has (names, name))
            continue;
        size_t place = place_of (names, name);
        memmove (&names->item[place + 1], &names->item[place], (names->count - place) * sizeof *names->item);
        names->item[place] = name;
        names->count++;
    }
}

/* The code of the one thing that this statement does not name. 0: it names all four, or misses more than one. */
static enum rule_code one_thing_missed (const struct bearing *one, const struct question *question)
{
    bool category = consent_ground_names_category (one, question);
    if (one->provider + one->recipient + category + one->purpose != 3)
        return 0;
    if (!one->provider)
        return PROVIDER_NOT_CONSENTED;
    if (!one->recipient)
        return RECIPIENT_NOT_CONSENTED;
    return category ? WRONG_PURPOSE : CATEGORY_NOT_CONSENTED;
}

static void take_refusal (struct refused *refused, const struct bearing *one, enum rule_code missed)
{
    const struct scope *scope = &one->statement->scope;
    if (missed == PROVIDER_NOT_CONSENTED)
        add_all (&refused->providers, &scope->providers);
    else if (missed == RECIPIENT_NOT_CONSENTED)
        add_all (&refused->recipients, &scope->recipients);
    else if (missed == CATEGORY_NOT_CONSENTED)
        code_set_add_all (&refused->categories, &scope->category_set);
    else
        code_set_add (&refused->purposes, scope->purpose_code);
}

/* Between a party and itself there is no item (G3). */
static bool is_withdrawn (const struct question *question, const struct statement *consent, const char *provider,
                          const char *recipient, code category)
{
    const char *name = question->inquiry->facts->policy->categories[category].entry.code;
    return strcmp (provider, recipient) == 0 ||
           statement_is_withdrawn_for (consent, provider, recipient, name, question->now);
}

static bool has_provider_left (const struct question *question, const struct statement *consent,
                               const struct refused *refused)
{
    const char *recipient = question->inquiry->check->recipient->id;
    const struct text_set *providers = &consent->scope.providers;
    for (size_t i = 0; i < providers->count; i++)
        if (!has (&refused->providers, providers->item[i]) &&
            !is_withdrawn (question, consent, providers->item[i], recipient, question->category))
            return true;
    return false;
}

static bool has_recipient_left (const struct question *question, const struct statement *consent,
                                const struct refused *refused)
{
    const char *provider = question->inquiry->check->provider->id;
    const struct text_set *recipients = &consent->scope.recipients;
    for (size_t i = 0; i < recipients->count; i++)
        if (!has (&refused->recipients, recipients->item[i]) &&
            !is_withdrawn (question, consent, provider, recipients->item[i], question->category))
            return true;
    return false;
}

static bool has_category_left (const struct question *question, const struct statement *consent,
                               const struct refused *refused)
{
    const struct check *check = question->inquiry->check;
    size_t count = question->inquiry->facts->policy->category_count;
    for (size_t i = 0; i < count; i++)
        if (code_set_has (&consent->scope.category_set, (code)i) &&
            !code_set_has (&refused->categories, (code)i) &&
            !is_withdrawn (question, consent, check->provider->id, check->recipient->id, (code)i))
            return true;
    return false;
}

static bool has_purpose_left (const struct question *question, const struct statement *consent,
                              const struct refused *refused)
{
    const struct policy *policy = question->inquiry->facts->policy;
    const struct check *check = question->inquiry->check;
    code purpose = consent->scope.purpose_code;
    for (size_t i = 0; i < policy->purpose_count; i++)
        if (code_set_has (&refused->purposes, (code)i) && policy_purpose_serves (policy, (code)i, purpose))
            return false;
    return purpose != CODE_NONE &&
           !is_withdrawn (question, consent, check->provider->id, check->recipient->id, question->category);
}

static bool is_left (const struct question *question, const struct statement *consent,
                     const struct refused *refused, enum rule_code missed)
{
    if (missed == PROVIDER_NOT_CONSENTED)
        return has_provider_left (question, consent, refused);
    if (missed == RECIPIENT_NOT_CONSENTED)
        return has_recipient_left (question, consent, refused);
    if (missed == CATEGORY_NOT_CONSENTED)
        return has_category_left (question, consent, refused);
    return has_purpose_left (question, consent, refused);
}

/* The reason was found before, so it need not be looked for again. With a trace it is, because every statement
   must be told. */
static bool is_known (const struct finding *finding, const struct bearing *one, reason_set missed)
{
    return (finding->reasons & missed) != 0 && (!one->heard || (finding->heard & missed) != 0);
}

static void weigh (const struct question *question, const struct bearing *one, struct refused *refused,
                   struct finding *finding)
{
    enum rule_code missed = one_thing_missed (one, question);
    if (missed == 0)
        return;
    if (one->statement->refusal) {
        if (one->same_case && consent_ground_refuses_origin (one->statement, question))
            take_refusal (refused, one, missed);
        return;
    }
    if ((is_known (finding, one, reason_set_of (missed)) && question->trace == NULL) ||
        question->now >= one->superseded_from || consent_ground_conditions_failed (one, question) != 0 ||
        !is_left (question, one->statement, refused, missed))
        return;
    consent_ground_add (finding, one, reason_set_of (missed));
    consent_ground_tell (question, one, TRACE_FAILS, reason_set_of (missed));
}

void near_miss_find (const struct question *question, struct finding *finding)
{
    const struct inquiry *inquiry = question->inquiry;
    struct refused refused = {.providers = {NULL, 0, 0}};
    for (size_t i = inquiry->bearing_count; i > 0; i--)
        weigh (question, &inquiry->bearings[i - 1], &refused, finding);
    free (refused.providers.item);
    free (refused.recipients.item);
}
