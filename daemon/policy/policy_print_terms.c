/* What the flows of a printed pack rest on, and what else it says. */
#include <string.h>
#include "policy_printing.h"

#define SAY(english, dutch) policy_say (self, english, dutch)

static const char *carries_text (const struct policy_printing *self, enum carries carries)
{
    return carries == CARRIES_NONE     ? SAY ("none", "geen")
           : carries == CARRIES_HEALTH ? SAY ("health", "gezondheid")
                                       : SAY ("all", "alle");
}

static const char *yes_no (const struct policy_printing *self, bool yes)
{
    return yes ? SAY ("yes", "ja") : SAY ("no", "nee");
}

static void print_statute (const struct policy_printing *self, const struct policy_statute *statute)
{
    const struct policy *policy = self->policy;
    policy_print_entry (self, &statute->entry, "");
    if (statute->all_origins)
        policy_print_line (self->out, SAY ("origins", "herkomsten"), SAY ("all", "alle"));
    else
        policy_print_set (self, SAY ("origins", "herkomsten"),
                          POLICY_NAMES (policy->origins, policy->origin_count), &statute->origins);
    policy_print_line (self->out, SAY ("special", "bijzondere"), carries_text (self, statute->carries));
    policy_print_text (
        self->out, 4,
        SAY ("breaks secrecy %s; passes a restriction %s; informing may wait %s",
             "doorbreekt het beroepsgeheim %s; gaat door een afscherming heen %s; inlichten mag wachten %s"),
        yes_no (self, statute->breaks_secrecy), yes_no (self, statute->passes_restriction),
        yes_no (self, statute->inform_deferrable));
    policy_print_line (self->out, SAY ("source", "bron"), statute->entry.source);
}

static void print_statutes (const struct policy_printing *self)
{
    policy_print_heading (self->out, SAY ("Statutes", "Wetten"));
    for (size_t i = 0; i < self->policy->statute_count; i++)
        print_statute (self, &self->policy->statutes[i]);
    if (self->policy->statute_count == 0)
        fprintf (self->out, "%s\n", SAY ("none", "geen"));
}

static void print_urgent_reasons (const struct policy_printing *self)
{
    const struct policy *policy = self->policy;
    policy_print_heading (self->out, SAY ("Urgent reasons", "Dringende redenen"));
    fprintf (self->out, "%-20s%-18s%-22s%s\n", SAY ("reason", "reden"), SAY ("carries special", "bijzondere"),
             SAY ("passes a restriction", "ondanks afscherming"), SAY ("source", "bron"));
    for (size_t i = 0; i < policy->urgent_reason_count; i++) {
        const struct policy_urgent_reason *reason = &policy->urgent_reasons[i];
        fprintf (self->out, "%-20s%-18s%-22s", reason->entry.code, carries_text (self, reason->carries),
                 yes_no (self, reason->passes_restriction));
        struct policy_paragraph source = {.out = self->out, .indent = 60, .column = 60, .fresh = true};
        policy_paragraph_write (&source, reason->entry.source);
        fputc ('\n', self->out);
    }
}

static const char *signers_text (const struct policy_printing *self, const struct policy_age_band *band)
{
    return band->subject && band->representatives
               ? SAY ("subject and representatives", "betrokkene en vertegenwoordigers")
           : band->subject ? SAY ("subject", "betrokkene")
                           : SAY ("representatives", "vertegenwoordigers");
}

static void print_ages (const struct policy_printing *self)
{
    const struct policy *policy = self->policy;
    policy_print_heading (self->out, SAY ("Who signs", "Wie tekent"));
    for (size_t i = 0; i < policy->age_count; i++) {
        const struct policy_age_band *band = &policy->ages[i];
        char ages[32];
        if (i + 1 < policy->age_count)
            snprintf (ages, sizeof ages, SAY ("%u to %u", "%u tot %u"), band->from, policy->ages[i + 1].from);
        else
            snprintf (ages, sizeof ages, SAY ("from %u", "vanaf %u"), band->from);
        fprintf (self->out, "%-20s%s\n", ages, signers_text (self, band));
    }
    fprintf (self->out, "%-20s%s\n", SAY ("not capable", "niet bekwaam"),
             SAY ("representatives", "vertegenwoordigers"));
    fprintf (self->out, "%-20s%s\n", SAY ("representatives", "vertegenwoordigers"),
             policy->any_representative ? SAY ("any one of them", "een van hen") : SAY ("all of them", "allen"));
    fprintf (self->out,
             SAY ("%-20sthe subject from %u, or any one of those who must consent\n",
                  "%-20sde betrokkene vanaf %u, of een van wie moeten toestemmen\n"),
             SAY ("withdrawn by", "intrekken kan"), policy->withdraws_from);
}

static void print_validity (const struct policy_printing *self)
{
    const struct policy *policy = self->policy;
    policy_print_heading (self->out,
                          SAY ("Longest validity of a consent", "Hoe lang een toestemming hoogstens geldt"));
    for (size_t i = 0; i < policy->purpose_count; i++) {
        const struct policy_purpose *purpose = &policy->purposes[i];
        fprintf (self->out, SAY ("%-28s%3u months", "%-28s%3u maanden"), purpose->entry.code,
                 purpose->longest_months);
        if (!code_set_is_empty (&purpose->serves)) {
            struct policy_paragraph serves = {.out = self->out, .indent = 40, .column = 38};
            policy_paragraph_write (&serves, SAY (" also serves", " dient ook"));
            policy_write_set (&serves, POLICY_NAMES (policy->purposes, policy->purpose_count), &purpose->serves,
                              "");
        }
        fputc ('\n', self->out);
    }
}

static const char *counts_from_text (const struct policy_printing *self, enum counts_from from)
{
    static const char *const dutch[COUNTS_FROM] = {[COUNTS_FROM_RECEIPT] = "de ontvangst",
                                                   [COUNTS_FROM_LAST_CHANGE] = "de laatste wijziging",
                                                   [COUNTS_FROM_END_OF_CARE] = "het einde van de hulp"};
    return self->dutch ? dutch[from] : counts_from_words[from];
}

static const char *code_or_any (const struct policy_printing *self, const char *word)
{
    return strcmp (word, "any") == 0 ? SAY ("any", "elke") : word;
}

/* T1, KB 20. */
static void print_retention (const struct policy_printing *self)
{
    policy_print_heading (self->out, SAY ("How long records are kept", "Hoe lang dossiers worden bewaard"));
    for (size_t i = 0; i < self->policy->retention_count; i++) {
        const struct policy_retention *one = &self->policy->retentions[i];
        char period[80];
        if (one->years > 0)
            snprintf (period, sizeof period, SAY ("%u years from %s", "%u jaar vanaf %s"), one->years,
                      counts_from_text (self, one->counts_from));
        else
            snprintf (period, sizeof period, "%s",
                      one->until_majority ? SAY ("until majority", "tot de meerderjarigheid")
                                          : SAY ("as long as the longest record that the consent justified",
                                                 "zo lang als het langste dossier dat zij rechtvaardigde"));
        fprintf (self->out, "\n%s\n", one->code);
        policy_print_line (self->out, SAY ("held by", "bij"), code_or_any (self, one->held_by));
        policy_print_line (self->out, SAY ("law", "wet"), code_or_any (self, one->law));
        policy_print_line (self->out, SAY ("period", "termijn"), period);
        policy_print_line (self->out, SAY ("source", "bron"), one->source);
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

static void print_marked (const struct policy_printing *self, enum mark mark, const char *heading)
{
    const struct policy *policy = self->policy;
    code_set set = marked (policy, mark);
    if (code_set_is_empty (&set))
        return;
    policy_print_text (self->out, 0, "%s", heading);
    policy_print_set (self, "", POLICY_NAMES (policy->purposes, policy->purpose_count), &set);
}

/* C10, C15. */
static void print_duties (const struct policy_printing *self)
{
    code_set recorded = marked (self->policy, MARK_RECORDED);
    if (code_set_is_empty (&recorded))
        policy_print_text (self->out, 0, "%s",
                           SAY ("What is disclosed for urgent reasons is recorded in the plan.",
                                "Wat om dringende redenen is verstrekt, komt in het plan."));
    print_marked (self, MARK_RECORDED,
                  SAY ("What is disclosed for urgent reasons is recorded in the plan; also for:",
                       "Wat om dringende redenen is verstrekt, komt in het plan; ook voor:"));
    print_marked (self, MARK_MANAGER,
                  SAY ("A manager is consulted first, or it is said why none could be, for:",
                       "Een leidinggevende wordt eerst geraadpleegd, of er staat waarom dat niet kon, voor:"));
    print_marked (self, MARK_INFORMED,
                  SAY ("The subject is informed of each disclosure, on consent too, for:",
                       "De betrokkene hoort van elke verstrekking, ook op toestemming, voor:"));
}

static const char *ground_text (const struct policy_printing *self, enum policy_ground ground)
{
    return ground == POLICY_CONSENT   ? SAY ("consent", "toestemming")
           : ground == POLICY_STATUTE ? SAY ("statute", "wet")
                                      : SAY ("without consent", "zonder toestemming");
}

static void print_terms_of_requests (const struct policy_printing *self)
{
    const struct policy *policy = self->policy;
    policy_print_text (
        self->out, 0,
        SAY ("The subject is informed within %u days; requests are due in %u days, objections in %u.",
             "De betrokkene hoort het binnen %u dagen; op een verzoek wordt in %u dagen beslist; bezwaar kan "
             "%u dagen."),
        policy->due.inform_days, policy->due.request_days, policy->due.objection_days);
    if (policy->due.extension_months > 0)
        policy_print_text (self->out, 0,
                           SAY ("A request may be put off once, by at most %u months.",
                                "Een verzoek mag eens worden uitgesteld, met hoogstens %u maanden."),
                           policy->due.extension_months);
    else
        policy_print_text (self->out, 0, "%s",
                           SAY ("A request may not be put off.", "Een verzoek mag niet worden uitgesteld."));
}

static void print_settings (const struct policy_printing *self)
{
    const struct policy *policy = self->policy;
    policy_print_heading (self->out, SAY ("Settings", "Instellingen"));
    policy_print_text (self->out, 0,
                       SAY ("Grounds are tried in this order: %s, %s, %s.",
                            "De gronden worden in deze volgorde geprobeerd: %s, %s, %s."),
                       ground_text (self, policy->grounds[0]), ground_text (self, policy->grounds[1]),
                       ground_text (self, policy->grounds[2]));
    policy_print_text (self->out, 0,
                       SAY ("A consent for what a statute carries is %s.",
                            "Een toestemming voor wat een wet al draagt, wordt %s."),
                       policy->refuse_consent_not_the_ground
                           ? SAY ("refused", "geweigerd")
                           : SAY ("accepted with a warning", "aanvaard met een waarschuwing"));
    print_terms_of_requests (self);
    if (policy->notice_count == 0)
        policy_print_text (
            self->out, 0, "%s",
            SAY ("Any notice to the subject will do.", "Elke informatie aan de betrokkene volstaat."));
    else
        policy_print_text (self->out, 0,
                           SAY ("%zu notices to the subject are known; no other will do.",
                                "Er zijn %zu teksten voor de betrokkene bekend; een andere volstaat niet."),
                           policy->notice_count);
    policy_print_text (self->out, 0, "%s",
                       SAY ("Special categories flow only to:", "Bijzondere persoonsgegevens gaan alleen naar:"));
    policy_print_set (self, "", POLICY_NAMES (policy->kinds, policy->kind_count), &policy->special_recipients);
    print_duties (self);
}

void policy_print_terms (const struct policy_printing *self)
{
    print_statutes (self);
    print_urgent_reasons (self);
    print_ages (self);
    print_validity (self);
    print_retention (self);
    print_settings (self);
}
