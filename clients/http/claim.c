#include "claim.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "consent.h"
#include "moments.h"
#include "question.h"
#include "unconst.h"

#define PLACE "context.beroep_op"
#define WRITTEN "schriftelijk-verzoek"
#define URGENT "dringende-redenen"

/* --- The triage decision ------------------------------------------------------------------------------- */

enum sort { TEXT, TRUTH, INFORM, MOMENT };

/* As the registry calls its parts, and `consentctl check --triage`. */
#define PART(NAME, SORT)                                                                   \
    {                                                                                      \
#NAME, PLACE ".triage." #NAME, SORT, offsetof(struct consent_urgent_reasons, NAME) \
    }
static const struct part {
    const char *name, *place;
    enum sort sort;
    size_t offset;
} parts[] = {
    PART (necessity, TEXT),          PART (subsidiarity, TEXT),    PART (proportionality, TEXT),
    PART (purpose_limitation, TEXT), PART (objections, TEXT),      PART (manager_consulted, TEXT),
    PART (serious_situation, TRUTH), PART (urgent_support, TRUTH), PART (inform, INFORM),
    PART (inform_by, MOMENT),        PART (inform_why, TEXT),      PART (consent_sought, TEXT),
    PART (no_other_way, TEXT),       PART (serious_harm, TEXT),    PART (conflict_of_duties, TEXT),
};

static const struct part *part_of (const char *name)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp (parts[i].name, name) == 0)
            return &parts[i];
    return NULL;
}

static bool read_inform (enum consent_inform *inform, const char *text)
{
    *inform = text && strcmp (text, "before") == 0  ? CONSENT_INFORM_BEFORE
              : text && strcmp (text, "after") == 0 ? CONSENT_INFORM_AFTER
                                                    : 0;
    return *inform != 0;
}

/* NULL: it is read. Else what it should have been. */
static const char *read_part (struct consent_urgent_reasons *self, const struct part *part, const json_t *value)
{
    const char *text = json_string_value (value);
    void *at = (char *)self + part->offset;
    switch (part->sort) {
    case TRUTH:
        *(bool *)at = json_is_true (value);
        return json_is_boolean (value) ? NULL : "it is neither true nor false";
    case INFORM:
        return read_inform (at, text) ? NULL : "it is \"before\" or \"after\"";
    case MOMENT:
        return text && moment_parse_end (text, at) ? NULL : "it is neither a day nor a moment";
    case TEXT:
        break;
    }
    *(const char **)at = text;
    return text ? NULL : "it is not a text";
}

static bool read_triage (struct consent_urgent_reasons *self, const json_t *triage, const char *place,
                         struct refusal *refusal)
{
    const char *name;
    json_t *value;
    if (triage && !json_is_object (triage))
        return refuse (refusal, 400, "%s: it is not an object", place);
    json_object_foreach (unconst (triage), name, value)
    {
        const struct part *part = part_of (name);
        const char *fault = part ? read_part (self, part, value) : NULL;
        if (!part)
            return refuse (refusal, 400, "%s: a name in it is none of a triage decision", place);
        if (fault)
            return refuse (refusal, 400, "%s.%s: %s", place, part->name, fault);
    }
    return true;
}

/* --- The two claims ------------------------------------------------------------------------------------ */

/* Here every name says something, or is a mistake that might go unnoticed. */
static bool judge_names (const json_t *object, const char *const *names, const char *place,
                         struct refusal *refusal)
{
    const char *name;
    json_t *value;
    json_object_foreach (unconst (object), name, value)
    {
        size_t i = 0;
        while (names[i] && strcmp (names[i], name) != 0)
            i++;
        if (!names[i])
            return refuse (refusal, 400, "%s: a name in it is none of this sort of claim", place);
    }
    return true;
}

static bool read_urgent (struct claim *self, const json_t *claim, const char *place, struct refusal *refusal)
{
    static const char *const names[] = {"soort", "reden", "triage", NULL};
    char at[96];
    snprintf (at, sizeof at, "%s.triage", place);
    return judge_names (claim, names, place, refusal) &&
           (self->urgent.reason = field_required (claim, "reden", place, refusal)) &&
           read_triage (&self->urgent, json_object_get (claim, "triage"), at, refusal);
}

static bool read_by (struct claim *self, const json_t *list, const char *place, struct refusal *refusal)
{
    size_t count = json_array_size (list);
    bool is_list = count >= 1 && count <= CLAIM_BY;
    for (size_t i = 0; i < count && is_list; i++)
        is_list = (self->by[i] = json_string_value (json_array_get (list, i)));
    self->written.by = self->by;
    return is_list || refuse (refusal, 400, "%s.door: it is not a list of 1 to %d texts", place, CLAIM_BY);
}

static bool read_sha256 (struct claim *self, const char *text, const char *place, struct refusal *refusal)
{
    static const char digits[] = "0123456789abcdef";
    bool is_sum = strlen (text) == 2 * sizeof self->sha256 && strspn (text, digits) == strlen (text);
    for (size_t i = 0; i < sizeof self->sha256 && is_sum; i++)
        self->sha256[i] =
            (uint8_t)((strchr (digits, text[2 * i]) - digits) << 4 | (strchr (digits, text[2 * i + 1]) - digits));
    self->written.evidence_sha256 = self->sha256;
    return is_sum || refuse (refusal, 400, "%s.sha256: it is not 64 hexadecimal digits, in small letters", place);
}

static bool read_written (struct claim *self, const json_t *claim, const char *place, struct refusal *refusal)
{
    static const char *const names[] = {"soort", "door", "gegeven_op", "vindplaats", "sha256", NULL};
    const char *when, *sum;
    moment at = 0;
    if (!judge_names (claim, names, place, refusal) ||
        !read_by (self, json_object_get (claim, "door"), place, refusal) ||
        !(when = field_required (claim, "gegeven_op", place, refusal)))
        return false;
    if (!moment_parse (when, &at))
        return refuse (refusal, 400, "%s.gegeven_op: it is neither a day nor a moment", place);
    self->written.given_at = at;
    return (self->written.evidence_reference = field_required (claim, "vindplaats", place, refusal)) &&
           (sum = field_required (claim, "sha256", place, refusal)) && read_sha256 (self, sum, place, refusal);
}

bool claim_read (struct claim *self, struct consent_question *asked, const json_t *context, const char *place,
                 struct refusal *refusal)
{
    const json_t *claim = json_object_get (context, "beroep_op");
    char at[80];
    snprintf (at, sizeof at, "%s.beroep_op", place);
    *self = (struct claim){.by = {NULL}};
    if (!claim)
        return true;
    if (!json_is_object (claim))
        return refuse (refusal, 400, "%s: it is not an object", at);
    const char *sort = field_required (claim, "soort", at, refusal);
    if (!sort)
        return false;
    if (strcmp (sort, URGENT) == 0) {
        asked->urgent_reasons = &self->urgent;
        return read_urgent (self, claim, at, refusal);
    }
    if (strcmp (sort, WRITTEN) == 0) {
        asked->written_request = &self->written;
        return read_written (self, claim, at, refusal);
    }
    return refuse (refusal, 400, "%s.soort: it is \"" WRITTEN "\" or \"" URGENT "\"", at);
}

/* --- Names --------------------------------------------------------------------------------------------- */

const char *claim_field (const char *theirs)
{
    static const struct {
        const char *theirs, *ours;
    } fields[] = {
        {"written_request.by", PLACE ".door"},
        {"written_request.given_at", PLACE ".gegeven_op"},
        {"written_request.evidence.reference", PLACE ".vindplaats"},
        {"written_request.evidence", PLACE ".sha256"},
        {"urgent_reasons.reason", PLACE ".reden"},
    };
    const char *triage = strstr (theirs, "urgent_reasons.triage.");
    const struct part *part = triage ? part_of (triage + strlen ("urgent_reasons.triage.")) : NULL;
    if (part)
        return part->place;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strstr (theirs, fields[i].theirs))
            return fields[i].ours;
    return strstr (theirs, "written_request") || strstr (theirs, "urgent_reasons") ? PLACE : NULL;
}
