#include "answer.h"

#include <stdio.h>
#include <string.h>
#include "claim.h"
#include "codec/document.h"

/* --- A decision ---------------------------------------------------------------------------------------- */

bool answer_permits (const struct consent_question *asked, const struct consent_answer *answer)
{
    if (answer->status != CONSENT_OK || answer->verdict != CONSENT_PERMIT || answer->revoked_since ||
        answer->item_count == 0 || answer->item_count != asked->item_count)
        return false;
    for (size_t i = 0; i < answer->item_count; i++)
        if (answer->items[i].verdict != CONSENT_PERMIT)
            return false;
    return true;
}

static void add_text (json_t *object, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_new (object, name, document_string (text));
}

static void add_truth (json_t *object, const char *name, bool truth)
{
    if (truth)
        json_object_set_new (object, name, json_true ());
}

static void add_list (json_t *object, const char *name, const char *const *texts)
{
    json_t *list = json_array ();
    for (size_t i = 0; texts && texts[i]; i++)
        json_array_append_new (list, document_string (texts[i]));
    if (json_array_size (list) > 0)
        json_object_set (object, name, list);
    json_decref (list);
}

static json_t *reasons_of (const struct consent_item_answer *item)
{
    json_t *reasons = json_array ();
    for (size_t i = 0; i < item->reason_count; i++) {
        json_t *one = json_pack ("{s:o, s:o}", "code", document_string (item->reasons[i].code), "regel",
                                 document_string (item->reasons[i].rule));
        add_list (one, "ontbreekt", item->reasons[i].details);
        json_array_append_new (reasons, one);
    }
    return reasons;
}

static const char *ground_name (enum consent_ground ground)
{
    static const char *const names[] = {"", "CONSENT", "STATUTE", "WRITTEN_REQUEST", "URGENT_REASONS"};
    return (size_t)ground < sizeof names / sizeof *names ? names[ground] : "";
}

/* One kind of data: as the log's export in AuthZEN has it. */
static json_t *item_document (const struct consent_item_answer *item, bool is_permitted)
{
    json_t *one = json_pack ("{s:o, s:o, s:b}", "gegevenssoort", document_string (item->category), "herkomst",
                             document_string (item->origin), "decision", is_permitted);
    if (!is_permitted) {
        json_object_set_new (one, "redenen", reasons_of (item));
        return one;
    }
    add_text (one, "grondslag", ground_name (item->ground));
    add_text (one, "toestemming", item->consent_id);
    add_text (one, "wettelijke_grondslag", item->statute);
    add_text (one, "dringende_reden", item->urgent_reason);
    add_truth (one, "tegen_de_wil", item->against_will);
    return one;
}

static json_t *duties_of (const struct consent_answer *answer)
{
    json_t *duties = json_array ();
    for (size_t i = 0; i < answer->duty_count; i++) {
        const struct consent_duty *duty = &answer->duties[i];
        json_t *one = json_pack ("{s:o, s:o}", "soort", document_string (duty->kind), "uiterlijk",
                                 document_time (duty->due));
        add_truth (one, "uitstelbaar", duty->deferrable);
        add_truth (one, "gedaan", duty->done);
        json_array_append_new (duties, one);
    }
    return duties;
}

static json_t *policy_of (const char *policy)
{
    size_t size = strcspn (policy, "/");
    return json_pack ("{s:s%, s:s}", "id", policy, size, "version", policy[size] ? policy + size + 1 : "");
}

static const char *verdict_name (const struct consent_answer *answer, bool is_permitted)
{
    return is_permitted                                                   ? "PERMIT"
           : answer->verdict == CONSENT_PARTIAL && !answer->revoked_since ? "PARTIAL"
                                                                          : "DENY";
}

json_t *answer_document (const struct consent_question *asked, const struct consent_answer *answer)
{
    bool is_permitted = answer_permits (asked, answer);
    json_t *items = json_array ();
    for (size_t i = 0; i < answer->item_count; i++)
        json_array_append_new (items,
                               item_document (&answer->items[i], answer->items[i].verdict == CONSENT_PERMIT &&
                                                                     !answer->revoked_since));
    json_t *context = json_pack ("{s:s, s:s, s:o, s:o}", "uitkomst", verdict_name (answer, is_permitted), "wijze",
                                 asked->mode == CONSENT_DISCLOSE ? "DISCLOSE" : "ADVISE", "gegevens", items,
                                 "tijdstip", document_time (answer->evaluated_at));
    add_list (context, "verplichtingen", answer->obligations);
    if (answer->duty_count > 0)
        json_object_set_new (context, "taken", duties_of (answer));
    add_list (context, "ook_nodig", answer->asked);
    if (answer->until != 0)
        json_object_set_new (context, "geldig_tot", document_time (answer->until));
    json_object_set_new (context, "regel", json_integer ((json_int_t)answer->decision));
    add_text (context, "epoch", answer->epoch);
    json_object_set_new (context, "revisie", json_integer ((json_int_t)answer->revision));
    add_text (context, "betrokkene", answer->subject_ref);
    if (*answer->policy)
        json_object_set_new (context, "beleid", policy_of (answer->policy));
    add_truth (context, "herhaald", answer->replayed);
    add_truth (context, "ingetrokken_sindsdien", answer->revoked_since);
    return json_pack ("{s:b, s:o}", "decision", is_permitted, "context", context);
}

json_t *answer_error (const struct refusal *refusal)
{
    return json_pack ("{s:b, s:{s:{s:i, s:o}}}", "decision", 0, "context", "error", "status", refusal->status,
                      "message", document_string (refusal->text));
}

/* --- No decision --------------------------------------------------------------------------------------- */

/* What a field of the registry is called here. */
static const struct {
    const char *theirs, *ours;
} fields[] = {
    {"bsn", "resource.properties.bsn"},
    {"provider", "resource.properties.verstrekker"},
    {"recipient", "subject.id"},
    {"purpose", "action.properties.doel"},
    {"user", "context.gebruiker"},
    {"case_ref", "context.zaak"},
    {"all_or_nothing", "context.alles_of_niets"},
    {"under_secrecy", "context.onder_beroepsgeheim"},
    {"manager_consulted", "context.leidinggevende"},
    {"no_manager", "context.geen_leidinggevende"},
    {"category", "resource.id"},
};

/* "check.items[2].category" becomes "resource.properties.gegevens[2].gegevenssoort". */
static void name_field (const char *theirs, char *name, size_t size)
{
    unsigned number;
    char end = 0;
    const char *items = strstr (theirs, "items[");
    const char *last = strrchr (theirs, '.');
    last = last ? last + 1 : theirs;
    if (items && sscanf (items, "items[%5u%c", &number, &end) == 2 && end == ']') {
        const char *part = strcmp (last, "category") == 0 ? ".gegevenssoort"
                           : strcmp (last, "origin") == 0 ? ".herkomst"
                                                          : "";
        snprintf (name, size, "resource, gegevens[%u]%s", number, part);
        return;
    }
    const char *claimed = claim_field (theirs);
    snprintf (name, size, "%s", claimed ? claimed : "the question");
    if (claimed)
        return;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp (fields[i].theirs, last) == 0)
            snprintf (name, size, "%s", fields[i].ours);
}

bool answer_refuse (struct refusal *refusal, int status, const char *field, const char *message, const char *where)
{
    char name[96];
    switch (status) {
    case CONSENT_INVALID:
        name_field (field, name, sizeof name);
        return refuse (refusal, 400, "%s%s: %s", where, name, message);
    case CONSENT_FORBIDDEN:
        return refuse (refusal, 403, "the party of this certificate may not ask this");
    case CONSENT_KEY_REFUSED:
        return refuse (refusal, 403, "the registry does not admit the party of this certificate");
    case CONSENT_CONFLICT:
        return refuse (refusal, 422, "Idempotency-Key: it was used for another question");
    case CONSENT_BAD_REPLY:
        return refuse (refusal, 502, "the answer of the registry cannot be read");
    default:
        return status < 0 ? refuse (refusal, 500, "the bridge failed")
                          : refuse (refusal, 503, "the registry cannot be reached, or cannot decide now");
    }
}

bool answer_concerns_all (int status)
{
    return status != CONSENT_OK && status != CONSENT_INVALID && status != CONSENT_CONFLICT &&
           status != CONSENT_NOT_FOUND && status != CONSENT_UNAVAILABLE;
}
