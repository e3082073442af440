#include "report_check.h"

#include <stdlib.h>
#include <string.h>
#include "tally.h"

static bool is_result (const Consentd__AuditEntry *entry, const char *result)
{
    return strcmp (entry->result, result) == 0;
}

bool report_check_permits (const Consentd__AuditEntry *entry)
{
    return strcmp (entry->action, "check") == 0 && (is_result (entry, "permit") || is_result (entry, "partial"));
}

bool report_check_is (const Consentd__AuditEntry *entry)
{
    return report_check_permits (entry) || (strcmp (entry->action, "check") == 0 && is_result (entry, "deny"));
}

bool report_check_read (json_t *details, struct report_check *self)
{
    json_t *asked = json_object_get (json_object_get (details, "request"), "check");
    json_t *answer = json_object_get (json_object_get (details, "reply"), "check");
    *self = (struct report_check){
        .provider = tally_text (asked, "provider"),
        .recipient = tally_text (asked, "recipient"),
        .purpose = tally_text (asked, "purpose"),
        .case_ref = tally_text (asked, "case_ref"),
        .subject_ref = tally_text (answer, "subject_ref"),
        .discloses = strcmp (tally_text (asked, "mode"), "DISCLOSE") == 0,
        .items = json_object_get (answer, "items"),
    };
    return asked && json_is_array (self->items);
}

bool report_item_is_permitted (const json_t *item)
{
    return strcmp (tally_text (item, "verdict"), "PERMIT") == 0;
}

char *report_item_ground (const json_t *item)
{
    static const char *const grounds[][3] = {
        {"CONSENT", "consent", ""},
        {"STATUTE", "statute", "statute"},
        {"WRITTEN_REQUEST", "written request", ""},
        {"URGENT_REASONS", "urgent reasons", "urgent_reason"},
    };
    const char *ground = tally_text (item, "ground");
    char *text = NULL;
    for (size_t i = 0; i < sizeof grounds / sizeof *grounds; i++) {
        if (strcmp (grounds[i][0], ground) != 0)
            continue;
        const char *which = tally_text (item, grounds[i][2]);
        if (asprintf (&text, "%s%s%s", grounds[i][1], *which ? " " : "", which) < 0)
            abort ();
        return text;
    }
    return strdup (*ground ? ground : "unknown");
}
