#include "recipients.h"
#include "audit/log.h"
#include "events/tell.h"
#include "obligation.h"
#include "rules/rights.h"

/* What the party received of these categories. */
static struct text_set received_of (struct turn *turn, const struct received *received,
                                    const struct text_set *categories)
{
    struct text_set found = {arena_array (turn->arena, received->categories.count, sizeof *found.item), 0};
    for (size_t i = 0; i < received->categories.count; i++)
        if (categories == NULL || text_set_has (categories, received->categories.item[i]))
            found.item[found.count++] = received->categories.item[i];
    return found;
}

struct text_set recipients_find (struct turn *turn, const struct subject_file *file,
                                 const struct text_set *categories)
{
    struct text_set found = {arena_array (turn->arena, file->received_count, sizeof *found.item), 0};
    for (size_t i = 0; i < file->received_count; i++)
        if (received_of (turn, &file->received[i], categories).count > 0)
            found.item[found.count++] = file->received[i].party;
    return found;
}

static enum policy_fact fact_of (unsigned part)
{
    return part == FACTS_BIRTH             ? FACT_BIRTH_DATE
           : part == FACTS_REPRESENTATIVES ? FACT_REPRESENTATIVES
                                           : FACT_NONE;
}

bool recipients_categories (struct turn *turn, unsigned facts, struct text_set *categories)
{
    const struct policy *policy = turn->policy;
    *categories = (struct text_set){arena_array (turn->arena, policy->category_count, sizeof (char *)), 0};
    for (unsigned part = 1; part <= FACTS_ALL; part <<= 1) {
        enum policy_fact fact = fact_of (part);
        size_t before = categories->count;
        if ((facts & part) == 0)
            continue;
        for (size_t i = 0; i < policy->category_count && fact != FACT_NONE; i++)
            if (policy->categories[i].fact == fact)
                categories->item[categories->count++] = policy->categories[i].entry.code;
        if (categories->count == before)
            return false;
    }
    return true;
}

/* V6: of an erasure only that it is to be done: what outlives the subject tells nothing about the subject. */
static int tell (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    bool erases = duty->kind == OBLIGATION_ERASE_DATA;
    struct event event = {
        .kind = erases ? EVENT_DATA_TO_ERASE : EVENT_DATA_RECTIFIED,
        .categories = duty->categories,
        .purpose = "",
        .whole = erases,
        .obligation = duty->kind,
        .decision = duty->decision,
        .due = duty->due,
    };
    if (erases)
        return tell_party_lastingly (turn, file->id, duty->holder, &event);
    return tell_party (turn, subject_file_about (file), duty->holder, &event);
}

/* The term is that of a request (KB 14): no text gives another. */
static struct kept_duty oblige (struct turn *turn, enum obligation kind, const char *holder)
{
    return (struct kept_duty){
        .decision = audit_promise_line (turn),
        .kind = kind,
        .due = rights_due (turn->policy, calendar_day (turn->now)),
        .holder = holder,
        .recipient = holder,
        .purpose = "",
        .basis = "",
        .made_at = turn->now,
        .done_by = "",
        .deferred_by = "",
        .defer_reason = "",
        .report = {"", "", ""},
        .letter = "",
    };
}

/* `categories`: what the holder received. */
static int tell_nth (struct turn *turn, const struct subject_file *file, struct kept_duty duty, size_t nth,
                     struct text_set categories)
{
    duty.nth = (uint16_t)nth;
    if (duty.kind == OBLIGATION_RECTIFY_DATA)
        duty.categories = categories;
    int rc = obligation_add (turn, file, &duty);
    return rc == 0 ? tell (turn, file, &duty) : rc;
}

int recipients_tell (struct turn *turn, const struct subject_file *file, enum obligation kind,
                     const struct text_set *categories, struct text_set *told)
{
    struct text_set parties = recipients_find (turn, file, categories);
    int rc = 0;
    for (size_t i = 0; i < parties.count && rc == 0; i++) {
        const struct received *received = received_find (file->received, file->received_count, parties.item[i]);
        rc = tell_nth (turn, file, oblige (turn, kind, parties.item[i]), i,
                       received_of (turn, received, categories));
    }
    if (told != NULL)
        *told = parties;
    return rc;
}

int recipients_tell_each (struct turn *turn, const struct subject_file *file, const struct received *each,
                          size_t count)
{
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = tell_nth (turn, file, oblige (turn, OBLIGATION_RECTIFY_DATA, each[i].party), i, each[i].categories);
    return rc;
}
