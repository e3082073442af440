/* Every combination of a pack against the oracle's table.

   Where the oracle permits anything at all (a flow carries the category) the item is decided in every situation:
   agreement x restriction x age x scenario x claim x mode x origin, and manager where the purpose needs one and
   the disclosure is about to happen. What must come out alike takes turns: whether a provider is raised to secrecy
   by its own setting or by the request, who hears the answer, and of what kind an incomplete claim is. Of a
   provider that is raised, or not active, agreement and restriction take turns too. Every other cell is decided
   under every agreement and restriction, with all else in rotation: nothing depends on that there.

   test-exhaustive PACK TABLE says how many were decided and how many differ, with the first of each scenario in
   words, up to twenty scenarios. It ends with 1 if any differs. test-exhaustive PACK TABLE NUMBER decides at
   random one in so many: for who looks for a difference. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy_read.h"
#include "rules/ground.h"
#include "situation.h"
#include "table.h"

enum { TOLD = 20, HALF = 27, MOST_ORIGINS = 16, MOST_CLAIMS = 32, MOST_SCENARIOS = 256 };

struct run {
    struct policy *policy;
    struct table table;
    struct situation_cell facts; /* of the cells at hand */
    struct party provider, recipient;
    bool raised;           /* the provider, to professional secrecy: by its own setting or by the request */
    bool manager_first;    /* the purpose is marked so */
    bool gates_take_turns; /* agreement and restriction */
    size_t cell[LISTS], at[DIMENSIONS];
    struct situation situation;
    size_t listener;
    const char *halves[2][HALF]; /* sorted */
    code categories[2 * HALF], origins[MOST_ORIGINS], purpose;
    size_t origin_count;
    const struct situation_claim_kind *claims[MOST_CLAIMS];
    uint64_t random;
    size_t one_in;
    size_t turn; /* of what must come out alike: chosen anew for each check */
    uint64_t decided, differ;
    bool told_of[MOST_SCENARIOS];
    size_t told;
};

/* Categories of one half that are asked in one check, and the class of each. */
struct batch {
    size_t count, category[HALF], classes[HALF];
};

static const char *dimension_name (const struct run *run, enum dimension dimension)
{
    return run->table.dimensions[dimension].name[run->at[dimension]];
}

static const char *list_name (const struct run *run, enum list list)
{
    return run->table.lists[list].name[run->cell[list]];
}

static __attribute__ ((noreturn)) void give_up (const char *what, const char *name)
{
    fprintf (stderr, "the pack or this program does not know the %s %s\n", what, name);
    exit (2);
}

/* --- One check --- */

/* The program is linked so that these stand for the daemon's: no ground tells of a moment at which it changes, and
   so each check is judged once, not again for each such moment. `until` comes of that, of which the oracle says
   nothing; test-decide-until and test-decide-properties do. */
moment __wrap_consent_ground_next (const struct inquiry *inquiry, moment after);
moment __wrap_consent_ground_next (const struct inquiry *inquiry, moment after)
{
    (void)inquiry, (void)after;
    return MOMENT_NEVER;
}

moment __wrap_without_consent_ground_next (const struct inquiry *inquiry, moment after);
moment __wrap_without_consent_ground_next (const struct inquiry *inquiry, moment after)
{
    (void)inquiry, (void)after;
    return MOMENT_NEVER;
}

static void set_agreement (struct party *party, bool missing, size_t turn)
{
    party->agreement_from = situation_day (-100);
    party->agreement_until = MOMENT_NEVER;
    if (!missing)
        return;
    if (turn % 3 == 0)
        party->agreement_from = MOMENT_NEVER;
    else if (turn % 3 == 1)
        party->agreement_from = situation_day (1);
    else
        party->agreement_until = situation_now ();
}

/* One party's missing is enough: where both kinds need an agreement they take turns. */
static void set_agreements (struct run *run)
{
    bool missing = strcmp (dimension_name (run, AGREEMENT), "missing") == 0;
    bool provider = run->policy->kinds[run->provider.kind].needs_agreement;
    bool recipient = run->policy->kinds[run->recipient.kind].needs_agreement;
    size_t turn = provider && recipient ? run->turn % 3 : 2;
    set_agreement (&run->provider, missing && turn != 0, run->turn / 3);
    set_agreement (&run->recipient, missing && turn != 1, run->turn / 3 + 1);
}

static bool same_reasons (const struct rule_codes *a, const struct rule_codes *b)
{
    return a->count == b->count && memcmp (a->code, b->code, a->count) == 0;
}

static bool is_expected (const struct item_decision *item, const struct outcome *expected, size_t listener)
{
    if (item->permit != expected->permit || !same_reasons (&item->reasons, &expected->heard[0]) ||
        !same_reasons (&item->heard, &expected->heard[listener]))
        return false;
    if (!item->permit)
        return true;
    if (item->ground != expected->ground || item->against_will_heard != expected->against[listener] ||
        item->against_will != expected->against[0])
        return false;
    switch (item->ground) {
    case POLICY_CONSENT:
        return item->consent == expected->statement;
    case POLICY_STATUTE:
        return item->statute == expected->code;
    case POLICY_WITHOUT_CONSENT:
        return item->urgent_reason == expected->code;
    case POLICY_GROUNDS:
        break;
    }
    return false;
}

static void print_item (const struct item_decision *item)
{
    static const char *const grounds[] = {"consent", "statute", "without consent", "no ground"};
    if (item->permit)
        printf ("permit on %s (statement %zd, statute %u, urgent reason %u)", grounds[item->ground],
                (ssize_t)item->consent + 1, item->statute, item->urgent_reason);
    else
        printf ("deny");
    for (unsigned i = 0; i < item->reasons.count; i++)
        printf (" %s", rule_code_name (item->reasons.code[i]));
    printf ("%s | heard:", item->against_will ? " against the will" : "");
    for (unsigned i = 0; i < item->heard.count; i++)
        printf (" %s", rule_code_name (item->heard.code[i]));
    printf ("%s\n", item->against_will_heard ? " against the will" : "");
}

/* The first that differs of each scenario. */
static void tell (struct run *run, const struct item_decision *item, const struct outcome *expected)
{
    size_t scenario = run->at[SCENARIO] % MOST_SCENARIOS;
    run->differ++;
    if (run->told == TOLD || run->told_of[scenario])
        return;
    run->told_of[scenario] = true;
    run->told++;
    printf ("%s to %s, %s, %s:", list_name (run, PROVIDERS), list_name (run, RECIPIENTS),
            list_name (run, PURPOSES), list_name (run, CATEGORIES));
    for (enum dimension i = 0; i < DIMENSIONS; i++)
        printf (" %s", dimension_name (run, i));
    printf (", heard by %s, turn %zu", run->table.lists[LISTENERS].name[run->listener], run->turn);
    printf ("\n  the rules:  %s\n  the daemon: ", expected->text);
    print_item (item);
}

/* The categories of the batch times the origins, the origins fastest. */
static void decide_items (struct run *run, const struct batch *batch, struct check *check)
{
    static struct decision decision;
    struct decide_facts facts = {
        .policy = run->policy,
        .subject = &run->situation.subject,
        .statements = run->situation.statements,
        .statement_count = run->situation.statement_count,
        .now = situation_now (),
        .listener = {.party = run->table.lists[LISTENERS].name[run->listener], .explain = run->listener == 0}};
    check->item_count = 0;
    for (size_t i = 0; i < batch->count; i++)
        for (size_t origin = 0; origin < run->origin_count; origin++)
            check->items[check->item_count++] =
                (struct check_item){run->categories[batch->category[i]], run->origins[origin]};
    decide (&facts, check, &decision);
    const struct item_decision *item = decision.items;
    for (size_t i = 0; i < batch->count; i++) {
        run->cell[CATEGORIES] = batch->category[i];
        run->at[ORIGIN] = 0;
        size_t index = table_index (&run->table, batch->classes[i], run->at);
        for (; run->at[ORIGIN] < run->origin_count; run->at[ORIGIN]++, item++) {
            const struct outcome *expected = table_outcome (&run->table, index + run->at[ORIGIN]);
            run->decided++;
            if (!is_expected (item, expected, run->listener))
                tell (run, item, expected);
        }
    }
}

/* At random, and the same each time: counting would go in step with the loops, and meet each claim with few turns.
 */
static size_t next_turn (struct run *run)
{
    run->random = run->random * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(run->random >> 33);
}

/* A provider that is raised to secrecy is so by its own setting, by the request, or by both; for one whose kind is
   bound the request may say it too. */
static void set_secrecy (struct run *run, struct check *check)
{
    enum secrecy own = run->policy->kinds[run->provider.kind].secrecy;
    size_t turn = run->turn % 3;
    run->provider.secrecy = run->raised && turn != 0 ? SECRECY_PROFESSIONAL : own;
    check->under_secrecy = (run->raised || own == SECRECY_PROFESSIONAL) && turn != 1;
}

static void set_manager (const struct run *run, struct check *check)
{
    const char *manager = dimension_name (run, MANAGER);
    check->manager_consulted = strcmp (manager, "given") == 0;
    check->no_manager = strcmp (manager, "nobody") == 0;
}

/* The situation but for the origin stands in run->at, and its facts are built. */
static void decide_batch (struct run *run, const struct batch *batch)
{
    struct situation_claim claim;
    struct check check = {.provider = &run->provider,
                          .recipient = &run->recipient,
                          .purpose = run->purpose,
                          .case_ref = run->situation.case_ref,
                          .mode =
                              strcmp (dimension_name (run, MODE), "ADVISE") == 0 ? MODE_ADVISE : MODE_DISCLOSE};
    if (run->one_in > 1 && next_turn (run) % run->one_in != 0)
        return;
    run->turn = next_turn (run);
    run->listener = run->turn / 64 % run->table.lists[LISTENERS].count;
    set_agreements (run);
    set_secrecy (run, &check);
    set_manager (run, &check);
    bool secrecy = check.under_secrecy || run->provider.secrecy == SECRECY_PROFESSIONAL;
    situation_claim (&run->situation, run->policy, secrecy, run->claims[run->at[CLAIM]], run->turn / 512, &claim);
    check.claim = claim.claim;
    decide_items (run, batch, &check);
}

/* --- Every situation --- */

static void build (struct run *run)
{
    situation_build (&run->situation, table_facts (&run->table, run->at), &run->facts);
}

static void restrict_batch (struct run *run, const struct batch *batch)
{
    const char *names[HALF];
    struct text_set categories = {names, 0};
    for (size_t i = 0; i < batch->count; i++)
        names[categories.count++] = run->table.lists[CATEGORIES].name[batch->category[i]];
    if (!situation_restrict (&run->situation, &run->facts, dimension_name (run, RESTRICTION), &categories,
                             next_turn (run)))
        give_up ("restriction", dimension_name (run, RESTRICTION));
}

static bool more (const struct run *run, enum dimension dimension)
{
    return run->at[dimension] < run->table.dimensions[dimension].count;
}

static void decide_managers (struct run *run, const struct batch *batch)
{
    bool matters = run->manager_first && strcmp (dimension_name (run, MODE), "DISCLOSE") == 0;
    run->at[MANAGER] = matters ? 0 : next_turn (run) % run->table.dimensions[MANAGER].count;
    decide_batch (run, batch);
    if (matters)
        for (run->at[MANAGER] = 1; more (run, MANAGER); run->at[MANAGER]++)
            decide_batch (run, batch);
}

/* Under the age, the scenario, the restriction and the agreement in run->at. */
static void decide_requests (struct run *run, const struct batch *batch)
{
    for (run->at[CLAIM] = 0; more (run, CLAIM); run->at[CLAIM]++)
        for (run->at[MODE] = 0; more (run, MODE); run->at[MODE]++)
            decide_managers (run, batch);
}

static bool is_its_turn (const struct run *run, size_t turn)
{
    size_t agreements = run->table.dimensions[AGREEMENT].count;
    size_t restrictions = run->table.dimensions[RESTRICTION].count;
    return !run->gates_take_turns ||
           run->at[RESTRICTION] * agreements + run->at[AGREEMENT] == turn % (agreements * restrictions);
}

static void decide_gates (struct run *run, const struct batch *batch)
{
    size_t turn = next_turn (run);
    for (run->at[RESTRICTION] = 0; more (run, RESTRICTION); run->at[RESTRICTION]++)
        for (run->at[AGREEMENT] = 0; more (run, AGREEMENT); run->at[AGREEMENT]++)
            if (is_its_turn (run, turn)) {
                restrict_batch (run, batch);
                decide_requests (run, batch);
            }
}

static void decide_everything (struct run *run, const struct batch *batch)
{
    for (run->at[AGE] = 0; more (run, AGE); run->at[AGE]++)
        for (run->at[SCENARIO] = 0; more (run, SCENARIO); run->at[SCENARIO]++) {
            build (run);
            decide_gates (run, batch);
        }
}

/* What is left of a turn chooses one of the dimension. */
static void take_turn (struct run *run, enum dimension dimension, size_t *turn)
{
    size_t count = run->table.dimensions[dimension].count;
    run->at[dimension] = *turn % count;
    *turn /= count;
}

static void decide_in_rotation (struct run *run, const struct batch *batch)
{
    for (run->at[RESTRICTION] = 0; more (run, RESTRICTION); run->at[RESTRICTION]++)
        for (run->at[AGREEMENT] = 0; more (run, AGREEMENT); run->at[AGREEMENT]++) {
            size_t turn = next_turn (run);
            for (enum dimension i = AGE; i < ORIGIN; i++)
                take_turn (run, i, &turn);
            build (run);
            restrict_batch (run, batch);
            decide_batch (run, batch);
        }
}

/* --- Every cell --- */

static bool flow_is_one_time (const struct run *run, code purpose)
{
    for (size_t i = 0; i < run->policy->flow_count; i++) {
        const struct policy_flow *flow = &run->policy->flows[i];
        if (flow->purpose == purpose && code_set_has (&flow->providers, run->provider.kind) &&
            code_set_has (&flow->recipients, run->recipient.kind))
            return flow->one_time;
    }
    return false;
}

/* Empties the batch. */
static void decide_categories (struct run *run, struct batch *batch, bool carried)
{
    if (batch->count > 0)
        (carried ? decide_everything : decide_in_rotation) (run, batch);
    batch->count = 0;
}

static void decide_half (struct run *run, size_t from, size_t to)
{
    struct batch carried = {0}, others = {0};
    for (size_t category = from; category < to; category++) {
        run->cell[CATEGORIES] = category;
        size_t class = table_class (&run->table, run->cell);
        struct batch *batch = table_permits (&run->table, class) ? &carried : &others;
        batch->category[batch->count] = category;
        batch->classes[batch->count++] = class;
        if (batch->count == DECIDE_ITEMS / run->origin_count)
            decide_categories (run, batch, batch == &carried);
    }
    decide_categories (run, &carried, true);
    decide_categories (run, &others, false);
}

static void decide_cells (struct run *run)
{
    const struct names *categories = &run->table.lists[CATEGORIES];
    struct text_set first = {run->halves[0], HALF}, second = {run->halves[1], categories->count - HALF};
    code purpose = run->purpose = policy_purpose (run->policy, list_name (run, PURPOSES));
    bool bound = run->raised || run->provider.secrecy == SECRECY_PROFESSIONAL;
    bool one_time = bound || flow_is_one_time (run, purpose);
    run->manager_first = run->policy->purposes[purpose].manager_first;
    run->facts = (struct situation_cell){run->policy, list_name (run, PURPOSES), first, second, one_time};
    decide_half (run, 0, HALF);
    run->facts.half = second;
    run->facts.other_half = first;
    decide_half (run, HALF, categories->count);
}

/* The party of this kind, or of "KIND:raised" or "KIND:inactive". */
static struct party party_of (const struct run *run, const char *name, const char *id)
{
    char kind_name[64] = "";
    size_t length = strcspn (name, ":");
    if (length < sizeof kind_name)
        memcpy (kind_name, name, length);
    code kind = policy_kind (run->policy, kind_name);
    if (kind == CODE_NONE)
        give_up ("kind", name);
    return (struct party){.id = id,
                          .kind = kind,
                          .secrecy = run->policy->kinds[kind].secrecy,
                          .active = strcmp (name + length, ":inactive") != 0};
}

static void set_provider (struct run *run)
{
    const char *name = list_name (run, PROVIDERS);
    run->provider = party_of (run, name, "provider");
    run->raised = strstr (name, ":raised") != NULL;
    run->gates_take_turns = strchr (name, ':') != NULL;
}

static int compare_names (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void halve_categories (struct run *run)
{
    const struct names *categories = &run->table.lists[CATEGORIES];
    if (categories->count <= HALF || categories->count > 2 * HALF)
        give_up ("number of categories after", categories->name[categories->count - 1]);
    for (size_t i = 0; i < categories->count; i++)
        run->halves[i / HALF][i % HALF] = categories->name[i];
    qsort (run->halves[0], HALF, sizeof (char *), compare_names);
    qsort (run->halves[1], categories->count - HALF, sizeof (char *), compare_names);
}

/* The names of the table in codes of the pack, which must know them all. */
static void set_codes (struct run *run)
{
    const struct names *purposes = &run->table.lists[PURPOSES], *categories = &run->table.lists[CATEGORIES],
                       *origins = &run->table.dimensions[ORIGIN];
    for (size_t i = 0; i < purposes->count; i++)
        if (policy_purpose (run->policy, purposes->name[i]) == CODE_NONE)
            give_up ("purpose", purposes->name[i]);
    for (size_t i = 0; i < categories->count; i++)
        if ((run->categories[i] = policy_category (run->policy, categories->name[i])) == CODE_NONE)
            give_up ("category", categories->name[i]);
    for (run->origin_count = 0; run->origin_count < origins->count; run->origin_count++) {
        const char *name = origins->name[run->origin_count];
        code origin = policy_origin (run->policy, name);
        if (run->origin_count == MOST_ORIGINS || (origin == CODE_NONE && strcmp (name, "-") != 0))
            give_up ("origin", name);
        run->origins[run->origin_count] = origin;
    }
}

static void find_claims (struct run *run)
{
    const struct names *names = &run->table.dimensions[CLAIM];
    for (size_t i = 0; i < names->count; i++)
        if (i == MOST_CLAIMS || (run->claims[i] = situation_claim_named (names->name[i])) == NULL)
            give_up ("claim", names->name[i]);
}

static void decide_all (struct run *run)
{
    const struct names *lists = run->table.lists;
    halve_categories (run);
    set_codes (run);
    find_claims (run);
    for (run->cell[PROVIDERS] = 0; run->cell[PROVIDERS] < lists[PROVIDERS].count; run->cell[PROVIDERS]++) {
        set_provider (run);
        for (run->cell[RECIPIENTS] = 0; run->cell[RECIPIENTS] < lists[RECIPIENTS].count; run->cell[RECIPIENTS]++) {
            run->recipient = party_of (run, list_name (run, RECIPIENTS), "recipient");
            for (run->cell[PURPOSES] = 0; run->cell[PURPOSES] < lists[PURPOSES].count; run->cell[PURPOSES]++)
                decide_cells (run);
        }
    }
}

int main (int argc, char **argv)
{
    static struct run run;
    struct policy_error error = {.message = ""};
    char directory[1024];
    if (argc != 3 && argc != 4) {
        fprintf (stderr, "usage: %s PACK TABLE [NUMBER]\n", argv[0]);
        return 2;
    }
    run.one_in = argc == 4 ? strtoul (argv[3], NULL, 10) : 1;
    snprintf (directory, sizeof directory, "%s/policies/%s", CONFIG_DIR, argv[1]);
    if (policy_read (&run.policy, directory, NULL, &error) != 0) {
        fprintf (stderr, "%s:%u: %s\n", error.file, error.line, error.message);
        return 2;
    }
    table_read (&run.table, argv[2], run.policy);
    decide_all (&run);
    printf ("%s: %" PRIu64 " combinations decided, %" PRIu64 " differ\n", argv[1], run.decided, run.differ);
    table_clear (&run.table);
    policy_destroy (&run.policy);
    return run.differ == 0 ? 0 : 1;
}
