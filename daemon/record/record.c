#include "record.h"
#include <string.h>
#include "arena.h"
#include "fields/joined.h"
#include "fields/tables.h"
#include "record_parts.h"
#include "records.pb-c.h"

enum { VERSION_SIZE = 2 };

static const struct field received_field[] = {
    {TEXT (received, party)},
    {TEXTS (received, categories)},
    {TEXTS (received, informed)},
    {TEXTS (received, sources)},
};
static const struct fields received_fields = {FIELDS_OF (received, received_field)};

/* A statement with its id, which in a record of its own is the record's key. */
static const struct field kept_statement_field[] = {
    {FIXED (statement, id)},
    {PART ("statement", &statement_fields), .required = true},
};
static const struct fields kept_statement_fields = {FIELDS_OF (statement, kept_statement_field)};

static const struct field subject_record_field[] = {
    {NUMBER (subject_record, generation)},
    {GROUP (subject_record, subject, &subject_fields)},
    {WORDS_OF (subject_record, words)},
    {LIST (subject_record, statements, statement_count, &kept_statement_fields)},
    {LIST (subject_record, received, received_count, &received_fields)},
    {NUMBER (subject_record, changes)},
};
static const struct fields subject_record_fields = {FIELDS_OF (subject_record, subject_record_field)};

static const struct field subject_facts_field[] = {
    {GROUP (subject_facts, subject, &subject_fields)},
    {NUMBER32 (subject_facts, statements)},
    {NUMBER32 (subject_facts, parts)},
};
static const struct fields subject_facts_fields = {FIELDS_OF (subject_facts, subject_facts_field)};

static const struct field cursor_field[] = {
    {NUMBER (cursor, newest)},       {NUMBER (cursor, acknowledged)}, {FLAG (cursor, named)},
    {NUMBER32 (cursor, live)},       {FLAG (cursor, closed)},         {NUMBER (cursor, unheard_told)},
    {NUMBER (cursor, waiting_told)}, {NUMBER (cursor, dropped_told)},
};
static const struct fields cursor_fields = {FIELDS_OF (cursor, cursor_field)};

static const struct field consumer_field[] = {
    {NUMBER (consumer, first)},        {NUMBER (consumer, acknowledged)}, {MOMENT (consumer, since)},
    {MOMENT (consumer, seen_at)},      {MOMENT (consumer, forgotten_at)}, {NUMBER (consumer, unheard_told)},
    {NUMBER (consumer, waiting_told)}, {NUMBER (consumer, dropped_told)},
};
static const struct fields consumer_fields = {FIELDS_OF (consumer, consumer_field)};

static const struct field answered_item_field[] = {
    {CHOICE (answered_item, ground, 0, DUTY_URGENT_REASONS)},
    {NUMBER32 (answered_item, consent)},
    {TEXT (answered_item, statute)},
    {TEXT (answered_item, urgent_reason)},
    {FLAG (answered_item, against_will)},
    {FLAG (answered_item, manager_missing)},
};
static const struct fields answered_item_fields = {FIELDS_OF (answered_item, answered_item_field)};

static const struct field answered_duty_field[] = {
    {CHOICE (kept_duty, kind, 0, OBLIGATIONS - 1)},
    {MOMENT (kept_duty, due)},
    {TEXT (kept_duty, holder)},
    {FLAG (kept_duty, deferrable)},
    {MOMENT (kept_duty, done_at)},
};
static const struct fields answered_duty_fields = {FIELDS_OF (kept_duty, answered_duty_field)};

static const struct field check_answer_field[] = {
    {CHOICE (check_answer, verdict, VERDICT_PERMIT, VERDICT_DENY)},
    {LIST (check_answer, items, item_count, &answered_item_fields)},
    {CODES_LIST (check_answer, heard, heard_count)},
    {TEXTS (check_answer, missing)},
    {FLAG (check_answer, manager_asked)},
    {FLAG (check_answer, keep_secret)},
    {FLAG (check_answer, one_time)},
    {LIST (check_answer, duties, duty_count, &answered_duty_fields)},
    {MOMENT (check_answer, until)},
};
static const struct fields check_answer_fields = {FIELDS_OF (check_answer, check_answer_field)};

static const struct field telling_field[] = {
    {TEXT (telling, party)},
    {NUMBER (telling, event)},
};
static const struct fields telling_fields = {FIELDS_OF (telling, telling_field)};

static const struct field evidence_field[] = {
    {TEXT (evidence, user)},
    {TEXT (evidence, note)},
    {BYTES (evidence, request)},
    {BYTES (evidence, reply)},
    {FIXED_AT (evidence, policy_hash, VAULT_HASH_SIZE)},
    {CODES_LIST (evidence, all_reasons, reason_count)},
    {FIXED_LIST (evidence, rested_on, rested_count)},
    {NUMBER (evidence, generation)},
    {BYTES (evidence, asked)},
    {GROUP_IF (evidence, answer, has_answer, &check_answer_fields)},
    {LIST (evidence, tellings, telling_count, &telling_fields)},
};
static const struct fields evidence_fields = {FIELDS_OF (evidence, evidence_field)};

struct message records[RECORD_SORTS] = {
    [RECORD_STATEMENT] = {&statement_fields, &records__statement__descriptor, .is_record = true},
    [RECORD_REQUEST] = {&consent_request_fields, &records__consent_request__descriptor, .is_record = true},
    [RECORD_SUBJECT] = {&subject_facts_fields, &records__subject__descriptor, .is_record = true},
    [RECORD_SUBJECT_FILE] = {&subject_record_fields, &records__subject_file__descriptor, .is_record = true},
    [RECORD_PARTY] = {&party_text_fields, &records__party__descriptor, .is_record = true},
    [RECORD_EVENT] = {&event_fields, &records__event__descriptor, .is_record = true},
    [RECORD_CURSOR] = {&cursor_fields, &records__cursor__descriptor, .is_record = true},
    [RECORD_CONSUMER] = {&consumer_fields, &records__consumer__descriptor, .is_record = true},
    [RECORD_RECEIVED] = {&received_fields, &records__received__descriptor, .is_record = true},
    [RECORD_OBLIGATION] = {&kept_duty_fields, &records__obligation__descriptor, .is_record = true},
    [RECORD_RIGHTS] = {&rights_request_fields, &records__rights_request__descriptor, .is_record = true},
    [RECORD_EVIDENCE] = {&evidence_fields, &records__evidence__descriptor, .is_record = true},
};

/* The format of each sort. A record of another format is not read. */
static const uint8_t versions[RECORD_SORTS] = {
    [RECORD_STATEMENT] = 1,  [RECORD_REQUEST] = 1, [RECORD_SUBJECT] = 1,  [RECORD_SUBJECT_FILE] = 3,
    [RECORD_PARTY] = 1,      [RECORD_EVENT] = 1,   [RECORD_CURSOR] = 1,   [RECORD_RECEIVED] = 1,
    [RECORD_OBLIGATION] = 1, [RECORD_RIGHTS] = 1,  [RECORD_EVIDENCE] = 1, [RECORD_CONSUMER] = 1,
};

void record_begin (void)
{
    for (size_t i = 0; i < RECORD_SORTS; i++)
        message_joined (&records[i]);
}

/* Writes the struct and seals it: [prefix][version][sealed]. */
static struct bytes seal (struct arena *arena, const struct record_place *place, enum record_sort sort,
                          const void *from, size_t prefix)
{
    struct bytes plain = fields_write (&records[sort], from, arena);
    size_t whole = prefix + VERSION_SIZE + plain.size + VAULT_SEAL_OVERHEAD;
    uint8_t *made = arena_alloc (arena, whole);
    made[prefix] = 0;
    made[prefix + 1] = versions[sort];
    struct vault_binding binding = {place->table, versions[sort], place->key, place->key_size};
    vault_seal (place->seal, &binding, plain.data, plain.size, made + prefix + VERSION_SIZE);
    return (struct bytes){made, whole};
}

/* Opens a record into the arena, where the struct then borrows from it. RECORD_DAMAGED also if its version is not
   known. */
static int open_record (struct arena *arena, const struct record_place *place, struct bytes sealed,
                        enum record_sort sort, void *to)
{
    const uint8_t *data = sealed.data;
    memset (to, 0, records[sort].fields->size);
    if (sealed.size < VERSION_SIZE + VAULT_SEAL_OVERHEAD || data[0] != 0 || data[1] != versions[sort])
        return RECORD_DAMAGED;
    size_t size = sealed.size - VERSION_SIZE, plain_size = size - VAULT_SEAL_OVERHEAD;
    uint8_t *plain = arena_alloc (arena, plain_size);
    struct vault_binding binding = {place->table, versions[sort], place->key, place->key_size};
    int rc = (place->is_own ? vault_unseal_record : vault_unseal) (place->seal, &binding, data + VERSION_SIZE,
                                                                   size, plain);
    if (rc != 0)
        return RECORD_DAMAGED;
    if (fields_read (&records[sort], arena, plain, plain_size, to))
        return 0;
    memset (to, 0, records[sort].fields->size);
    return RECORD_DAMAGED;
}

int record_own_key (const struct vault_key *seal, struct bytes sealed, struct vault_key *own)
{
    if (sealed.size < VERSION_SIZE + VAULT_SEAL_OVERHEAD)
        return RECORD_DAMAGED;
    vault_record_key (seal, (const uint8_t *)sealed.data + VERSION_SIZE, own);
    return 0;
}

/* What was done stays done. If the time was reset to a moment before it (C14), it counts as done now, and what
   had begun by then counts as begun. Otherwise a withdrawal would be undone, or a superseded consent would come
   back. */
static void keep_done (struct statement *self, moment now)
{
    moment newest = self->recorded_at > self->used_at ? self->recorded_at : self->used_at;
    for (size_t i = 0; i < self->withdrawal_count; i++) {
        moment *recorded = &self->withdrawals[i].recorded_at;
        newest = *recorded > newest ? *recorded : newest;
        *recorded = *recorded > now ? now : *recorded;
    }
    if (newest <= now)
        return;
    if (self->valid_from > now && self->valid_from <= newest)
        self->valid_from = now;
    self->recorded_at = self->recorded_at > now ? now : self->recorded_at;
    self->used_at = self->used_at > now ? now : self->used_at;
    self->corrected_at = self->corrected_at > now ? now : self->corrected_at;
}

size_t record_statement_size (const struct statement *statement)
{
    return fields_size (&records[RECORD_STATEMENT], statement);
}

size_t record_withdrawal_size (const struct withdrawal *withdrawal)
{
    static struct message part = {&withdrawal_fields, &records__withdrawal__descriptor, .is_record = true};
    return fields_size (&part, withdrawal);
}

struct bytes record_seal_request (struct arena *arena, const struct record_place *place,
                                  const struct consent_request *request, size_t prefix)
{
    return seal (arena, place, RECORD_REQUEST, request, prefix);
}

int record_open_request (struct arena *arena, const struct record_place *place, struct bytes sealed,
                         struct consent_request *request)
{
    return open_record (arena, place, sealed, RECORD_REQUEST, request);
}

static void put_by_now (moment *recorded, moment now)
{
    *recorded = *recorded > now ? now : *recorded;
}

/* As with statements: what was done before a reset of the time (C14) counts as done by now. */
static void keep_recorded (struct subject *self, moment now)
{
    put_by_now (&self->death_recorded, now);
    for (size_t i = 0; i < self->representative_count; i++) {
        put_by_now (&self->representatives[i].from_recorded, now);
        put_by_now (&self->representatives[i].until_recorded, now);
        put_by_now (&self->representatives[i].refused_recorded, now);
    }
    for (size_t i = 0; i < self->capability_count; i++)
        put_by_now (&self->capabilities[i].recorded, now);
}

struct bytes record_seal_subject (struct arena *arena, const struct record_place *place,
                                  const struct subject_record *record, size_t prefix)
{
    return seal (arena, place, RECORD_SUBJECT_FILE, record, prefix);
}

int record_open_subject (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                         struct subject_record *record)
{
    int rc = open_record (arena, place, sealed, RECORD_SUBJECT_FILE, record);
    if (rc != 0)
        return rc;
    record->subject.known = true;
    keep_recorded (&record->subject, now);
    for (size_t i = 0; i < record->statement_count; i++)
        keep_done (&record->statements[i], now);
    return 0;
}

void record_take_facts (struct subject *to, const struct subject *from, unsigned parts)
{
    if ((parts & FACTS_BIRTH) != 0)
        to->birth = from->birth;
    if ((parts & FACTS_DEATH) != 0)
        to->death = from->death, to->death_recorded = from->death_recorded;
    if ((parts & FACTS_REPRESENTATIVES) != 0)
        to->representatives = from->representatives, to->representative_count = from->representative_count;
    if ((parts & FACTS_CAPABILITIES) != 0)
        to->capabilities = from->capabilities, to->capability_count = from->capability_count;
    if ((parts & FACTS_RESTRICTIONS) != 0)
        to->restrictions = from->restrictions, to->restriction_count = from->restriction_count;
}

static struct subject_facts parts_of (const struct subject *subject, unsigned parts)
{
    struct subject_facts facts = {.parts = parts};
    record_take_facts (&facts.subject, subject, parts);
    return facts;
}

unsigned record_changed_facts (struct arena *arena, const struct subject *one, const struct subject *other)
{
    unsigned changed = 0;
    for (unsigned part = 1; part < FACTS_ALL; part <<= 1) {
        struct subject_facts first = parts_of (one, part), second = parts_of (other, part);
        struct bytes a = fields_write (&records[RECORD_SUBJECT], &first, arena);
        struct bytes b = fields_write (&records[RECORD_SUBJECT], &second, arena);
        if (a.size != b.size || memcmp (a.data, b.data, a.size) != 0)
            changed |= part;
    }
    return changed;
}

struct bytes record_seal_facts (struct arena *arena, const struct record_place *place,
                                const struct subject *subject, unsigned parts)
{
    struct subject_facts facts = parts_of (subject, parts);
    return seal (arena, place, RECORD_SUBJECT, &facts, 0);
}

int record_open_facts (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                       struct kept_facts *kept)
{
    struct subject_facts facts;
    int rc = open_record (arena, place, sealed, RECORD_SUBJECT, &facts);
    *kept = (struct kept_facts){facts.subject, facts.parts != 0 ? facts.parts : FACTS_ALL};
    keep_recorded (&kept->subject, now);
    return rc;
}

struct bytes record_subject_facts (struct arena *arena, const struct subject *subject)
{
    struct subject_facts facts = {.subject = *subject};
    struct subject *bare = &facts.subject;
    bare->restriction_count = bare->hold_count = 0;
    bare->death_recorded = 0;
    bare->representatives = arena_memdup (arena, subject->representatives,
                                          subject->representative_count * sizeof *bare->representatives);
    for (size_t i = 0; i < bare->representative_count; i++)
        bare->representatives[i].from_recorded = bare->representatives[i].until_recorded =
            bare->representatives[i].refused_recorded = 0;
    bare->capabilities =
        arena_memdup (arena, subject->capabilities, subject->capability_count * sizeof *bare->capabilities);
    for (size_t i = 0; i < bare->capability_count; i++)
        bare->capabilities[i].recorded = 0;
    return fields_write (&records[RECORD_SUBJECT], &facts, arena);
}

struct bytes record_seal_party (struct arena *arena, const struct record_place *place,
                                const struct party_text *party)
{
    return seal (arena, place, RECORD_PARTY, party, 0);
}

int record_open_party (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct party_text *party)
{
    return open_record (arena, place, sealed, RECORD_PARTY, party);
}

struct bytes record_seal_event (struct arena *arena, const struct record_place *place, const struct event *event,
                                size_t prefix)
{
    return seal (arena, place, RECORD_EVENT, event, prefix);
}

int record_open_event (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct event *event)
{
    return open_record (arena, place, sealed, RECORD_EVENT, event);
}

struct bytes record_seal_cursor (struct arena *arena, const struct record_place *place,
                                 const struct cursor *cursor)
{
    return seal (arena, place, RECORD_CURSOR, cursor, 0);
}

int record_open_cursor (struct arena *arena, const struct record_place *place, struct bytes sealed,
                        struct cursor *cursor)
{
    return open_record (arena, place, sealed, RECORD_CURSOR, cursor);
}

struct bytes record_seal_consumer (struct arena *arena, const struct record_place *place,
                                   const struct consumer *consumer)
{
    return seal (arena, place, RECORD_CONSUMER, consumer, 0);
}

int record_open_consumer (struct arena *arena, const struct record_place *place, struct bytes sealed,
                          struct consumer *consumer)
{
    return open_record (arena, place, sealed, RECORD_CONSUMER, consumer);
}

struct bytes record_seal_obligation (struct arena *arena, const struct record_place *place,
                                     const struct kept_duty *duty)
{
    return seal (arena, place, RECORD_OBLIGATION, duty, 0);
}

int record_open_obligation (struct arena *arena, const struct record_place *place, struct bytes sealed,
                            struct kept_duty *duty)
{
    return open_record (arena, place, sealed, RECORD_OBLIGATION, duty);
}

struct bytes record_seal_rights (struct arena *arena, const struct record_place *place,
                                 const struct rights_request *request)
{
    return seal (arena, place, RECORD_RIGHTS, request, 0);
}

int record_open_rights (struct arena *arena, const struct record_place *place, struct bytes sealed,
                        struct rights_request *request)
{
    return open_record (arena, place, sealed, RECORD_RIGHTS, request);
}

struct bytes record_seal_evidence (struct arena *arena, const struct record_place *place,
                                   const struct evidence *evidence, size_t prefix)
{
    return seal (arena, place, RECORD_EVIDENCE, evidence, prefix);
}

int record_open_evidence (struct arena *arena, const struct record_place *place, struct bytes sealed,
                          struct evidence *evidence)
{
    return open_record (arena, place, sealed, RECORD_EVIDENCE, evidence);
}

bool record_is_earlier (struct bytes sealed)
{
    const uint8_t *data = sealed.data;
    return sealed.size >= VERSION_SIZE && data[0] == 0 && data[1] == versions[RECORD_SUBJECT];
}

int record_open_earlier_subject (struct arena *arena, const struct record_place *place, struct bytes sealed,
                                 struct subject *subject, size_t *statements)
{
    struct subject_facts facts;
    int rc = open_record (arena, place, sealed, RECORD_SUBJECT, &facts);
    *subject = facts.subject;
    *statements = facts.statements;
    return rc;
}

int record_open_earlier_statement (struct arena *arena, const struct record_place *place, struct bytes sealed,
                                   struct statement *statement)
{
    return open_record (arena, place, sealed, RECORD_STATEMENT, statement);
}

int record_open_earlier_received (struct arena *arena, const struct record_place *place, struct bytes sealed,
                                  struct received *received)
{
    return open_record (arena, place, sealed, RECORD_RECEIVED, received);
}
