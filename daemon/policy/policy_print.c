#include "policy_print.h"

#include <string.h>
#include "policy_paragraph.h"

/* Prints the first line of an entry: its code and its label. */
static void print_entry (FILE *out, const struct policy_entry *entry, const char *remark)
{
    size_t wide = strlen (entry->code) + 2;
    fprintf (out, "\n%s  ", entry->code);
    struct policy_paragraph paragraph = {.out = out, .indent = wide, .column = wide, .fresh = true};
    policy_paragraph_write (&paragraph, entry->label_nl);
    policy_paragraph_write (&paragraph, remark);
    fputc ('\n', out);
}

/* The codes of a set, separated by commas. `list` holds entries of `stride` bytes; each begins with its struct
   policy_entry. */
struct names {
    const void *list;
    size_t count, stride;
};

static const char *name_at (const struct names *names, size_t index)
{
    const struct policy_entry *entry = (const void *)((const char *)names->list + index * names->stride);
    return entry->code;
}

static void write_set (struct policy_paragraph *paragraph, const struct names *names, const code_set *set,
                       const char *end)
{
    size_t left = 0;
    for (size_t i = 0; i < names->count; i++)
        left += code_set_has (set, (code)i);
    for (size_t i = 0; i < names->count; i++) {
        char word[64];
        if (!code_set_has (set, (code)i))
            continue;
        left--;
        snprintf (word, sizeof word, "%s%s", name_at (names, i), left > 0 ? "," : end);
        policy_paragraph_write (paragraph, word);
    }
}

static struct names kinds_of (const struct policy *policy)
{
    return (struct names){policy->kinds, policy->kind_count, sizeof *policy->kinds};
}

static void print_set (FILE *out, const char *label, const struct names *names, const code_set *set)
{
    struct policy_paragraph paragraph = policy_paragraph_begin (out, label);
    if (code_set_is_empty (set))
        policy_paragraph_write (&paragraph, "none");
    write_set (&paragraph, names, set, "");
    fputc ('\n', out);
}

/* Flows */

static void print_besides (const struct policy *policy, const struct policy_flow *flow, FILE *out)
{
    struct names kinds = kinds_of (policy);
    struct policy_paragraph paragraph = policy_paragraph_begin (out, "besides");
    for (size_t i = 0; i < flow->statute_count; i++) {
        const struct policy_flow_statute *one = &flow->statutes[i];
        bool by = !code_set_is_empty (&one->by), to = !code_set_is_empty (&one->to);
        bool last = i + 1 == flow->statute_count && !flow->written_request && !flow->urgent_reasons;
        const char *end = last ? "" : ";";
        char word[64];
        snprintf (word, sizeof word, "%s%s", policy->statutes[one->statute].entry.code, by || to ? "" : end);
        policy_paragraph_write (&paragraph, word);
        if (by) {
            policy_paragraph_write (&paragraph, "by");
            write_set (&paragraph, &kinds, &one->by, to ? "" : end);
        }
        if (to) {
            policy_paragraph_write (&paragraph, "to");
            write_set (&paragraph, &kinds, &one->to, end);
        }
    }
    if (flow->written_request)
        policy_paragraph_write (&paragraph, flow->urgent_reasons ? "written request;" : "written request");
    if (flow->urgent_reasons)
        policy_paragraph_write (&paragraph, "urgent reasons");
    if (paragraph.fresh)
        policy_paragraph_write (&paragraph, "nothing");
    fputc ('\n', out);
}

/* Says what KB 9.2 forbids, though the two lines above seem to allow it. */
static void print_special_exception (const struct policy *policy, const struct policy_flow *flow, FILE *out)
{
    struct names kinds = kinds_of (policy);
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
    struct policy_paragraph paragraph = policy_paragraph_begin (out, "but");
    policy_paragraph_write (&paragraph, "no special categories to");
    write_set (&paragraph, &kinds, &barred, "");
    fputc ('\n', out);
}

static void print_flow (const struct policy *policy, const struct policy_flow *flow, FILE *out)
{
    struct names kinds = kinds_of (policy);
    struct names categories = {policy->categories, policy->category_count, sizeof *policy->categories};
    print_entry (out, &flow->entry,
                 flow->no_consent ? "(never by consent)"
                 : flow->one_time ? "(one-time consents only)"
                                  : "");
    struct policy_paragraph parties = policy_paragraph_begin (out, "from > to");
    write_set (&parties, &kinds, &flow->providers, "");
    policy_paragraph_write (&parties, ">");
    write_set (&parties, &kinds, &flow->recipients, "");
    fputc ('\n', out);
    policy_print_line (out, "purpose", policy->purposes[flow->purpose].entry.code);
    print_set (out, "categories", &categories, &flow->categories);
    print_special_exception (policy, flow, out);
    print_besides (policy, flow, out);
    policy_print_line (out, "origin", policy->origins[flow->default_origin].entry.code);
    policy_print_line (out, "source", flow->entry.source);
}

/* The area of a flow is the first letter of its code, as in the table of KB 8. Other flows come last. */
static char area_of (const struct policy_flow *flow)
{
    char letter = flow->entry.code[0];
    return letter >= 'A' && letter <= 'F' ? letter : '\0';
}

static void print_area (const struct policy *policy, char area, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < policy->flow_count; i++) {
        if (area_of (&policy->flows[i]) != area)
            continue;
        char heading[32] = "Outside the areas";
        if (area != '\0')
            snprintf (heading, sizeof heading, "Area %c", area);
        if (!any)
            policy_print_heading (out, heading);
        any = true;
        print_flow (policy, &policy->flows[i], out);
    }
}

/* What the flows are based on */

static const char *carries_text (enum carries carries)
{
    static const char *const words[] = {
        [CARRIES_NONE] = "none", [CARRIES_HEALTH] = "health", [CARRIES_ALL] = "all"};
    return words[carries];
}

static const char *yes_no (bool yes)
{
    return yes ? "yes" : "no";
}

static void print_statutes (const struct policy *policy, FILE *out)
{
    struct names origins = {policy->origins, policy->origin_count, sizeof *policy->origins};
    policy_print_heading (out, "Statutes");
    for (size_t i = 0; i < policy->statute_count; i++) {
        const struct policy_statute *statute = &policy->statutes[i];
        print_entry (out, &statute->entry, "");
        if (statute->all_origins)
            policy_print_line (out, "origins", "all");
        else
            print_set (out, "origins", &origins, &statute->origins);
        policy_print_line (out, "special", carries_text (statute->carries));
        fprintf (out, "    breaks secrecy %s; passes a restriction %s; informing may wait %s\n",
                 yes_no (statute->breaks_secrecy), yes_no (statute->passes_restriction),
                 yes_no (statute->inform_deferrable));
        policy_print_line (out, "source", statute->entry.source);
    }
    if (policy->statute_count == 0)
        fputs ("none\n", out);
}

static void print_urgent_reasons (const struct policy *policy, FILE *out)
{
    policy_print_heading (out, "Urgent reasons");
    fprintf (out, "%-20s%-18s%-22s%s\n", "reason", "carries special", "passes a restriction", "source");
    for (size_t i = 0; i < policy->urgent_reason_count; i++) {
        const struct policy_urgent_reason *reason = &policy->urgent_reasons[i];
        fprintf (out, "%-20s%-18s%-22s", reason->entry.code, carries_text (reason->carries),
                 yes_no (reason->passes_restriction));
        struct policy_paragraph source = {.out = out, .indent = 60, .column = 60, .fresh = true};
        policy_paragraph_write (&source, reason->entry.source);
        fputc ('\n', out);
    }
}

static void print_ages (const struct policy *policy, FILE *out)
{
    policy_print_heading (out, "Who signs");
    for (size_t i = 0; i < policy->age_count; i++) {
        const struct policy_age_band *band = &policy->ages[i];
        char ages[32];
        if (i + 1 < policy->age_count)
            snprintf (ages, sizeof ages, "%u to %u", band->from, policy->ages[i + 1].from);
        else
            snprintf (ages, sizeof ages, "from %u", band->from);
        fprintf (out, "%-20s%s%s%s\n", ages, band->subject ? "subject" : "",
                 band->subject && band->representatives ? " and " : "",
                 band->representatives ? "representatives" : "");
    }
    fprintf (out, "%-20srepresentatives\n", "not capable");
    fprintf (out, "%-20s%s\n", "representatives", policy->any_representative ? "any one of them" : "all of them");
    fprintf (out, "%-20sthe subject from %u, or any one of those who must consent\n", "withdrawn by",
             policy->withdraws_from);
}

static void print_validity (const struct policy *policy, FILE *out)
{
    struct names purposes = {policy->purposes, policy->purpose_count, sizeof *policy->purposes};
    policy_print_heading (out, "Longest validity of a consent");
    for (size_t i = 0; i < policy->purpose_count; i++) {
        const struct policy_purpose *purpose = &policy->purposes[i];
        fprintf (out, "%-28s%3u months", purpose->entry.code, purpose->longest_months);
        if (!code_set_is_empty (&purpose->serves)) {
            struct policy_paragraph serves = {.out = out, .indent = 40, .column = 38};
            policy_paragraph_write (&serves, " also serves");
            write_set (&serves, &purposes, &purpose->serves, "");
        }
        fputc ('\n', out);
    }
}

/* T1, KB 20. */
static void print_retention (const struct policy *policy, FILE *out)
{
    policy_print_heading (out, "How long records are kept");
    for (size_t i = 0; i < policy->retention_count; i++) {
        const struct policy_retention *one = &policy->retentions[i];
        char period[64] = "as long as the longest record that the consent justified";
        if (one->until_majority)
            snprintf (period, sizeof period, "until majority");
        else if (!one->longest_record)
            snprintf (period, sizeof period, "%u years from %s", one->years, counts_from_words[one->counts_from]);
        fprintf (out, "\n%s\n", one->code);
        policy_print_line (out, "held by", one->held_by);
        policy_print_line (out, "law", one->law);
        policy_print_line (out, "period", period);
        policy_print_line (out, "source", one->source);
    }
}

enum mark { MARK_RECORDED, MARK_MANAGER, MARK_INFORMED };

static code_set marked (const struct policy *policy, enum mark mark)
{
    code_set set = {{0}};
    for (size_t i = 0; i < policy->purpose_count; i++) {
        const struct policy_purpose *purpose = &policy->purposes[i];
        if (mark == MARK_RECORDED  ? purpose->record_in_plan
            : mark == MARK_MANAGER ? purpose->manager_first
                                   : purpose->inform_always)
            code_set_add (&set, (code)i);
    }
    return set;
}

/* C10, C15. */
static void print_duties (const struct policy *policy, FILE *out)
{
    struct names purposes = {policy->purposes, policy->purpose_count, sizeof *policy->purposes};
    code_set recorded = marked (policy, MARK_RECORDED), manager = marked (policy, MARK_MANAGER);
    code_set informed = marked (policy, MARK_INFORMED);
    bool none = code_set_is_empty (&recorded);
    fprintf (out, "What is disclosed for urgent reasons is recorded in the plan%s\n", none ? "." : "; also for:");
    if (!none)
        print_set (out, "", &purposes, &recorded);
    if (!code_set_is_empty (&manager)) {
        fputs ("A manager is consulted first, or it is said why none could be, for:\n", out);
        print_set (out, "", &purposes, &manager);
    }
    if (!code_set_is_empty (&informed)) {
        fputs ("The subject is informed of each disclosure, on consent too, for:\n", out);
        print_set (out, "", &purposes, &informed);
    }
}

static void print_settings (const struct policy *policy, FILE *out)
{
    static const char *const grounds[] = {
        [POLICY_CONSENT] = "consent", [POLICY_STATUTE] = "statute", [POLICY_WITHOUT_CONSENT] = "without consent"};
    struct names kinds = kinds_of (policy);
    policy_print_heading (out, "Settings");
    fprintf (out, "Grounds are tried in this order: %s, %s, %s.\n", grounds[policy->grounds[0]],
             grounds[policy->grounds[1]], grounds[policy->grounds[2]]);
    fprintf (out, "A consent for what a statute carries is %s.\n",
             policy->refuse_consent_not_the_ground ? "refused" : "accepted with a warning");
    fprintf (out, "The subject is informed within %u days; requests are due in %u days, objections in %u.\n",
             policy->due.inform_days, policy->due.request_days, policy->due.objection_days);
    if (policy->due.extension_months > 0)
        fprintf (out, "A request may be put off once, by at most %u months.\n", policy->due.extension_months);
    else
        fputs ("A request may not be put off.\n", out);
    if (policy->notice_count == 0)
        fputs ("Any notice to the subject will do.\n", out);
    else
        fprintf (out, "%zu notices to the subject are known; no other will do.\n", policy->notice_count);
    fputs ("Special categories flow only to:\n", out);
    print_set (out, "", &kinds, &policy->special_recipients);
    print_duties (policy, out);
}

void policy_print (const struct policy *policy, FILE *out)
{
    static const char areas[] = {'A', 'B', 'C', 'D', 'E', 'F', '\0'};
    fprintf (out, "%s\n", policy->id);
    struct policy_paragraph title = {.out = out, .fresh = true};
    policy_paragraph_write (&title, policy->label_nl);
    fputc ('\n', out);
    fputs ("A flow admits consent, unless it says never; \"besides\" says what else it admits.\n", out);
    for (size_t i = 0; i < sizeof areas; i++)
        print_area (policy, areas[i], out);
    print_statutes (policy, out);
    print_urgent_reasons (policy, out);
    print_ages (policy, out);
    print_validity (policy, out);
    print_retention (policy, out);
    print_settings (policy, out);
}
