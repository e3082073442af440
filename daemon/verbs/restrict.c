/* Restriction (afscherming, KB 14): set and lifted, for all data of the subject or for single categories (C5).
   Every party that received such data, or may be given them, is told (R3, V5).

   The restriction of all data and those of single categories exist side by side: each is set and lifted by
   itself. */
#include <stdlib.h>
#include <string.h>
#include "parties/parties.h"
#include "rules/decide.h"
#include "rules/policy.h"
#include "share.h"
#include "events/tell.h"
#include "done_on.h"
#include "verbs.h"

/* The most bytes that the restrictions of single categories may take as they are shown, with their reasons. All
   data can always be restricted. */
enum { RESTRICTIONS_SIZE_LIMIT = 40 * 1024 };

/* A change, and what is restricted after it. If `whole`, it is about every category. */
struct change {
    enum event_kind kind;
    bool whole;
    struct text_set categories; /* that it is about; none: nothing changes */
    struct restriction *all;
    size_t count;
};

/* A party, and the categories of the change that it received or may be given. */
struct concerned {
    const char *party;
    struct text_set categories;
};

static const struct restriction *find_restriction (const struct subject *subject, const char *category)
{
    for (size_t i = 0; i < subject->restriction_count; i++)
        if (strcmp (subject->restrictions[i].category, category) == 0)
            return &subject->restrictions[i];
    return NULL;
}

/* The parties concerned */

static void add_once (struct arena *arena, struct text_set *set, const char *text)
{
    if (text_set_has (set, text))
        return;
    if ((set->count & (set->count - 1)) == 0) { /* it holds none, or a power of two: it may be full */
        const char **more = arena_array (arena, 2 * set->count + 1, sizeof *more);
        if (set->count > 0)
            memcpy (more, set->item, set->count * sizeof *more);
        set->item = more;
    }
    set->item[set->count++] = text;
}

/* All parties that a change concerns. */
struct audience {
    struct turn *turn;
    const struct change *change;
    struct concerned *all;
    size_t count;
};

static void concern (struct audience *self, const char *party, const char *category)
{
    if (!self->change->whole && !text_set_has (&self->change->categories, category))
        return;
    size_t at = 0;
    while (at < self->count && strcmp (self->all[at].party, party) != 0)
        at++;
    if (at == self->count)
        self->all[self->count++].party = party;
    add_once (self->turn->arena, &self->all[at].categories, category);
}

/* Adds the providers and recipients of the consent, for items that are not withdrawn. */
static void concern_named (struct audience *self, const struct statement *consent)
{
    const struct scope *scope = &consent->scope;
    struct tell_items items;
    tell_find_items (self->turn, consent, NULL, &items);
    const bool *flag = items.flags;
    for (size_t p = 0; p < scope->providers.count; p++)
        for (size_t r = 0; r < scope->recipients.count; r++)
            for (size_t c = 0; c < scope->categories.count; c++)
                if (*flag++) {
                    concern (self, scope->providers.item[p], scope->categories.item[c]);
                    concern (self, scope->recipients.item[r], scope->categories.item[c]);
                }
}

/* What a statute may let flow between parties of two kinds, in either direction. */
static code_set by_statute (const struct policy *policy, code one, code other)
{
    code_set found = {{0}};
    for (size_t i = 0; i < policy->flow_count; i++) {
        const struct policy_flow *flow = &policy->flows[i];
        if (flow->statute_count > 0 &&
            ((code_set_has (&flow->providers, one) && code_set_has (&flow->recipients, other)) ||
             (code_set_has (&flow->providers, other) && code_set_has (&flow->recipients, one))))
            code_set_add_all (&found, &flow->categories);
    }
    return found;
}

static code kind_of (const struct audience *self, const char *party)
{
    const struct party *found = parties_lookup (self->turn->parties, party);
    return found != NULL ? found->kind : CODE_NONE;
}

/* Adds the providers and recipients of a statement, in whatever state it is, for what they may be given by
   statute: they know of each other that it concerns this subject, and may go by what they were told is permitted.
 */
static void concern_by_statute (struct audience *self, const struct statement *statement)
{
    const struct policy *policy = self->turn->policy;
    const struct scope *scope = &statement->scope;
    for (size_t p = 0; p < scope->providers.count; p++)
        for (size_t r = 0; r < scope->recipients.count; r++) {
            const char *provider = scope->providers.item[p], *recipient = scope->recipients.item[r];
            if (strcmp (provider, recipient) == 0)
                continue;
            code_set flows = by_statute (policy, kind_of (self, provider), kind_of (self, recipient));
            for (size_t i = 0; i < policy->category_count && !code_set_is_empty (&flows); i++)
                if (code_set_has (&flows, (code)i)) {
                    concern (self, provider, policy->categories[i].entry.code);
                    concern (self, recipient, policy->categories[i].entry.code);
                }
        }
}

/* R3: the parties that received such data, and those that may be given them by a consent that was not ended, begun
   or not, or by statute. */
static struct audience audience_of (struct turn *turn, const struct subject_file *file,
                                    const struct change *change)
{
    size_t most = file->received_count;
    for (size_t i = 0; i < file->statement_count; i++)
        most += file->statements[i].scope.providers.count + file->statements[i].scope.recipients.count;
    struct audience made = {turn, change, arena_array (turn->arena, most, sizeof *made.all), 0};
    for (size_t i = 0; i < file->received_count; i++)
        for (size_t j = 0; j < file->received[i].categories.count; j++)
            concern (&made, file->received[i].party, file->received[i].categories.item[j]);
    struct decide_facts facts = subject_file_facts (turn, file);
    for (size_t i = 0; i < file->statement_count; i++)
        if (decide_state (&facts, i) == STATE_GRANTED)
            concern_named (&made, &file->statements[i]);
    for (size_t i = 0; i < file->statement_count; i++)
        concern_by_statute (&made, &file->statements[i]);
    return made;
}

static int compare (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* R3, V5: makes one event for each party, with only its own categories (V6). */
static int tell_all (struct turn *turn, const struct subject_file *file, const struct change *change,
                     struct handling *handling)
{
    struct audience audience = audience_of (turn, file, change);
    const char **informed = arena_array (turn->arena, audience.count, sizeof *informed);
    for (size_t i = 0; i < audience.count; i++) {
        struct event event = {
            .kind = change->kind, .categories = audience.all[i].categories, .purpose = "", .whole = change->whole};
        qsort (event.categories.item, event.categories.count, sizeof *event.categories.item, compare);
        informed[i] = audience.all[i].party;
        int rc = tell_party (turn, subject_file_about (file), informed[i], &event);
        if (rc != 0)
            return rc;
    }
    handling->reply.as.restriction.informed = (struct text_set){informed, audience.count};
    return 0;
}

/* The verbs */

/* Opens the file of the subject. The answer stays OK if the pack knows the categories. If they are lifted, they
   may also be categories of an earlier pack that are still restricted. 0 or a failure. */
static int open_subject (struct turn *turn, const struct request *request, bool lifts, struct handling *handling)
{
    const struct text_set *categories = &request->as.restriction.categories;
    const char *body = lifts ? "lift_restriction" : "restrict_data";
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    for (size_t i = 0; i < categories->count; i++) {
        const char *one = categories->item[i];
        if (policy_category (turn->policy, one) == CODE_NONE &&
            (!lifts || find_restriction (&handling->file.subject, one) == NULL))
            return handling_invalid (handling, arena_printf (turn->arena, "%s.categories[%zu]", body, i),
                                     "unknown category");
    }
    return 0;
}

/* What is restricted already stays so, since then. */
static struct change add_restrictions (struct turn *turn, const struct caller *caller,
                                       const struct request *request, const struct subject *before)
{
    static const char *whole[] = {""};
    const struct restriction_request *asked = &request->as.restriction;
    struct text_set wanted = asked->whole ? (struct text_set){whole, 1} : asked->categories;
    size_t count = before->restriction_count;
    struct change change = {.kind = EVENT_DATA_RESTRICTED, .whole = asked->whole, .count = count};
    change.all = arena_array (turn->arena, count + wanted.count, sizeof *change.all);
    if (count > 0)
        memcpy (change.all, before->restrictions, count * sizeof *change.all);
    for (size_t i = 0; i < wanted.count; i++) {
        if (find_restriction (before, wanted.item[i]) != NULL)
            continue;
        add_once (turn->arena, &change.categories, wanted.item[i]);
        change.all[change.count++] = (struct restriction){.category = wanted.item[i],
                                                          .since = turn->now,
                                                          .next_order = turn->state.order + 1,
                                                          .reason = asked->reason,
                                                          .recorded_by = caller->party->text.id,
                                                          .user = request->user,
                                                          .request = asked->request};
    }
    return change;
}

static struct change take_restrictions_away (struct turn *turn, const struct restriction_request *asked,
                                             const struct subject *before)
{
    struct change change = {.kind = EVENT_RESTRICTION_LIFTED, .whole = asked->whole};
    change.all = arena_array (turn->arena, before->restriction_count, sizeof *change.all);
    for (size_t i = 0; i < before->restriction_count; i++) {
        const struct restriction *one = &before->restrictions[i];
        if (asked->whole ? one->category[0] == '\0' : text_set_has (&asked->categories, one->category))
            add_once (turn->arena, &change.categories, one->category);
        else
            change.all[change.count++] = *one;
    }
    return change;
}

static bool fits (const struct change *change)
{
    size_t size = 0;
    for (size_t i = 0; i < change->count; i++) {
        const struct restriction *one = &change->all[i];
        size += 32 + strlen (one->category) + strlen (one->reason) + strlen (one->recorded_by);
    }
    return size <= RESTRICTIONS_SIZE_LIMIT;
}

/* Records the change, if it is one, and answers. */
static int record (struct turn *turn, const struct caller *caller, const struct change *change,
                   struct handling *handling)
{
    struct subject subject = handling->file.subject;
    handling->reply.body = REPLY_RESTRICTION;
    handling->reply.as.restriction.already = change->categories.count == 0;
    handling->reply.as.restriction.subject = &handling->file.subject;
    vault_subject_ref (turn->vault, handling->file.id, caller->party->text.id,
                       handling->reply.as.restriction.subject_ref.bytes);
    if (change->categories.count == 0)
        return 0;
    subject.restrictions = change->all;
    subject.restriction_count = change->count;
    turn->state.revision++;
    int rc = subject_file_put_subject (turn, &handling->file, &subject);
    return rc == 0 ? tell_all (turn, &handling->file, change, handling) : rc;
}

int verb_restrict_data (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    struct done_on done_on = {
        .number = request->as.restriction.request, .action = RIGHTS_CARRY_OUT, .field = "restrict_data.request"};
    int rc = open_subject (turn, request, false, handling);
    if (rc == 0 && handling->reply.status == STATUS_OK)
        rc = done_on_open (turn, caller, &done_on, handling);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    struct change change = add_restrictions (turn, caller, request, &handling->file.subject);
    if (!change.whole && !fits (&change))
        return handling_invalid (handling, "restrict_data.categories",
                                 "too much is restricted: restrict the whole");
    if (change.categories.count > 0 &&
        !share_take_withdrawal (turn, caller)) /* a restriction protects, as a withdrawal does */
        return share_refuse (turn, handling, share_is_taken);
    rc = record (turn, caller, &change, handling);
    return rc == 0 && change.categories.count > 0 ? done_on_note (turn, &done_on, "restrict", handling) : rc;
}

int verb_lift_restriction (struct turn *turn, const struct caller *caller, const struct request *request,
                           struct handling *handling)
{
    int rc = open_subject (turn, request, true, handling);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    struct change change = take_restrictions_away (turn, &request->as.restriction, &handling->file.subject);
    return record (turn, caller, &change, handling);
}
