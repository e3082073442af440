/* R1: everything that is held about one subject (KB 13), page by page. First what is in force, from the
   records; then the log, whose lines about the subject audit/lines_about.h finds. */
#include "overview.h"
#include <string.h>
#include "audit/lines_about.h"
#include "big_endian.h"
#include "config/config.h"
#include "registry/consent_request.h"
#include "registry/obligation.h"
#include "registry/rights_request.h"
#include "rules/decide.h"
#include "rules/policy.h"

enum part { PART_SUBJECT, PART_CONSENTS, PART_OBLIGATIONS, PART_REQUESTS, PART_LINES, PARTS };

/* Where the next page begins. */
struct place {
    enum part part;
    uint64_t newest; /* of the log, when the overview was begun */
    uint64_t after;  /* a consent's order, the decision of an obligation, the number of a request or of a line */
    uint8_t kind;    /* of the obligation, */
    uint16_t nth;    /* and the rest of its name */
};

enum {
    PAGE_SIZE = 44 * 1024,
    AT_NEWEST = 1,
    AT_AFTER = 9,
    AT_KIND = 17,
    REQUEST_SIZE = 6 * 1024,
    FACTS_SIZE = 8 * 1024
};

/* The codec has checked the size. False: no page has this for its `next`. */
static bool read_place (const struct turn *turn, struct bytes cursor, struct place *place)
{
    const uint8_t *bytes = cursor.data;
    *place = (struct place){.part = PART_SUBJECT, .newest = turn->state.audit_number};
    if (cursor.size == 0)
        return true;
    *place = (struct place){(enum part)bytes[0], get_be64 (bytes + AT_NEWEST), get_be64 (bytes + AT_AFTER),
                            bytes[AT_KIND], (uint16_t)(bytes[AT_KIND + 1] << 8 | bytes[AT_KIND + 2])};
    return bytes[0] < PARTS && place->newest <= turn->state.audit_number;
}

static struct bytes write_place (struct arena *arena, const struct place *place)
{
    uint8_t *bytes = arena_alloc (arena, OVERVIEW_CURSOR_SIZE);
    bytes[0] = (uint8_t)place->part;
    put_be64 (bytes + AT_NEWEST, place->newest);
    put_be64 (bytes + AT_AFTER, place->after);
    bytes[AT_KIND] = place->kind;
    bytes[AT_KIND + 1] = (uint8_t)(place->nth >> 8);
    bytes[AT_KIND + 2] = (uint8_t)place->nth;
    return (struct bytes){bytes, OVERVIEW_CURSOR_SIZE};
}

bool overview_add (struct overview_page *self, const struct overview_entry *entry, size_t size)
{
    self->is_full = self->count == self->limit || (self->count > 0 && self->size + size > PAGE_SIZE);
    if (self->is_full)
        return false;
    self->size += size;
    self->entries[self->count++] = *entry;
    return true;
}

static void set_ref (const struct overview_page *self, struct id *ref)
{
    vault_subject_ref (self->turn->vault, self->file->id, self->caller->party->text.id, ref->bytes);
}

static int add_subject (struct overview_page *self, struct place *place)
{
    static const struct subject nothing;
    struct shown_subject *shown = arena_alloc (self->turn->arena, sizeof *shown);
    struct overview_entry entry = {.subject = shown};
    *shown = (struct shown_subject){.in_full = true, .has_ref = self->file->known, .subject = &nothing};
    if (self->file->known)
        shown->subject = overview_see_subject (self, &self->file->subject, &entry.left_out);
    set_ref (self, &shown->subject_ref);
    for (size_t i = 0; i < shown->subject->representative_count; i++)
        overview_label (self, LABEL_REPRESENTATIVE, shown->subject->representatives[i].kind);
    for (size_t i = 0; i < shown->subject->restriction_count; i++) {
        overview_label (self, LABEL_CATEGORY, shown->subject->restrictions[i].category);
        overview_label (self, LABEL_PARTY, shown->subject->restrictions[i].recorded_by);
    }
    for (size_t i = 0; i < shown->subject->hold_count; i++)
        overview_label (self, LABEL_PARTY, shown->subject->holds[i].recorded_by);
    for (size_t i = 0; i < shown->subject->care_ended_count; i++)
        overview_label (self, LABEL_ORIGIN, shown->subject->care_ended[i].law);
    overview_add (self, &entry, FACTS_SIZE);
    place->part++;
    return 0;
}

/* G1: who asked for the consent, if somebody did. */
static int show_asked (const struct overview_page *self, struct shown_consent *shown)
{
    struct consent_request request;
    int rc = consent_request_read (self->turn, self->file, shown->statement->id, &request);
    if (rc == 0) {
        shown->asked_by = request.asked.recorded_by;
        shown->asked_at = request.asked.recorded_at;
    }
    return rc == CONSENT_REQUEST_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}

static int add_consents (struct overview_page *self, struct place *place)
{
    const struct subject_file *file = self->file;
    struct decide_facts facts = subject_file_facts (self->turn, file);
    for (size_t i = 0; i < file->statement_count; i++) {
        struct shown_consent *shown = arena_alloc (self->turn->arena, sizeof *shown);
        struct overview_entry entry = {.consent = shown};
        if (file->statements[i].order <= place->after)
            continue;
        *shown = (struct shown_consent){.state = decide_state (&facts, i), .in_full = true};
        shown->statement = overview_see_statement (self, &file->statements[i], &entry.left_out);
        set_ref (self, &shown->subject_ref);
        int rc = show_asked (self, shown);
        if (rc != 0)
            return rc;
        overview_label_scope (self, &shown->statement->scope);
        overview_label (self, LABEL_PARTY, shown->statement->recorded_by);
        overview_label (self, LABEL_PARTY, shown->asked_by);
        for (size_t j = 0; j < shown->statement->withdrawal_count; j++)
            overview_label (self, LABEL_PARTY, shown->statement->withdrawals[j].recorded_by);
        if (!overview_add (self, &entry, consent_size (shown->statement)))
            return 0;
        place->after = shown->statement->order;
    }
    *place = (struct place){.part = PART_OBLIGATIONS, .newest = place->newest};
    return 0;
}

static int add_obligations (struct overview_page *self, struct place *place)
{
    for (;;) {
        struct shown_duty *shown = arena_alloc (self->turn->arena, sizeof *shown);
        struct overview_entry entry = {.obligation = shown};
        struct kept_duty duty;
        struct duty_name after = {place->after, (enum obligation)place->kind, place->nth};
        int rc = obligation_next (self->turn, self->file, after, &duty);
        if (rc == OBLIGATION_NOT_FOUND)
            break;
        if (rc != 0)
            return rc;
        shown->duty = overview_see_duty (&duty, &entry.left_out);
        set_ref (self, &shown->subject_ref);
        overview_label (self, LABEL_PARTY, duty.holder);
        overview_label (self, LABEL_PARTY, duty.recipient);
        overview_label (self, LABEL_PURPOSE, duty.purpose);
        overview_label (self, LABEL_STATUTE, duty.basis);
        overview_label (self, LABEL_URGENT_REASON, duty.basis);
        for (size_t i = 0; i < duty.categories.count; i++)
            overview_label (self, LABEL_CATEGORY, duty.categories.item[i]);
        if (!overview_add (self, &entry, verb_obligation_size (&duty)))
            return 0;
        place->after = duty.decision;
        place->kind = (uint8_t)duty.kind;
        place->nth = duty.nth;
    }
    *place = (struct place){.part = PART_REQUESTS, .newest = place->newest};
    return 0;
}

/* R2. A request that cannot be read is told with its number alone. */
static int add_requests (struct overview_page *self, struct place *place)
{
    for (;;) {
        struct rights_request request, *seen = arena_alloc (self->turn->arena, sizeof *seen);
        struct shown_rights *shown = arena_alloc (self->turn->arena, sizeof *shown);
        struct overview_entry entry = {.request = shown};
        int rc = rights_request_next (self->turn, self->file, place->after, &request);
        if (rc == RIGHTS_NOT_FOUND)
            break;
        if (rc != 0 && rc != RECORD_DAMAGED)
            return rc;
        *seen = (struct rights_request){.number = request.number};
        if (rc == 0)
            *seen = overview_see_request (self, &request, &entry.left_out);
        *shown = (struct shown_rights){
            .request = seen, .in_full = true, .to_be_erased = rights_request_is_to_be_erased (seen), .bsn = ""};
        if (rc == 0)
            shown->state = rights_request_state (&request, self->turn->now);
        set_ref (self, &shown->subject_ref);
        if (!overview_add (self, &entry, REQUEST_SIZE))
            return 0;
        place->after = request.number;
    }
    *place = (struct place){.part = PART_LINES, .newest = place->newest};
    return 0;
}

/* The lines between which the log is told. */
static int find_bounds (struct turn *turn, const struct request *request, const struct place *place,
                        struct lines_about *search)
{
    moment since = request->as.overview.since, until = request->as.overview.until;
    uint64_t before = 0;
    search->number = place->after;
    search->until = place->newest;
    int rc = since != 0 ? audit_find_before (turn, since, &before) : 0;
    if (before > search->number)
        search->number = before;
    if (rc == 0 && until != 0)
        rc = audit_find_before (turn, until, &before);
    if (until != 0 && before < search->until)
        search->until = before;
    return rc;
}

static int add_lines (struct overview_page *self, const struct request *request, struct place *place)
{
    struct lines_about search = {.left = LINES_A_PAGE};
    memcpy (search.object, self->file->id, sizeof search.object);
    int rc = find_bounds (self->turn, request, place, &search);
    place->after = search.number;
    while (rc == 0) {
        struct audit_record record;
        rc = lines_about_next (self->turn, &search, &record);
        if (rc == 0 && !overview_add_line (self, &record, &rc))
            break;
        if (rc == 0 || rc == AUDIT_LATER || rc == AUDIT_NOT_FOUND)
            place->after = search.number;
    }
    self->unreadable = search.unreadable;
    if (rc == AUDIT_NOT_FOUND)
        place->part = PARTS;
    return rc == AUDIT_NOT_FOUND || rc == AUDIT_LATER ? 0 : rc;
}

/* Fills the page from its place on. */
static int fill (struct overview_page *self, const struct request *request, struct place *place)
{
    int rc = 0;
    if (place->part == PART_SUBJECT)
        rc = add_subject (self, place);
    if (rc == 0 && place->part == PART_CONSENTS)
        rc = add_consents (self, place);
    if (rc == 0 && place->part == PART_OBLIGATIONS && !self->is_full)
        rc = add_obligations (self, place);
    if (rc == 0 && place->part == PART_REQUESTS && !self->is_full)
        rc = add_requests (self, place);
    if (rc == 0 && place->part == PART_LINES && !self->is_full)
        rc = add_lines (self, request, place);
    return rc;
}

static void reply_page (const struct overview_page *self, const struct place *place, struct handling *handling)
{
    struct shown_overview *shown = &handling->reply.as.overview;
    handling->reply.body = REPLY_OVERVIEW;
    *shown = (struct shown_overview){
        .entries = self->entries,
        .entry_count = self->count,
        .labels = self->labels,
        .label_count = self->label_count,
        .controller = self->turn->config->controller,
        .policy = self->turn->policy->id,
        .known = self->file->known,
        .newest = place->newest,
        .looked_until = place->part == PARTS        ? place->newest
                        : place->part == PART_LINES ? place->after
                                                    : 0,
        .unreadable = self->unreadable,
    };
    handling->reply.more = place->part < PARTS;
    if (handling->reply.more)
        handling->reply.next.bytes = write_place (self->turn->arena, place);
}

int verb_overview (struct turn *turn, const struct caller *caller, const struct request *request,
                   struct handling *handling)
{
    struct place place;
    if (!read_place (turn, request->page.after.bytes, &place))
        return handling_invalid (handling, "overview.after", "this is not `next` of the page before");
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    if (!overview_reader_is_right (turn, request->as.overview.reader, "overview.reader", handling))
        return 0;
    struct overview_page page = {
        .turn = turn,
        .caller = caller,
        .file = &handling->file,
        .reader = request->as.overview.reader[0] != 0 ? request->as.overview.reader : "subject",
        .limit = request->page.limit,
        .entries = arena_array (turn->arena, request->page.limit, sizeof *page.entries),
        .labels = arena_array (turn->arena, OVERVIEW_LABELS, sizeof *page.labels),
        .hearings = hearings_new (turn),
    };
    struct generation generation;
    rc = subject_read_generation (turn, handling->file.id, &generation);
    page.since = generation.since;
    if (rc == 0)
        rc = fill (&page, request, &place);
    if (rc == 0)
        reply_page (&page, &place, handling);
    return rc;
}
