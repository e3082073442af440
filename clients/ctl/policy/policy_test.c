#include "policy_test.h"

#include <string.h>
#include "codec/document.h"
#include "policy/cases/policy_cases.h"
#include "policy/policy_paragraph.h"

enum { INDENT = 6 };

static bool passes (const struct policy_case *one, const struct decision *decision)
{
    bool all = true;
    for (size_t i = 0; i < one->check.item_count; i++)
        all = all && policy_case_is_met (one, decision, i);
    return all;
}

static struct policy_paragraph begin_line (FILE *out)
{
    fprintf (out, "%*s", INDENT, "");
    return (struct policy_paragraph){.out = out, .indent = INDENT + 2, .column = INDENT, .fresh = true};
}

/* A case that is printed, as it was decided. */
struct tried {
    const struct policy *policy;
    const struct policy_case *one;
    const struct decision *decision;
    enum language language;
    FILE *out;
};

static void outcome_text (const struct tried *self, size_t item, char text[3 * POLICY_CASE_TEXT])
{
    const struct policy_case *one = self->one;
    char expected[POLICY_CASE_TEXT], decided[POLICY_CASE_TEXT];
    policy_case_expected_text (self->policy, one, item, expected);
    policy_case_decided_text (self->policy, one, self->decision, item, decided);
    if (policy_case_is_met (one, self->decision, item))
        snprintf (text, 3 * POLICY_CASE_TEXT, "%s", decided);
    else
        snprintf (text, 3 * POLICY_CASE_TEXT,
                  in_language (self->language, "expected %s, decided %s (cases.txt:%u)",
                               "verwacht %s, beslist %s (cases.txt:%u)"),
                  expected, decided, one->expected[item].line);
}

/* Prints on one line the items that were decided as the item `first` was. */
static void print_items (const struct tried *self, size_t first)
{
    const struct policy_case *one = self->one;
    char outcome[3 * POLICY_CASE_TEXT], other[3 * POLICY_CASE_TEXT], item[POLICY_CASE_TEXT];
    outcome_text (self, first, outcome);
    for (size_t i = 0; i < first; i++) {
        outcome_text (self, i, other);
        if (strcmp (outcome, other) == 0)
            return; /* it is on the line of an earlier item */
    }
    struct policy_paragraph line = begin_line (self->out);
    for (size_t i = first; i < one->check.item_count; i++) {
        outcome_text (self, i, other);
        if (strcmp (outcome, other) != 0)
            continue;
        if (i > first)
            policy_paragraph_end (&line, ",");
        policy_case_item_text (self->policy, one, i, item);
        policy_paragraph_write (&line, item);
    }
    policy_paragraph_end (&line, ":");
    policy_paragraph_write (&line, outcome);
    fputc ('\n', self->out);
}

static void print_question (const struct tried *self)
{
    const struct policy_case *one = self->one;
    struct policy_paragraph line = begin_line (self->out);
    policy_paragraph_write (&line, one->check.provider->id);
    policy_paragraph_write (&line, ">");
    policy_paragraph_write (&line, one->check.recipient->id);
    policy_paragraph_write (&line, in_language (self->language, "for", "voor"));
    policy_paragraph_write (&line, self->policy->purposes[one->check.purpose].entry.code);
    policy_paragraph_end (&line, ";");
    policy_paragraph_write (&line, one->entry.source);
    fputc ('\n', self->out);
}

/* Returns whether it passed. */
static bool print_case (const struct tried *self)
{
    const struct policy_case *one = self->one;
    bool passed = passes (one, self->decision);
    struct policy_paragraph title = {.out = self->out, .indent = INDENT, .column = INDENT, .fresh = true};
    fprintf (self->out, "\n%-*s", INDENT,
             passed ? in_language (self->language, "pass", "goed") : in_language (self->language, "FAIL", "FOUT"));
    policy_paragraph_write (&title, one->entry.code);
    policy_paragraph_end (&title, ":");
    policy_paragraph_write (&title, one->entry.label_nl);
    fputc ('\n', self->out);
    print_question (self);
    for (size_t item = 0; item < one->check.item_count; item++)
        print_items (self, item);
    return passed;
}

size_t policy_test_print (const struct policy *policy, enum language language, FILE *out)
{
    size_t failed = 0;
    fprintf (out, "%s\n", policy->id);
    for (size_t i = 0; i < policy->case_count; i++) {
        struct decision decision;
        const struct tried tried = {policy, &policy->cases[i], &decision, language, out};
        policy_case_decide (policy, tried.one, &decision);
        failed += !print_case (&tried);
    }
    if (policy->case_count == 0)
        fputs (in_language (language, "The pack carries no cases.\n", "Het pakket heeft geen gevallen.\n"), out);
    fprintf (out, in_language (language, "\n%zu passed, %zu failed\n", "\n%zu goed, %zu fout\n"),
             policy->case_count - failed, failed);
    return failed;
}

static json_t *item_json (const struct policy *policy, const struct policy_case *one,
                          const struct decision *decision, size_t item)
{
    char name[POLICY_CASE_TEXT], expected[POLICY_CASE_TEXT], decided[POLICY_CASE_TEXT];
    policy_case_item_text (policy, one, item, name);
    policy_case_expected_text (policy, one, item, expected);
    policy_case_decided_text (policy, one, decision, item, decided);
    return json_pack ("{s:s, s:i, s:s, s:s, s:b}", "item", name, "line", (int)one->expected[item].line, "expected",
                      expected, "decided", decided, "passed", policy_case_is_met (one, decision, item));
}

static json_t *case_json (const struct policy *policy, const struct policy_case *one,
                          const struct decision *decision)
{
    json_t *items = json_array ();
    for (size_t item = 0; item < one->check.item_count; item++)
        json_array_append_new (items, item_json (policy, one, decision, item));
    return json_pack ("{s:s, s:o, s:o, s:s, s:s, s:s, s:b, s:o}", "code", one->entry.code, "label_nl",
                      document_string (one->entry.label_nl), "source", document_string (one->entry.source),
                      "provider", one->check.provider->id, "recipient", one->check.recipient->id, "purpose",
                      policy->purposes[one->check.purpose].entry.code, "passed", passes (one, decision), "items",
                      items);
}

json_t *policy_test_json (const struct policy *policy, size_t *failed)
{
    json_t *cases = json_array ();
    *failed = 0;
    for (size_t i = 0; i < policy->case_count; i++) {
        struct decision decision;
        policy_case_decide (policy, &policy->cases[i], &decision);
        *failed += !passes (&policy->cases[i], &decision);
        json_array_append_new (cases, case_json (policy, &policy->cases[i], &decision));
    }
    return json_pack ("{s:s, s:I, s:I, s:o}", "policy", policy->id, "passed",
                      (json_int_t)(policy->case_count - *failed), "failed", (json_int_t)*failed, "cases", cases);
}
