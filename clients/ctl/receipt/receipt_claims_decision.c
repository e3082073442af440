/* What a receipt says of a decision: of each item whether it might be told, and on which ground or why not. */
#include <string.h>
#include "arena.h"
#include "call.h"
#include "codec/document.h"
#include "receipt_claims.h"

static const char *hex_of_id (struct arena *arena, const struct id *id)
{
    char *text = arena_alloc (arena, 2 * sizeof id->bytes + 1);
    consent_hex (id->bytes, sizeof id->bytes, text);
    return text;
}

static json_t *ground_of (struct arena *arena, const struct evidence *evidence, const struct answered_item *item)
{
    switch (item->ground) {
    case DUTY_CONSENT:
        return claim_coded ("dpv:Consent", hex_of_id (arena, &evidence->rested_on[item->consent]));
    case DUTY_STATUTE:
        return claim_coded ("consentd:Statute", item->statute);
    case DUTY_URGENT_REASONS:
        return claim_coded ("consentd:UrgentReason", item->urgent_reason);
    default:
        return json_pack ("{s:s}", "@type", "consentd:WrittenRequest");
    }
}

/* All reasons: if whoever asked heard fewer, the line has both (C9). */
static json_t *reasons_of (const struct evidence *evidence, size_t item)
{
    const struct rule_codes *codes = evidence->reason_count > 0         ? &evidence->all_reasons[item]
                                     : evidence->answer.heard_count > 0 ? &evidence->answer.heard[item]
                                                                        : NULL;
    json_t *list = json_array ();
    for (size_t i = 0; codes != NULL && i < codes->count && i < sizeof codes->code; i++)
        json_array_append_new (list, document_string (consent_name (&consentd__code__descriptor, codes->code[i])));
    return list;
}

static json_t *process_of (const struct receipt_lines *self, size_t i)
{
    const Consentd__CheckRequest *check = self->line[0].request->check;
    const struct evidence *evidence = self->line[0].evidence;
    const struct answered_item *item = &evidence->answer.items[i];
    bool is_permitted = item->ground != 0;
    json_t *process =
        json_pack ("{s:s, s:o, s:[o], s:[o], s:[o], s:o, s:o, s:s}", "@type", "dpv:Process", "dpv:hasPurpose",
                   claim_coded ("dpv:Purpose", check->purpose), "dpv:hasPersonalData",
                   claim_coded ("dpv:PersonalData", check->items[i]->category), "dpv:hasDataSource",
                   claim_coded ("dpv:DataSource", check->provider), "dpv:hasRecipient",
                   claim_coded ("dpv:Recipient", check->recipient), "dpv:hasStorageCondition", claim_storage (),
                   "consentd:origin", claim_coded ("consentd:Origin", check->items[i]->origin), "consentd:verdict",
                   is_permitted ? "PERMIT" : "DENY");
    if (is_permitted)
        json_object_set_new (process, "dpv:hasLegalBasis", ground_of (self->arena, evidence, item));
    else
        json_object_set_new (process, "consentd:reasons", reasons_of (evidence, i));
    return process;
}

static json_t *duties_of (const struct evidence *evidence)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < evidence->answer.duty_count; i++)
        json_array_append_new (list, document_string (consent_name (&consentd__obligation__descriptor,
                                                                    (int)evidence->answer.duties[i].kind)));
    return list;
}

json_t *claim_decision (const struct receipt_lines *self)
{
    const struct receipt_seen *line = &self->line[0];
    json_t *record = claim_record (self, "dpv:DataProcessingRecord");
    json_object_set_new (record, "consentd:askedBy", claim_coded ("dpv:Organisation", line->head.party));
    json_object_set_new (record, "consentd:result", document_string (line->head.result));
    json_object_set_new (record, "consentd:closed", json_boolean (!line->is_open));
    if (!line->is_open)
        return record;
    const Consentd__CheckRequest *check = line->request->check;
    json_t *processes = json_array ();
    for (size_t i = 0; i < check->n_items; i++)
        json_array_append_new (processes, process_of (self, i));
    json_object_set_new (record, "dpv:hasProcess", processes);
    json_object_set_new (record, "consentd:mode",
                         document_string (consent_name (&consentd__mode__descriptor, (int)check->mode)));
    json_object_set_new (record, "consentd:case", document_string (check->case_ref));
    json_object_set_new (record, "consentd:duties", duties_of (line->evidence));
    return record;
}
