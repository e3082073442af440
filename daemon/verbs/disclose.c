#include "disclose.h"
#include <string.h>
#include "registry/obligation.h"
#include "events/tell.h"

/* C11: the first DISCLOSE that rests on a one-time consent uses it up as a whole. All items of that decision may
   rest on it. */
static int use_consents (struct turn *turn, struct subject_file *file, const struct disclosure *disclosure)
{
    const struct decision *decision = disclosure->decision;
    int rc = 0;
    for (size_t i = 0; i < decision->item_count && rc == 0; i++) {
        const struct item_decision *item = &decision->items[i];
        if (!item->permit || item->ground != POLICY_CONSENT)
            continue;
        struct statement used = file->statements[item->consent];
        if (!used.one_time || used.used_by != 0)
            continue;
        used.used_at = turn->now;
        used.used_by = disclosure->number;
        turn->state.revision++;
        subject_file_rewrite (turn, file, item->consent, &used);
        struct tell_items items;
        tell_find_items (turn, &used, NULL, &items);
        rc = tell_consent (turn, subject_file_about (file), EVENT_CONSENT_USED, &items, NULL); /* V5 */
    }
    return rc;
}

const char *disclosure_source (struct turn *turn, const struct check_request *asked)
{
    size_t provider = strlen (asked->provider), purpose = strlen (asked->purpose);
    char *source = arena_alloc (turn->arena, provider + 1 + purpose + 1);
    memcpy (source, asked->provider, provider);
    source[provider] = ' ';
    memcpy (source + provider + 1, asked->purpose, purpose);
    return source;
}

static void note_received (struct turn *turn, struct subject_file *file, const struct disclosure *disclosure)
{
    const struct decision *decision = disclosure->decision;
    struct received more = {.party = disclosure->asked->recipient};
    more.categories.item = arena_array (turn->arena, decision->item_count, sizeof (char *));
    for (size_t i = 0; i < decision->item_count; i++)
        if (decision->items[i].permit)
            more.categories.item[more.categories.count++] = disclosure->asked->items[i].category;
    const char *purpose = disclosure->asked->purpose, *source = disclosure_source (turn, disclosure->asked);
    if (disclosure->obligations->informs.of_statute)
        more.informed = (struct text_set){&purpose, 1};
    if (disclosure->obligations->informs.of_source)
        more.sources = (struct text_set){&source, 1};
    if (more.categories.count > 0)
        subject_file_note_received (turn, file, &more);
}

/* V5: a holder that did not ask does not know yet what it must do. */
static int tell_holder (struct turn *turn, const struct subject_file *file, const struct disclosure *disclosure,
                        const struct kept_duty *duty)
{
    struct event event = {
        .kind = EVENT_OBLIGATION_AROSE,
        .providers = {arena_array (turn->arena, 1, sizeof (char *)), 1},
        .recipients = {arena_array (turn->arena, 1, sizeof (char *)), 1},
        .purpose = duty->purpose,
        .obligation = duty->kind,
        .decision = duty->decision,
    };
    event.providers.item[0] = disclosure->asked->provider;
    event.recipients.item[0] = duty->recipient;
    return tell_party (turn, subject_file_about (file), duty->holder, &event);
}

static int oblige (struct turn *turn, const struct subject_file *file, const struct disclosure *disclosure)
{
    int rc = 0;
    for (size_t i = 0; i < disclosure->obligations->duty_count && rc == 0; i++) {
        const struct duty *duty = &disclosure->obligations->duties[i];
        struct kept_duty kept = {
            .decision = disclosure->number,
            .kind = duty->kind,
            .due = duty->due,
            .deferrable = duty->deferrable,
            .holder = duty->holder_is_recipient ? disclosure->asked->recipient : disclosure->asked->provider,
            .recipient = disclosure->asked->recipient,
            .purpose = disclosure->asked->purpose,
            .ground = duty->ground,
            .basis = duty->basis,
            .made_at = turn->now,
            .done_at = duty->done ? turn->now : 0,
            .done_by = duty->done ? disclosure->user : "",
            .deferred_by = "",
            .defer_reason = "",
            .report = {"", "", ""},
        };
        rc = obligation_add (turn, file, &kept);
        if (rc == 0 && !duty->done && strcmp (kept.holder, disclosure->asked_by) != 0)
            rc = tell_holder (turn, file, disclosure, &kept);
    }
    return rc;
}

int disclose (struct turn *turn, struct subject_file *file, const struct disclosure *disclosure)
{
    int rc = use_consents (turn, file, disclosure);
    if (rc == 0)
        rc = oblige (turn, file, disclosure);
    if (rc == 0)
        note_received (turn, file, disclosure);
    return rc;
}
