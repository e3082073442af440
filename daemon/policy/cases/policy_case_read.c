/* cases.txt: each case is a question, the facts of a subject, and the expected decision. What is said of a day
   happens at its start. The question is asked at noon. */
#include <string.h>
#include "policy_case_reading.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

/* Reads consents and refusals in the order of the file, which is the order of their recording (G10). */
static void read_statements (struct case_reading *self, const struct policy_stanza *stanza)
{
    size_t failures = self->pack->failures;
    for (size_t i = 0; i < stanza->field_count; i++) {
        struct policy_field *field = &stanza->fields[i];
        bool refusal = strcmp (field->key, "refusal") == 0;
        if ((refusal || strcmp (field->key, "consent") == 0) && policy_field_begin (self->pack, field))
            case_read_statement (self, field, refusal);
    }
    if (self->pack->failures > failures || !self->meaningful)
        return;
    case_place_restrictions (self);
    decide_prepare (self->pack->policy, &self->one->subject, self->one->statements, self->one->statement_count);
}

/* Statements name who signed and take their scope from the question, and an expectation names its items: where
   these were refused, nobody knows whether it is right. */

static void read_case (struct policy_reading *pack, const struct policy_stanza *stanza, void *entry)
{
    struct policy_case *one = entry;
    struct case_reading self = {
        .pack = pack, .arena = pack->arena, .one = one, .meaningful = pack->cases_are_meaningful};
    one->entry.label_nl = policy_field_text (pack, policy_stanza_field (stanza, "nl"));
    one->entry.label_en = "";
    one->entry.source = policy_field_text (pack, policy_stanza_field (stanza, "source"));
    size_t failures = pack->failures;
    case_read_subject (&self, stanza);
    case_read_question (&self, stanza);
    if (pack->failures > failures)
        return;
    read_statements (&self, stanza);
    case_read_expectations (&self, stanza);
}

void policy_read_cases (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"case"};
    static const struct policy_key keys[] = {{"nl", KEY_REQUIRED},
                                             {"source", KEY_REQUIRED},
                                             {"provider", KEY_REQUIRED},
                                             {"recipient", KEY_REQUIRED},
                                             {"purpose", KEY_REQUIRED},
                                             {"items", KEY_REQUIRED},
                                             {"origin", KEY_OPTIONAL},
                                             {"mode", KEY_OPTIONAL},
                                             {"all-or-nothing", KEY_OPTIONAL},
                                             {"case-reference", KEY_OPTIONAL},
                                             {"claims", KEY_OPTIONAL},
                                             {"under-secrecy", KEY_OPTIONAL},
                                             {"manager", KEY_OPTIONAL},
                                             {"day", KEY_OPTIONAL},
                                             {"age", KEY_OPTIONAL},
                                             {"born", KEY_OPTIONAL},
                                             {"died", KEY_OPTIONAL},
                                             {"capable", KEY_REPEATED},
                                             {"representative", KEY_REPEATED},
                                             {"restricted", KEY_REPEATED},
                                             {"party", KEY_REPEATED},
                                             {"consent", KEY_REPEATED},
                                             {"refusal", KEY_REPEATED},
                                             {"expect", KEY_REPEATED}};
    static const struct policy_sort sort = {"case", sizeof (struct policy_case), keys, COUNT (keys), read_case};
    struct policy_vocabulary cases;
    self->cases_are_meaningful = self->faults->count == 0;
    policy_check_headings (self, document, sorts, COUNT (sorts), true);
    self->policy->cases = policy_read_list (self, document, &sort, &cases);
    self->policy->case_count = cases.count;
}
