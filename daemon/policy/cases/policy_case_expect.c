/* The expected decision of a case, item by item. */
#include <string.h>
#include "policy_case_reading.h"
#include "policy/policy_error.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

static void take_permit (struct case_reading *self, struct policy_expectation *expected)
{
    static const char *const words[] = {"consent", "statute", "written-request", "urgent-reasons"};
    static const enum policy_ground grounds[] = {POLICY_CONSENT, POLICY_STATUTE, POLICY_WITHOUT_CONSENT,
                                                 POLICY_WITHOUT_CONSENT};
    static const enum claim_kind claims[] = {CLAIM_NONE, CLAIM_NONE, CLAIM_WRITTEN_REQUEST, CLAIM_URGENT_REASONS};
    struct policy_reading *pack = self->pack;
    unsigned line = self->words.line;
    const char *word = case_take (self, "a ground");
    int one = pack->failed
                  ? -1
                  : policy_word_choice (pack, self->field, (struct policy_word){word, line}, words, COUNT (words));
    if (one < 0)
        return;
    expected->permit = true;
    expected->ground = grounds[one];
    if (claims[one] != CLAIM_NONE && claims[one] != self->one->check.claim.kind)
        policy_fail (pack, line, "the case does not claim \"%s\"", words[one]);
    line = self->words.line;
    if (expected->ground == POLICY_STATUTE)
        word = case_take (self, "a statute");
    if (expected->ground == POLICY_STATUTE && !pack->failed)
        expected->statute = policy_word_code (pack, line, word, &pack->statutes);
    expected->against_will = case_take_if (self, "against-will");
}

/* The code of the rules with this name. If there is none, fails and returns 0. */
static enum rule_code find_reason (struct case_reading *self, unsigned line, const char *word)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, word);
    for (unsigned i = 1; i < UINT8_MAX; i++) {
        const char *name = rule_code_name ((enum rule_code)i);
        if (strcmp (name, "UNKNOWN") == 0)
            continue;
        if (strcmp (name, word) == 0)
            return (enum rule_code)i;
        policy_nearest_offer (&nearest, name);
    }
    char hint[POLICY_CODE_SIZE + 32];
    policy_fail (self->pack, line, "unknown reason \"%.48s\"%s", word,
                 policy_nearest_hint (&nearest, hint, sizeof hint));
    return (enum rule_code)0;
}

static void take_denial (struct case_reading *self, struct policy_expectation *expected)
{
    do {
        unsigned line = self->words.line;
        const char *word = case_take (self, "a reason");
        enum rule_code reason = self->pack->failed ? (enum rule_code)0 : find_reason (self, line, word);
        if (reason != 0)
            rule_codes_add (&expected->reasons, reason);
    } while (!self->pack->failed && self->word != NULL);
}

/* The items that one line is about. */
struct selection {
    bool item[DECIDE_ITEMS];
};

static void take_selector (struct case_reading *self, struct selection *selection)
{
    const struct check *check = &self->one->check;
    code origin = CODE_NONE;
    bool found = false;
    code_set set = case_take_items (self, &origin);
    for (size_t i = 0; i < check->item_count; i++) {
        bool meant = code_set_has (&set, check->items[i].category) &&
                     (origin == CODE_NONE || origin == check->items[i].origin);
        selection->item[i] = selection->item[i] || meant;
        found = found || meant;
    }
    if (!found)
        policy_fail (self->pack, self->field->line, "\"expect\" names a category that is not among the items");
}

static bool at_verdict (const struct case_reading *self)
{
    return self->word == NULL || strcmp (self->word, "PERMIT") == 0 || strcmp (self->word, "DENY") == 0;
}

/* "expect PERMIT consent", "expect naw, bsn DENY STATUTE_NOT_FOR_ORIGIN, NO_CONSENT" */
static void read_expect (struct case_reading *self, struct policy_field *field)
{
    struct policy_expectation expected = {.line = field->line, .statute = CODE_NONE, .ground = POLICY_GROUNDS};
    struct selection selection = {{false}};
    case_start (self, field);
    bool all = at_verdict (self);
    while (!self->pack->failed && !at_verdict (self))
        take_selector (self, &selection);
    if (case_take_if (self, "PERMIT"))
        take_permit (self, &expected);
    else if (case_take_if (self, "DENY"))
        take_denial (self, &expected);
    else
        case_fail (self, "\"expect\" is PERMIT and a ground, or DENY and its reasons");
    case_end (self);
    for (size_t i = 0; i < self->one->check.item_count && !self->pack->failed; i++) {
        if (!all && !selection.item[i])
            continue;
        if (self->one->expected[i].line != 0)
            policy_fail (self->pack, field->line, "what to expect is said twice of one item; first on line %u",
                         self->one->expected[i].line);
        self->one->expected[i] = expected;
    }
}

static void check_all_expected (struct case_reading *self, const struct policy_stanza *stanza)
{
    for (size_t i = 0; i < self->one->check.item_count; i++) {
        policy_part (self->pack);
        char item[POLICY_CASE_TEXT];
        policy_case_item_text (self->pack->policy, self->one, i, item);
        if (self->one->expected[i].line == 0)
            policy_fail (self->pack, stanza->line, "case \"%s\" does not say what to expect of %s", stanza->name,
                         item);
    }
}

void case_read_expectations (struct case_reading *self, const struct policy_stanza *stanza)
{
    size_t failures = self->pack->failures;
    case_read_each (self, stanza, "expect", read_expect);
    if (self->pack->failures == failures)
        check_all_expected (self, stanza);
}
