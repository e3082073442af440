/* Prints the difference of two packs, for people and for programs. */
#include <string.h>
#include "codec/document.h"
#include "policy_diff.h"
#include "policy/policy_paragraph.h"

#define SAY(english, dutch) in_language (diff->language, english, dutch)

static void write_set (struct policy_paragraph *paragraph, const struct diff_codes *codes,
                       const struct diff_set *set)
{
    size_t left = 0;
    for (size_t i = 0; i < codes->count; i++)
        left += diff_set_has (set, i);
    for (size_t i = 0; i < codes->count; i++) {
        char word[64];
        if (!diff_set_has (set, i))
            continue;
        left--;
        snprintf (word, sizeof word, "%s%s", codes->name[i], left > 0 ? "," : "");
        policy_paragraph_write (paragraph, word);
    }
}

static const struct policy_flow *find_flow (const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->flow_count; i++)
        if (strcmp (policy->flows[i].entry.code, name) == 0)
            return &policy->flows[i];
    return NULL;
}

/* "X1  Overleg met externe professionals (new)" */
static void print_flow (const struct policy_diff *diff, const struct policy_flow *flow, FILE *out)
{
    const char *name = flow->entry.code;
    bool was = find_flow (diff->before, name) != NULL, is = find_flow (diff->after, name) != NULL;
    struct policy_paragraph heading = {.out = out, .indent = strlen (name) + 2, .fresh = true};
    fprintf (out, "\n%s  ", name);
    heading.column = heading.indent;
    policy_paragraph_write (&heading, SAY (flow->entry.label_en, flow->entry.label_nl));
    if (!was || !is)
        policy_paragraph_write (&heading, is ? SAY ("(new)", "(nieuw)") : SAY ("(gone)", "(weg)"));
    fputc ('\n', out);
}

/* What a cell admits in one of the packs. */
struct side {
    const char *label, *admits; /* admits NULL: nothing */
    const struct policy_flow *flow;
};

static void print_side (const struct policy_diff *diff, struct side side, const struct policy_flow *shown,
                        FILE *out)
{
    const struct policy_flow *flow = side.flow;
    struct policy_paragraph line = policy_paragraph_begin (out, side.label);
    policy_paragraph_write (&line, side.admits ? side.admits : SAY ("nothing", "niets"));
    /* The cells come from another row of the table, or go to another. */
    if (flow != NULL && strcmp (flow->entry.code, shown->entry.code) != 0) {
        policy_paragraph_write (&line, SAY ("(flow", "(rij"));
        policy_paragraph_write (&line, flow->entry.code);
        policy_paragraph_end (&line, ")");
    }
    fputc ('\n', out);
}

static void print_box (const struct policy_diff *diff, const struct diff_box *box, const struct policy_flow *shown,
                       FILE *out)
{
    struct policy_paragraph line = policy_paragraph_begin (out, SAY ("from > to", "van > aan"));
    write_set (&line, &diff->kinds, &box->providers);
    policy_paragraph_write (&line, ">");
    write_set (&line, &diff->kinds, &box->recipients);
    fputc ('\n', out);
    policy_print_line (out, SAY ("purpose", "doel"), diff->purposes.name[box->purpose]);
    line = policy_paragraph_begin (out, SAY ("categories", "gegevens"));
    write_set (&line, &diff->categories, &box->categories);
    fputc ('\n', out);
    print_side (diff, (struct side){SAY ("was", "was"), box->before, box->before_flow}, shown, out);
    print_side (diff, (struct side){SAY ("is", "wordt"), box->after, box->after_flow}, shown, out);
    if (box->before && box->after && strcmp (box->before_origin, box->after_origin) != 0)
        fprintf (out, "    %-12s%s, was %s\n", SAY ("origin", "herkomst"), box->after_origin, box->before_origin);
}

static void print_boxes (const struct policy_diff *diff, FILE *out)
{
    const char *last = "";
    policy_print_heading (out, SAY ("Flows", "Rijen"));
    for (size_t i = 0; i < diff->box_count; i++) {
        const struct diff_box *box = &diff->boxes[i];
        const struct policy_flow *shown = box->after_flow ? box->after_flow : box->before_flow;
        if (strcmp (shown->entry.code, last) != 0)
            print_flow (diff, shown, out);
        else
            fputc ('\n', out);
        last = shown->entry.code;
        print_box (diff, box, shown, out);
    }
}

static bool same_thing (const struct diff_change *a, const struct diff_change *b)
{
    return strcmp (a->section, b->section) == 0 && strcmp (a->code, b->code) == 0;
}

/* "origins all (was wmo, brp);" */
static void write_change (struct policy_paragraph *line, const struct diff_change *change, bool last)
{
    policy_paragraph_write (line, change->property);
    policy_paragraph_write (line, change->after ? change->after : change->before);
    if (change->sort == DIFF_CHANGED) {
        policy_paragraph_write (line, "(was");
        policy_paragraph_write (line, change->before);
    }
    policy_paragraph_end (line, change->sort == DIFF_CHANGED ? last ? ")" : ");" : last ? "" : ";");
}

/* Prints all changes of one code in one paragraph. Returns the index of the next change. */
static size_t print_thing (const struct policy_diff *diff, size_t at, size_t width, FILE *out)
{
    const char *const sorts[] = {
        [DIFF_CHANGED] = "", [DIFF_NEW] = SAY ("new", "nieuw"), [DIFF_GONE] = SAY ("gone", "weg")};
    const struct diff_change *first = &diff->changes[at];
    struct policy_paragraph line = {.out = out, .indent = width + 2, .column = width + 2, .fresh = true};
    fprintf (out, "%-*s  ", (int)width, first->code);
    policy_paragraph_write (&line, sorts[first->sort]);
    if (first->sort != DIFF_CHANGED && first->property != NULL)
        policy_paragraph_end (&line, ":");
    for (bool last = false; !last; at++) {
        last = at + 1 == diff->change_count || !same_thing (first, &diff->changes[at + 1]);
        if (diff->changes[at].property != NULL)
            write_change (&line, &diff->changes[at], last);
    }
    fputc ('\n', out);
    return at;
}

static size_t width_of_section (const struct policy_diff *diff, size_t from)
{
    size_t width = 0;
    for (size_t i = from; i < diff->change_count; i++) {
        size_t one = strlen (diff->changes[i].code);
        if (strcmp (diff->changes[i].section, diff->changes[from].section) == 0 && one > width)
            width = one;
    }
    return width;
}

static void print_changes (const struct policy_diff *diff, FILE *out)
{
    const char *section = "";
    size_t width = 0;
    for (size_t i = 0; i < diff->change_count;) {
        if (strcmp (diff->changes[i].section, section) != 0) {
            section = diff->changes[i].section;
            width = width_of_section (diff, i);
            policy_print_heading (out, section);
        }
        i = print_thing (diff, i, width, out);
    }
}

static void print_id (const struct policy_diff *diff, const char *label, const struct policy *policy, FILE *out)
{
    enum { WIDE = 6 };
    struct policy_paragraph line = {.out = out, .indent = WIDE, .column = WIDE, .fresh = true};
    fprintf (out, "%-*s", WIDE, label);
    policy_paragraph_write (&line, policy->id);
    policy_paragraph_end (&line, ":");
    policy_paragraph_write (&line, SAY (policy->label_en, policy->label_nl));
    fputc ('\n', out);
}

void policy_diff_print (const struct policy_diff *diff, FILE *out)
{
    print_id (diff, "was", diff->before, out);
    print_id (diff, SAY ("is", "wordt"), diff->after, out);
    if (policy_diff_is_ambiguous (diff))
        fputs (SAY ("Both say that they are the same version, and are not: give the second another version in "
                    "pack.txt,\n"
                    "or nobody can tell afterwards which of them decided.\n",
                    "Beide zeggen dezelfde versie te zijn, en zijn het niet: geef de tweede een andere versie in "
                    "pack.txt,\n"
                    "anders is later niet te zeggen onder welke van de twee is beslist.\n"),
               out);
    if (policy_diff_is_empty (diff)) {
        fprintf (
            out,
            SAY ("They decide alike, in all of %zu cells.\n", "Ze beslissen hetzelfde, in alle %zu cellen.\n"),
            diff->cells);
        return;
    }
    fprintf (out,
             SAY ("Of %zu cells %zu are new, %zu are gone and %zu admit something else.\n",
                  "Van %zu cellen zijn er %zu nieuw en %zu weg, en laten er %zu iets anders toe.\n"),
             diff->cells, diff->opened, diff->closed, diff->changed);
    if (diff->box_count > 0)
        print_boxes (diff, out);
    print_changes (diff, out);
}

/* For programs */

static json_t *set_json (const struct diff_codes *codes, const struct diff_set *set)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < codes->count; i++)
        if (diff_set_has (set, i))
            json_array_append_new (list, json_string (codes->name[i]));
    return list;
}

static json_t *side_json (const struct policy_flow *flow, const char *admits, const char *origin)
{
    if (flow == NULL)
        return json_null ();
    return json_pack ("{s:s, s:s, s:s}", "flow", flow->entry.code, "admits", admits, "origin", origin);
}

static json_t *box_json (const struct policy_diff *diff, const struct diff_box *box)
{
    return json_pack ("{s:o, s:o, s:s, s:o, s:I, s:o, s:o}", "providers", set_json (&diff->kinds, &box->providers),
                      "recipients", set_json (&diff->kinds, &box->recipients), "purpose",
                      diff->purposes.name[box->purpose], "categories",
                      set_json (&diff->categories, &box->categories), "cells", (json_int_t)box->cells, "before",
                      side_json (box->before_flow, box->before, box->before_origin), "after",
                      side_json (box->after_flow, box->after, box->after_origin));
}

static json_t *change_json (const struct diff_change *change)
{
    static const char *const sorts[] = {[DIFF_CHANGED] = "CHANGED", [DIFF_NEW] = "NEW", [DIFF_GONE] = "GONE"};
    return json_pack ("{s:s, s:s, s:s, s:o, s:o, s:o}", "section", change->section, "code", change->code, "change",
                      sorts[change->sort], "property", document_string (change->property), "before",
                      document_string (change->before), "after", document_string (change->after));
}

json_t *policy_diff_json (const struct policy_diff *diff)
{
    json_t *boxes = json_array (), *changes = json_array ();
    for (size_t i = 0; i < diff->box_count; i++)
        json_array_append_new (boxes, box_json (diff, &diff->boxes[i]));
    for (size_t i = 0; i < diff->change_count; i++)
        json_array_append_new (changes, change_json (&diff->changes[i]));
    return json_pack ("{s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:o, s:o}", "before", diff->before->id, "after",
                      diff->after->id, "same_version", policy_diff_is_ambiguous (diff), "alike",
                      policy_diff_is_empty (diff), "cells", (json_int_t)diff->cells, "opened",
                      (json_int_t)diff->opened, "closed", (json_int_t)diff->closed, "changed",
                      (json_int_t)diff->changed, "flows", boxes, "others", changes);
}
