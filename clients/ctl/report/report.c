#include "report.h"

#include <inttypes.h>
#include "bsn.h"
#include "codec/document.h"
#include "party/party_ask.h"

json_t *report_document (const struct report_log *log, json_t *document)
{
    json_object_set_new (document, "from", document_time (log->period.from));
    json_object_set_new (document, "until", document_time (log->period.until));
    json_object_set_new (document, "newest", json_integer ((json_int_t)log->newest));
    return document;
}

int report_find_party (struct ctl *ctl, const char *id)
{
    Consentd__Reply *reply;
    int error = party_ask_one (ctl, id, &reply);
    if (!error)
        consentd__reply__free_unpacked (reply, NULL);
    return error;
}

void report_tell_more (uint64_t rows, FILE *out)
{
    if (rows > REPORT_TABLE_ROWS)
        fprintf (out, "\nAnd %" PRIu64 " more: --format csv has all of them.\n", rows - REPORT_TABLE_ROWS);
}

void report_tell_unreadable (uint64_t lines)
{
    if (lines > 0)
        ctl_fail (0, "note: %" PRIu64 " lines of the log cannot be read, and may belong to this report", lines);
}

static const char disclosures_details[] =
    "Needs the permission admin. Who answers the subject uses `overview`, which leaves out what concerns "
    "others.\n"
    "\n" BSN_DETAILS;

const struct command report_commands[] = {
    {"disclosures", NULL, "what was disclosed about one subject: to whom, when and why", disclosures_details,
     report_disclosures_options, report_disclosures_run},
    {"report breach", NULL, "what went to one party: for the notification of a breach within 72 hours",
     "About how many people, which categories of data and which of them special, on which ground, and when: what\n"
     "the notification of AVG 33 asks. As CSV and JSON also each person: the registry's pseudonym, as in\n"
     "`audit list`, and \"known as\": the pseudonym by which whoever asked knows the person, as its answers had "
     "it.\n"
     "That party finds the person in its own records, by this or by the reference of the case. No BSN is told.\n"
     "What was only asked (ADVISE) is not in it, since nothing went by that. Needs the permission admin.\n"
     "\n"
     "--letters DIR makes the letters of AVG 34, one for each person, named by the pseudonym of the report, with "
     "the\n"
     "words of brieven/datalek.txt and what the file of --incident tells. All of them are made, or none.",
     report_breach_options, report_breach_run},
    {"report user", "USER", "what one user did",
     "Every line of the log in which this user acted, as the parties name their users. Needs the permission "
     "admin.",
     report_user_options, report_user_run},
    {"report disclosures", NULL, "the same as disclosures", disclosures_details, report_disclosures_options,
     report_disclosures_run},
    {"report figures", NULL, "the counts of a year, to be published",
     "Checks and what came of them, why they were denied, consents, refusals and withdrawals, how long it took "
     "until\n"
     "the last party had acknowledged a withdrawal, and requests under the rights with the days to the answer. "
     "In\n"
     "Dutch, but for the JSON. Nothing in it is about a person. Needs the permission admin.",
     report_figures_options, report_figures_run},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
