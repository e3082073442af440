#include "breach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "tally.h"

void breach_start (struct breach *self, const char *party, const struct policy *policy)
{
    *self = (struct breach){.party = party,
                            .policy = policy,
                            .people = json_object (),
                            .categories = json_object (),
                            .grounds = json_object ()};
}

void breach_end (struct breach *self)
{
    json_decref (self->people);
    json_decref (self->categories);
    json_decref (self->grounds);
}

/* --- Lines ----------------------------------------------------------------------------------------------- */

static json_t *person_of (struct breach *self, const Consentd__AuditEntry *entry)
{
    char subject[2 * 16 + 1] = "";
    for (size_t i = 0; i < entry->object.len && i < 16; i++)
        sprintf (subject + 2 * i, "%02x", entry->object.data[i]);
    return tally_within (self->people, subject);
}

static void count_item (struct breach *self, json_t *person, const json_t *item)
{
    const char *category = tally_text (item, "category");
    json_t *all = tally_within (self->categories, category);
    char *ground = report_item_ground (item);
    if (tally_add (tally_within (person, "categories"), category, 1) == 1)
        tally_add (all, "people", 1);
    tally_add (all, "disclosures", 1);
    tally_add (self->grounds, ground, 1);
    tally_add (tally_within (person, "grounds"), ground, 1);
    if (json_is_true (json_object_get (item, "against_will")))
        tally_add (person, "against_will", 1);
    self->items++;
    free (ground);
}

/* What is told of a person beside the categories. */
static void note_disclosure (json_t *person, const Consentd__AuditEntry *entry, const struct report_check *check)
{
    if (tally_add (person, "disclosures", 1) == 1) {
        json_object_set_new (person, "first", json_integer (entry->time));
        json_object_set_new (person, "decisions", json_array ());
    }
    json_object_set_new (person, "last", json_integer (entry->time));
    json_array_append_new (json_object_get (person, "decisions"), json_integer ((json_int_t)entry->number));
    tally_add (tally_within (person, "providers"), check->provider, 1);
    tally_add (tally_within (person, "purposes"), check->purpose, 1);
    if (*check->case_ref)
        tally_add (tally_within (person, "cases"), check->case_ref, 1);
    json_object_set_new (tally_within (person, "known_as"), entry->party, json_string (check->subject_ref));
}

/* A5: what went to the party. */
void breach_take (void *report, const Consentd__AuditEntry *entry, json_t *details)
{
    struct breach *self = report;
    struct report_check check;
    bool is_lost = entry->time == 0; /* missing or damaged */
    if (!is_lost && !report_check_permits (entry))
        return;
    if (is_lost || !report_check_read (details, &check)) {
        self->unreadable++;
        return;
    }
    if (!check.discloses || strcmp (check.recipient, self->party) != 0)
        return;
    json_t *person = person_of (self, entry), *item;
    size_t index;
    note_disclosure (person, entry, &check);
    json_array_foreach (check.items, index, item) if (report_item_is_permitted (item))
        count_item (self, person, item);
    self->first = self->disclosures++ == 0 ? entry->time : self->first;
    self->last = entry->time;
}

/* --- Categories ------------------------------------------------------------------------------------------ */

static const struct policy_category *find (const struct breach *self, const char *category)
{
    code position = policy_category (self->policy, category);
    return position == CODE_NONE ? NULL : &self->policy->categories[position];
}

const char *breach_label (const struct breach *self, const char *category)
{
    const struct policy_category *found = find (self, category);
    return found ? found->entry.label_nl : category;
}

const char *breach_special (const struct breach *self, const char *category)
{
    static const char *const words[] = {
        [SPECIAL_NO] = "NO", [SPECIAL_HEALTH] = "HEALTH", [SPECIAL_OTHER] = "OTHER"};
    const struct policy_category *found = find (self, category);
    return found ? words[found->special] : "UNKNOWN";
}

bool breach_person_is_special (const struct breach *self, json_t *person)
{
    const char *category;
    json_t *count;
    json_object_foreach (json_object_get (person, "categories"), category, count)
    {
        if (strcmp (breach_special (self, category), "NO") != 0)
            return true;
    }
    return false;
}

uint64_t breach_special_people (const struct breach *self)
{
    uint64_t special = 0;
    const char *subject;
    json_t *person;
    json_object_foreach (self->people, subject, person) special += breach_person_is_special (self, person);
    return special;
}

/* --- As a document --------------------------------------------------------------------------------------- */

static json_t *person_document (const struct breach *self, const char *subject, json_t *person)
{
    json_t *known_as = json_array (), *reference;
    const char *party;
    json_object_foreach (tally_within (person, "known_as"), party, reference)
        json_array_append_new (known_as, json_pack ("{s:s, s:O}", "party", party, "subject_ref", reference));
    return json_pack (
        "{s:s, s:o, s:I, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:I, s:O}", "subject", subject, "known_as",
        known_as, "disclosures", (json_int_t)tally_number (person, "disclosures"), "first",
        document_time (tally_number (person, "first")), "last", document_time (tally_number (person, "last")),
        "categories", tally_names (json_object_get (person, "categories")), "special",
        breach_person_is_special (self, person), "grounds", tally_names (json_object_get (person, "grounds")),
        "providers", tally_names (json_object_get (person, "providers")), "purposes",
        tally_names (json_object_get (person, "purposes")), "cases", tally_names (tally_within (person, "cases")),
        "against_will", (json_int_t)tally_number (person, "against_will"), "decisions",
        json_object_get (person, "decisions"));
}

static json_t *categories_document (const struct breach *self)
{
    json_t *list = json_array (), *counts;
    const char *category;
    json_object_foreach (self->categories, category, counts) json_array_append_new (
        list, json_pack ("{s:s, s:o, s:s, s:I, s:I}", "category", category, "label",
                         document_string (breach_label (self, category)), "special",
                         breach_special (self, category), "people", (json_int_t)tally_number (counts, "people"),
                         "disclosures", (json_int_t)tally_number (counts, "disclosures")));
    return list;
}

static json_t *grounds_document (const struct breach *self)
{
    json_t *list = json_array (), *count;
    const char *ground;
    json_object_foreach (self->grounds, ground, count)
        json_array_append_new (list, json_pack ("{s:s, s:O}", "ground", ground, "items", count));
    return list;
}

json_t *breach_document (struct breach *self)
{
    json_t *people = json_array (), *person;
    const char *subject;
    json_object_foreach (self->people, subject, person)
        json_array_append_new (people, person_document (self, subject, person));
    return json_pack ("{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:o, s:o, s:o}", "party", self->party,
                      "policy", self->policy->id, "people_count", (json_int_t)json_object_size (self->people),
                      "special_people", (json_int_t)breach_special_people (self), "disclosures",
                      (json_int_t)self->disclosures, "items", (json_int_t)self->items, "first",
                      document_time (self->first), "last", document_time (self->last), "unreadable",
                      (json_int_t)self->unreadable, "categories", categories_document (self), "grounds",
                      grounds_document (self), "people", people);
}
