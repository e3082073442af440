#include "policy_print.h"

#include <string.h>
#include "policy_printing.h"

void policy_print_entry (const struct policy_printing *self, const struct policy_entry *entry, const char *remark)
{
    size_t wide = strlen (entry->code) + 2;
    fprintf (self->out, "\n%s  ", entry->code);
    struct policy_paragraph paragraph = {.out = self->out, .indent = wide, .column = wide, .fresh = true};
    policy_paragraph_write (&paragraph, self->dutch ? entry->label_nl : entry->label_en);
    policy_paragraph_write (&paragraph, remark);
    fputc ('\n', self->out);
}

static const char *name_at (const struct policy_names *names, size_t index)
{
    const struct policy_entry *entry = (const void *)((const char *)names->list + index * names->stride);
    return entry->code;
}

void policy_write_set (struct policy_paragraph *paragraph, struct policy_names names, const code_set *set,
                       const char *end)
{
    size_t left = 0;
    for (size_t i = 0; i < names.count; i++)
        left += code_set_has (set, (code)i);
    for (size_t i = 0; i < names.count; i++) {
        char word[64];
        if (!code_set_has (set, (code)i))
            continue;
        left--;
        snprintf (word, sizeof word, "%s%s", name_at (&names, i), left > 0 ? "," : end);
        policy_paragraph_write (paragraph, word);
    }
}

static struct policy_names kinds_of (const struct policy *policy)
{
    return POLICY_NAMES (policy->kinds, policy->kind_count);
}

void policy_print_set (const struct policy_printing *self, const char *label, struct policy_names names,
                       const code_set *set)
{
    struct policy_paragraph paragraph = policy_paragraph_begin (self->out, label);
    if (code_set_is_empty (set))
        policy_paragraph_write (&paragraph, policy_say (self, "none", "geen"));
    policy_write_set (&paragraph, names, set, "");
    fputc ('\n', self->out);
}

static void write_statute (const struct policy_printing *self, struct policy_paragraph *paragraph,
                           const struct policy_flow_statute *one, const char *end)
{
    struct policy_names kinds = kinds_of (self->policy);
    bool by = !code_set_is_empty (&one->by), to = !code_set_is_empty (&one->to);
    char word[64];
    snprintf (word, sizeof word, "%s%s", self->policy->statutes[one->statute].entry.code, by || to ? "" : end);
    policy_paragraph_write (paragraph, word);
    if (by) {
        policy_paragraph_write (paragraph, policy_say (self, "by", "door"));
        policy_write_set (paragraph, kinds, &one->by, to ? "" : end);
    }
    if (to) {
        policy_paragraph_write (paragraph, policy_say (self, "to", "aan"));
        policy_write_set (paragraph, kinds, &one->to, end);
    }
}

static void print_besides (const struct policy_printing *self, const struct policy_flow *flow)
{
    struct policy_paragraph paragraph = policy_paragraph_begin (self->out, policy_say (self, "besides", "en ook"));
    for (size_t i = 0; i < flow->statute_count; i++) {
        bool last = i + 1 == flow->statute_count && !flow->written_request && !flow->urgent_reasons;
        write_statute (self, &paragraph, &flow->statutes[i], last ? "" : ";");
    }
    if (flow->written_request) {
        policy_paragraph_write (&paragraph, policy_say (self, "written request", "schriftelijk verzoek"));
        if (flow->urgent_reasons)
            policy_paragraph_end (&paragraph, ";");
    }
    if (flow->urgent_reasons)
        policy_paragraph_write (&paragraph, policy_say (self, "urgent reasons", "dringende redenen"));
    if (paragraph.fresh)
        policy_paragraph_write (&paragraph, policy_say (self, "nothing", "niets"));
    fputc ('\n', self->out);
}

/* Says what KB 9.2 forbids, though the two lines above seem to allow it. */
static void print_special_exception (const struct policy_printing *self, const struct policy_flow *flow)
{
    const struct policy *policy = self->policy;
    code_set barred = {0};
    for (size_t i = 0; i < policy->kind_count; i++)
        if (code_set_has (&flow->recipients, (code)i) && !code_set_has (&policy->special_recipients, (code)i))
            code_set_add (&barred, (code)i);
    bool special = false;
    for (size_t i = 0; i < policy->category_count; i++)
        special =
            special || (code_set_has (&flow->categories, (code)i) && policy->categories[i].special != SPECIAL_NO);
    if (!special || code_set_is_empty (&barred))
        return;
    struct policy_paragraph paragraph = policy_paragraph_begin (self->out, policy_say (self, "but", "maar"));
    policy_paragraph_write (&paragraph,
                            policy_say (self, "no special categories to", "geen bijzondere persoonsgegevens aan"));
    policy_write_set (&paragraph, kinds_of (policy), &barred, "");
    fputc ('\n', self->out);
}

static void print_flow (const struct policy_printing *self, const struct policy_flow *flow)
{
    const struct policy *policy = self->policy;
    policy_print_entry (self, &flow->entry,
                        flow->no_consent ? policy_say (self, "(never by consent)", "(nooit op toestemming)")
                        : flow->one_time
                            ? policy_say (self, "(one-time consents only)", "(alleen op eenmalige toestemming)")
                            : "");
    struct policy_paragraph parties =
        policy_paragraph_begin (self->out, policy_say (self, "from > to", "van > aan"));
    policy_write_set (&parties, kinds_of (policy), &flow->providers, "");
    policy_paragraph_write (&parties, ">");
    policy_write_set (&parties, kinds_of (policy), &flow->recipients, "");
    fputc ('\n', self->out);
    policy_print_line (self->out, policy_say (self, "purpose", "doel"),
                       policy->purposes[flow->purpose].entry.code);
    policy_print_set (self, policy_say (self, "categories", "gegevens"),
                      POLICY_NAMES (policy->categories, policy->category_count), &flow->categories);
    print_special_exception (self, flow);
    print_besides (self, flow);
    policy_print_line (self->out, policy_say (self, "origin", "herkomst"),
                       policy->origins[flow->default_origin].entry.code);
    policy_print_line (self->out, policy_say (self, "source", "bron"), flow->entry.source);
}

/* The area of a flow is the first letter of its code, as in the table of KB 8. Other flows come last. */
static char area_of (const struct policy_flow *flow)
{
    char letter = flow->entry.code[0];
    return letter >= 'A' && letter <= 'F' ? letter : '\0';
}

static void print_area (const struct policy_printing *self, char area)
{
    bool any = false;
    for (size_t i = 0; i < self->policy->flow_count; i++) {
        if (area_of (&self->policy->flows[i]) != area)
            continue;
        char heading[32];
        if (area != '\0')
            snprintf (heading, sizeof heading, policy_say (self, "Area %c", "Gebied %c"), area);
        else
            snprintf (heading, sizeof heading, "%s", policy_say (self, "Outside the areas", "Buiten de gebieden"));
        if (!any)
            policy_print_heading (self->out, heading);
        any = true;
        print_flow (self, &self->policy->flows[i]);
    }
}

void policy_print (const struct policy *policy, bool dutch, FILE *out)
{
    static const char areas[] = {'A', 'B', 'C', 'D', 'E', 'F', '\0'};
    const struct policy_printing self = {policy, out, dutch};
    fprintf (out, "%s\n", policy->id);
    struct policy_paragraph title = {.out = out, .fresh = true};
    policy_paragraph_write (&title, dutch ? policy->label_nl : policy->label_en);
    fputc ('\n', out);
    policy_print_text (
        out, 0, "%s",
        policy_say (
            &self, "A flow admits consent, unless it says never; \"besides\" says what else it admits.",
            "Een rij laat toestemming toe, tenzij er nooit staat; \"en ook\" zegt wat zij verder toelaat."));
    for (size_t i = 0; i < sizeof areas; i++)
        print_area (&self, areas[i]);
    policy_print_terms (&self);
}
