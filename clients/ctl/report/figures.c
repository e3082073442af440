#include "figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "moments.h"
#include "rights.pb-c.h"
#include "tally.h"

enum { DAY = 86400000 };

void figures_start (struct figures *self)
{
    *self = (struct figures){.reasons = json_object (), .granted = json_object ()};
}

void figures_end (struct figures *self)
{
    json_decref (self->reasons);
    json_decref (self->granted);
    free (self->heard.item);
    for (size_t i = 0; i < FIGURES_RIGHTS; i++)
        free (self->rights[i].days.item);
}

/* --- Times ----------------------------------------------------------------------------------------------- */

void figures_times_add (struct figures_times *self, int64_t time)
{
    if (self->count == self->room) {
        self->room = self->room > 0 ? 2 * self->room : 64;
        self->item = reallocarray (self->item, self->room, sizeof *self->item);
        if (!self->item)
            abort ();
    }
    self->item[self->count++] = time;
}

static int compare (const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return (first > second) - (first < second);
}

int64_t figures_median (struct figures_times *self)
{
    if (self->count == 0)
        return -1;
    qsort (self->item, self->count, sizeof *self->item, compare);
    return self->item[(self->count - 1) / 2];
}

/* --- Checks ---------------------------------------------------------------------------------------------- */

/* Adds the codes of a list: of the log each is a text, of an answer it has its text under "code". */
static void add_codes (json_t *codes, json_t *list)
{
    size_t index;
    json_t *one;
    json_array_foreach (list, index, one)
    {
        const char *code = json_is_string (one) ? json_string_value (one) : tally_text (one, "code");
        tally_add (codes, code, 1);
    }
}

/* Each reason counts once for a check, also one that whoever asked was not told (C9). */
static void count_reasons (struct figures *self, const struct report_check *check, json_t *details)
{
    json_t *codes = json_object (), *item, *count;
    const char *code;
    size_t index;
    json_array_foreach (check->items, index, item) add_codes (codes, json_object_get (item, "reasons"));
    json_array_foreach (json_object_get (details, "all_reasons"), index, item) add_codes (codes, item);
    json_object_foreach (codes, code, count) tally_add (self->reasons, code, 1);
    json_decref (codes);
}

static void take_check (struct figures *self, const Consentd__AuditEntry *entry, json_t *details)
{
    struct report_check check;
    size_t verdict = strcmp (entry->result, "permit") == 0 ? 0 : strcmp (entry->result, "partial") == 0 ? 1 : 2;
    if (!report_check_read (details, &check)) {
        self->unreadable++;
        return;
    }
    self->checks[check.discloses ? 0 : 1][verdict]++;
    if (verdict > 0)
        count_reasons (self, &check, details);
}

/* --- Withdrawals ----------------------------------------------------------------------------------------- */

/* V8: by when the last of those who were told had acknowledged it. */
static void take_withdrawal (struct figures *self, const Consentd__AuditEntry *entry)
{
    int64_t last = entry->time;
    bool is_heard = true, is_known = entry->n_tellings > 0;
    self->withdrawals++;
    for (size_t i = 0; i < entry->n_tellings; i++) {
        const Consentd__OverviewTelling *one = entry->tellings[i];
        is_heard &= one->heard;
        is_known &= !one->unknown && (!one->heard || one->heard_at != 0);
        last = one->heard_at > last ? one->heard_at : last;
    }
    if (!is_known)
        self->heard_unknown++;
    else if (!is_heard)
        self->not_heard++;
    else
        figures_times_add (&self->heard, last - entry->time);
}

/* --- Requests under the rights ---------------------------------------------------------------------------- */

static struct figures_rights *rights_of (struct figures *self, const json_t *request)
{
    const ProtobufCEnumValue *kind = protobuf_c_enum_descriptor_get_value_by_name (
        &consentd__rights_kind__descriptor, tally_text (request, "kind"));
    return &self->rights[kind && kind->value > 0 && kind->value < FIGURES_RIGHTS ? kind->value : 0];
}

/* Calendar days from the receipt to the announcement. */
static void add_days (struct figures_rights *rights, const json_t *request)
{
    struct day received, announced;
    if (!calendar_parse (tally_text (request, "received"), &received) ||
        !calendar_parse (tally_text (request, "announced"), &announced))
        return;
    int64_t hours = calendar_start (announced) - calendar_start (received) + DAY / 2; /* a day has 23 to 25 */
    figures_times_add (&rights->days, hours / DAY);
}

/* An erasure that was granted whole may be decided once more, in part: the second decision takes the place of the
   first. Returns whether this is one. */
static bool takes_place (struct figures *self, struct figures_rights *rights, const json_t *request)
{
    char number[24];
    snprintf (number, sizeof number, "%lld", (long long)json_integer_value (json_object_get (request, "number")));
    bool again = json_object_get (self->granted, number) != NULL;
    if (again) {
        rights->decided--;
        rights->granted--;
        json_object_del (self->granted, number);
    } else if (strcmp (tally_text (request, "state"), "RIGHTS_GRANTED") == 0)
        json_object_set_new (self->granted, number, json_true ());
    return again;
}

static void take_decision (struct figures *self, const Consentd__AuditEntry *entry, const json_t *request)
{
    struct figures_rights *rights = rights_of (self, request);
    const char *state = tally_text (request, "state");
    bool again = takes_place (self, rights, request);
    moment due;
    rights->decided++;
    rights->granted += strcmp (state, "RIGHTS_GRANTED") == 0;
    rights->in_part += strcmp (state, "RIGHTS_GRANTED_IN_PART") == 0;
    rights->refused += strcmp (state, "RIGHTS_REFUSED") == 0;
    rights->late += !again && moment_parse (tally_text (request, "due"), &due) && entry->time >= due;
    if (strcmp (state, "RIGHTS_WITHDRAWN") == 0)
        rights->withdrawn++;
    else if (!again)
        add_days (rights, request);
}

static void take_rights (struct figures *self, const Consentd__AuditEntry *entry, json_t *details)
{
    json_t *reply = json_object_get (json_object_get (details, "reply"), "rights");
    json_t *request = json_object_get (reply, "request");
    if (!request)
        self->unreadable++;
    else if (strcmp (entry->action, "rights-open") == 0)
        rights_of (self, request)->received++;
    else
        take_decision (self, entry, request);
}

/* The lines of a request after which everything was erased cannot be read any more. The line of the erasure can,
   and stands for them; how many days it took is then not known. What was kept has the lines of its request too. */
static void take_erasure (struct figures *self, json_t *details)
{
    json_t *reply = json_object_get (json_object_get (details, "reply"), "rights_erase");
    struct figures_rights *rights = &self->rights[CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE];
    if (!json_is_true (json_object_get (reply, "done")) || json_array_size (json_object_get (reply, "kept")) > 0)
        return;
    rights->received++;
    rights->decided++;
    rights->granted++;
}

/* A consent that was recorded wrongly and is corrected was given once. */
static bool is_correction (json_t *details)
{
    return *tally_text (json_object_get (json_object_get (details, "request"), "grant"), "corrects") != '\0';
}

/* --- Lines ----------------------------------------------------------------------------------------------- */

/* A5: what is counted. A line that is missing or damaged has no time. */
void figures_take (void *report, const Consentd__AuditEntry *entry, json_t *details)
{
    struct figures *self = report;
    const char *action = entry->action;
    self->unreadable += entry->time == 0;
    if (report_check_is (entry))
        take_check (self, entry, details);
    if (strcmp (entry->result, "ok") != 0)
        return;
    self->asked += strcmp (action, "ask") == 0;
    self->consents += strcmp (action, "grant") == 0 && !is_correction (details);
    self->refusals += strcmp (action, "refuse") == 0;
    self->restrictions += strcmp (action, "restrict") == 0;
    if (strcmp (action, "revoke") == 0)
        take_withdrawal (self, entry);
    else if (strcmp (action, "rights-open") == 0 || strcmp (action, "rights-decide") == 0)
        take_rights (self, entry, details);
    else if (strcmp (action, "rights-erase") == 0)
        take_erasure (self, details);
}

/* --- As a document --------------------------------------------------------------------------------------- */

static json_t *median_document (struct figures_times *times)
{
    int64_t median = figures_median (times);
    return median < 0 ? json_null () : json_integer (median);
}

static json_t *checks_document (const uint64_t counts[FIGURES_VERDICTS])
{
    return json_pack ("{s:I, s:I, s:I}", "permitted", (json_int_t)counts[0], "partly", (json_int_t)counts[1],
                      "denied", (json_int_t)counts[2]);
}

static json_t *reasons_document (const struct figures *self)
{
    json_t *list = json_array (), *count;
    const char *code;
    json_object_foreach (self->reasons, code, count)
        json_array_append_new (list, json_pack ("{s:s, s:O}", "code", code, "checks", count));
    return list;
}

static json_t *rights_document (struct figures *self)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < FIGURES_RIGHTS; i++) {
        struct figures_rights *one = &self->rights[i];
        const ProtobufCEnumValue *kind =
            protobuf_c_enum_descriptor_get_value (&consentd__rights_kind__descriptor, (int)i);
        if (one->received + one->decided == 0)
            continue;
        json_array_append_new (
            list, json_pack ("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "kind", i ? kind->name : "UNKNOWN",
                             "received", (json_int_t)one->received, "decided", (json_int_t)one->decided, "granted",
                             (json_int_t)one->granted, "granted_in_part", (json_int_t)one->in_part, "refused",
                             (json_int_t)one->refused, "withdrawn", (json_int_t)one->withdrawn, "late",
                             (json_int_t)one->late, "median_days", median_document (&one->days)));
    }
    return list;
}

json_t *figures_document (struct figures *self)
{
    return json_pack ("{s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:o, s:I}", "disclosures",
                      checks_document (self->checks[0]), "advice", checks_document (self->checks[1]), "reasons",
                      reasons_document (self), "asked", (json_int_t)self->asked, "consents",
                      (json_int_t)self->consents, "refusals", (json_int_t)self->refusals, "withdrawals",
                      (json_int_t)self->withdrawals, "restrictions", (json_int_t)self->restrictions,
                      "median_heard_ms", median_document (&self->heard), "heard", (json_int_t)self->heard.count,
                      "not_heard", (json_int_t)self->not_heard, "heard_unknown", (json_int_t)self->heard_unknown,
                      "rights", rights_document (self), "unreadable", (json_int_t)self->unreadable);
}
