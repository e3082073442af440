#include "record.h"
#include <string.h>
#include "arena_unpack.h"
#include "records.pb-c.h"

enum { RECORD_VERSION = 1, VERSION_SIZE = 2 };

/* Seals what `message` packs to: [prefix][version][sealed]. */
static struct bytes seal (struct turn *turn, const struct record_place *place, const ProtobufCMessage *message,
                          size_t prefix)
{
    size_t size = protobuf_c_message_get_packed_size (message);
    uint8_t *plain = arena_alloc (turn->arena, size);
    protobuf_c_message_pack (message, plain);
    size_t whole = prefix + VERSION_SIZE + size + VAULT_SEAL_OVERHEAD;
    uint8_t *made = arena_alloc (turn->arena, whole);
    made[prefix] = 0;
    made[prefix + 1] = RECORD_VERSION;
    struct vault_binding binding = {place->table, RECORD_VERSION, place->key, place->key_size};
    vault_seal (place->seal, &binding, plain, size, made + prefix + VERSION_SIZE);
    return (struct bytes){made, whole};
}

/* The unpacked message, or NULL if it is damaged or of a version that is not known. */
static void *unseal (struct turn *turn, const struct record_place *place, struct bytes sealed,
                     const ProtobufCMessageDescriptor *descriptor)
{
    const uint8_t *data = sealed.data;
    if (sealed.size < VERSION_SIZE + VAULT_SEAL_OVERHEAD || data[0] != 0 || data[1] != RECORD_VERSION)
        return NULL;
    size_t size = sealed.size - VERSION_SIZE;
    uint8_t *plain = arena_alloc (turn->arena, size - VAULT_SEAL_OVERHEAD);
    struct vault_binding binding = {place->table, RECORD_VERSION, place->key, place->key_size};
    if (vault_unseal (place->seal, &binding, data + VERSION_SIZE, size, plain) != 0)
        return NULL;
    return arena_unpack (turn->arena, descriptor, plain, size - VAULT_SEAL_OVERHEAD);
}

/* protobuf-c takes char * for text that it only reads. */
static char *text (const char *value)
{
    union {
        const char *in;
        char *out;
    } same = {value != NULL ? value : ""};
    return same.out;
}

static char **texts (const struct text_set *set)
{
    union {
        const char **in;
        char **out;
    } same = {set->item};
    return same.out;
}

static struct text_set set_of (char **items, size_t count)
{
    union {
        char **in;
        const char **out;
    } same = {items};
    return (struct text_set){same.out, count};
}

static ProtobufCBinaryData binary (const void *data, size_t size)
{
    union {
        const void *in;
        uint8_t *out;
    } same = {data};
    return (ProtobufCBinaryData){size, same.out};
}

static bool read_id (ProtobufCBinaryData data, uint8_t id[16])
{
    if (data.len != 16)
        return false;
    memcpy (id, data.data, 16);
    return true;
}

static Records__Signature **pack_signatures (struct arena *arena, const struct statement *statement)
{
    Records__Signature **made = arena_array (arena, statement->signature_count, sizeof *made);
    for (size_t i = 0; i < statement->signature_count; i++) {
        made[i] = arena_alloc (arena, sizeof **made);
        records__signature__init (made[i]);
        made[i]->signer = text (statement->signatures[i].signer);
        made[i]->given_at = statement->signatures[i].given_at;
    }
    return made;
}

static Records__Withdrawal **pack_withdrawals (struct arena *arena, const struct statement *statement)
{
    Records__Withdrawal **made = arena_array (arena, statement->withdrawal_count, sizeof *made);
    for (size_t i = 0; i < statement->withdrawal_count; i++) {
        const struct withdrawal *from = &statement->withdrawals[i];
        Records__Withdrawal *to = made[i] = arena_alloc (arena, sizeof *to);
        records__withdrawal__init (to);
        to->n_providers = from->providers.count;
        to->providers = texts (&from->providers);
        to->n_recipients = from->recipients.count;
        to->recipients = texts (&from->recipients);
        to->n_categories = from->categories.count;
        to->categories = texts (&from->categories);
        to->withdrawn_by = text (from->withdrawn_by);
        to->nobody_reason = text (from->nobody_reason);
        to->withdrawn_at = from->withdrawn_at;
        to->recorded_at = from->recorded_at;
        to->recorded_by = text (from->recorded_by);
        to->user = text (from->user);
        to->number = from->number;
    }
    return made;
}

static void pack_statement (struct arena *arena, const struct statement *from, Records__Statement *to)
{
    records__statement__init (to);
    to->order = from->order;
    to->refusal = from->refusal;
    to->n_providers = from->scope.providers.count;
    to->providers = texts (&from->scope.providers);
    to->n_recipients = from->scope.recipients.count;
    to->recipients = texts (&from->scope.recipients);
    to->n_categories = from->scope.categories.count;
    to->categories = texts (&from->scope.categories);
    to->n_origins = from->scope.origins.count;
    to->origins = texts (&from->scope.origins);
    to->purpose = text (from->scope.purpose);
    to->case_ref = text (from->scope.case_ref);
    to->motivation = text (from->motivation);
    to->form = from->form;
    to->evidence_reference = text (from->evidence_reference);
    if (from->has_evidence)
        to->evidence_sha256 = binary (from->evidence_sha256, sizeof from->evidence_sha256);
    to->notice_id = text (from->notice.id);
    to->notice_version = text (from->notice.version);
    to->notice_language = text (from->notice.language);
    to->notice_given_at = from->notice.given_at;
    to->n_signatures = from->signature_count;
    to->signatures = pack_signatures (arena, from);
    to->valid_from = from->valid_from;
    to->valid_until = from->valid_until;
    to->one_time = from->one_time;
    to->recorded_at = from->recorded_at;
    to->recorded_by = text (from->recorded_by);
    to->user = text (from->user);
    to->number = from->number;
    to->used_at = from->used_at;
    to->used_by = from->used_by;
    to->n_withdrawals = from->withdrawal_count;
    to->withdrawals = pack_withdrawals (arena, from);
    to->under_secrecy = from->under_secrecy;
}

struct bytes record_seal_statement (struct turn *turn, const struct record_place *place,
                                    const struct statement *from, size_t prefix)
{
    Records__Statement to;
    pack_statement (turn->arena, from, &to);
    return seal (turn, place, &to.base, prefix);
}

static void open_signatures (struct arena *arena, const Records__Statement *from, struct statement *to)
{
    to->signature_count = from->n_signatures;
    to->signatures = arena_array (arena, from->n_signatures, sizeof *to->signatures);
    for (size_t i = 0; i < from->n_signatures; i++)
        to->signatures[i] = (struct signature){from->signatures[i]->signer, from->signatures[i]->given_at};
}

static void open_withdrawals (struct arena *arena, const Records__Statement *from, struct statement *to)
{
    to->withdrawal_count = from->n_withdrawals;
    to->withdrawals = arena_array (arena, from->n_withdrawals, sizeof *to->withdrawals);
    for (size_t i = 0; i < from->n_withdrawals; i++) {
        const Records__Withdrawal *one = from->withdrawals[i];
        to->withdrawals[i] = (struct withdrawal){
            .providers = set_of (one->providers, one->n_providers),
            .recipients = set_of (one->recipients, one->n_recipients),
            .categories = set_of (one->categories, one->n_categories),
            .withdrawn_by = one->withdrawn_by,
            .nobody_reason = one->nobody_reason,
            .withdrawn_at = one->withdrawn_at,
            .recorded_at = one->recorded_at,
            .recorded_by = one->recorded_by,
            .user = one->user,
            .number = one->number,
        };
    }
}

/* What was done stays done: where the time was reset to before it (C14) it counts from now on, and what had begun
   by then has begun. Else a withdrawal would be undone, or a consent that was superseded come back. */
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
}

static void open_statement (struct arena *arena, const Records__Statement *from, struct statement *to)
{
    memset (to, 0, sizeof *to);
    to->order = from->order;
    to->refusal = from->refusal;
    to->scope.providers = set_of (from->providers, from->n_providers);
    to->scope.recipients = set_of (from->recipients, from->n_recipients);
    to->scope.categories = set_of (from->categories, from->n_categories);
    to->scope.origins = set_of (from->origins, from->n_origins);
    to->scope.purpose = from->purpose;
    to->scope.case_ref = from->case_ref;
    to->motivation = from->motivation;
    to->form = (enum form)from->form;
    to->evidence_reference = from->evidence_reference;
    to->has_evidence = from->evidence_sha256.len == sizeof to->evidence_sha256;
    if (to->has_evidence)
        memcpy (to->evidence_sha256, from->evidence_sha256.data, sizeof to->evidence_sha256);
    to->notice.id = from->notice_id;
    to->notice.version = from->notice_version;
    to->notice.language = from->notice_language;
    to->notice.given_at = from->notice_given_at;
    open_signatures (arena, from, to);
    to->valid_from = from->valid_from;
    to->valid_until = from->valid_until;
    to->one_time = from->one_time;
    to->recorded_at = from->recorded_at;
    to->recorded_by = from->recorded_by;
    to->user = from->user;
    to->number = from->number;
    to->used_at = from->used_at;
    to->used_by = from->used_by;
    open_withdrawals (arena, from, to);
    to->under_secrecy = from->under_secrecy;
}

int record_open_statement (struct turn *turn, const struct record_place *place, struct bytes sealed,
                           struct statement *to)
{
    const Records__Statement *from = unseal (turn, place, sealed, &records__statement__descriptor);
    if (from == NULL || from->form > FORM_ORAL)
        return RECORD_DAMAGED;
    open_statement (turn->arena, from, to);
    keep_done (to, turn->now);
    return 0;
}

struct bytes record_seal_request (struct turn *turn, const struct record_place *place,
                                  const struct consent_request *from, size_t prefix)
{
    Records__ConsentRequest to;
    Records__Statement asked;
    records__consent_request__init (&to);
    pack_statement (turn->arena, &from->asked, &asked);
    to.bsn = text (from->bsn);
    to.asked = &asked;
    to.deferred_at = from->deferred_at;
    to.deferred_reason = text (from->deferred_reason);
    to.deferred_by = text (from->deferred_by);
    to.deferred_user = text (from->deferred_user);
    to.answer = from->answer;
    to.answered_at = from->answered_at;
    to.answered_by = text (from->answered_by);
    return seal (turn, place, &to.base, prefix);
}

/* The moments stay as they were recorded: the indexes have the same. */
int record_open_request (struct turn *turn, const struct record_place *place, struct bytes sealed,
                         struct consent_request *to)
{
    const Records__ConsentRequest *from = unseal (turn, place, sealed, &records__consent_request__descriptor);
    memset (to, 0, sizeof *to);
    if (from == NULL || from->asked == NULL || from->answer > ANSWER_REFUSED)
        return RECORD_DAMAGED;
    open_statement (turn->arena, from->asked, &to->asked);
    to->bsn = from->bsn;
    to->deferred_at = from->deferred_at;
    to->deferred_reason = from->deferred_reason;
    to->deferred_by = from->deferred_by;
    to->deferred_user = from->deferred_user;
    to->answer = (enum answer)from->answer;
    to->answered_at = from->answered_at;
    to->answered_by = from->answered_by;
    return 0;
}

static char *day_text (struct arena *arena, struct day day)
{
    char *made = arena_alloc (arena, 11);
    if (day.month != 0)
        calendar_format (day, made);
    return made;
}

static bool read_day (const char *from, struct day *to)
{
    memset (to, 0, sizeof *to);
    return from[0] == 0 || calendar_parse (from, to);
}

static Records__Restriction **pack_restrictions (struct arena *arena, const struct subject *subject)
{
    Records__Restriction **made = arena_array (arena, subject->restriction_count, sizeof *made);
    for (size_t i = 0; i < subject->restriction_count; i++) {
        const struct restriction *from = &subject->restrictions[i];
        made[i] = arena_alloc (arena, sizeof **made);
        records__restriction__init (made[i]);
        made[i]->category = text (from->category);
        made[i]->since = from->since;
        made[i]->next_order = from->next_order;
        made[i]->reason = text (from->reason);
        made[i]->recorded_by = text (from->recorded_by);
        made[i]->user = text (from->user);
    }
    return made;
}

struct bytes record_seal_subject (struct turn *turn, const struct record_place *place, const struct subject *from,
                                  size_t statements, size_t prefix)
{
    struct arena *arena = turn->arena;
    Records__Subject to;
    records__subject__init (&to);
    to.birth = day_text (arena, from->birth);
    to.death = day_text (arena, from->death);
    to.death_recorded = from->death_recorded;
    to.n_representatives = from->representative_count;
    to.representatives = arena_array (arena, from->representative_count, sizeof *to.representatives);
    for (size_t i = 0; i < from->representative_count; i++) {
        const struct representative *one = &from->representatives[i];
        Records__Representative *made = to.representatives[i] = arena_alloc (arena, sizeof *made);
        records__representative__init (made);
        made->reference = text (one->reference);
        made->kind = text (one->kind);
        made->from = day_text (arena, one->from);
        made->until = day_text (arena, one->until);
        made->refused_from = day_text (arena, one->refused_from);
        made->refused_reason = text (one->refused_reason);
        made->from_recorded = one->from_recorded;
        made->until_recorded = one->until_recorded;
        made->refused_recorded = one->refused_recorded;
    }
    to.n_capabilities = from->capability_count;
    to.capabilities = arena_array (arena, from->capability_count, sizeof *to.capabilities);
    for (size_t i = 0; i < from->capability_count; i++) {
        to.capabilities[i] = arena_alloc (arena, sizeof **to.capabilities);
        records__capability__init (to.capabilities[i]);
        to.capabilities[i]->from = day_text (arena, from->capabilities[i].from);
        to.capabilities[i]->capable = from->capabilities[i].capable;
        to.capabilities[i]->recorded = from->capabilities[i].recorded;
    }
    to.n_restrictions = from->restriction_count;
    to.restrictions = pack_restrictions (arena, from);
    to.statements = (uint32_t)statements;
    return seal (turn, place, &to.base, prefix);
}

/* As with statements: what was done before the time was reset (C14) was done by now. */
static moment by_now (const struct turn *turn, moment recorded)
{
    return recorded > turn->now ? turn->now : recorded;
}

static bool open_representative (const struct turn *turn, const Records__Representative *from,
                                 struct representative *to)
{
    to->from_recorded = by_now (turn, from->from_recorded);
    to->until_recorded = by_now (turn, from->until_recorded);
    to->refused_recorded = by_now (turn, from->refused_recorded);
    to->reference = from->reference;
    to->kind = from->kind;
    to->refused_reason = from->refused_reason;
    return read_day (from->from, &to->from) && read_day (from->until, &to->until) &&
           read_day (from->refused_from, &to->refused_from);
}

static void open_restrictions (struct turn *turn, const Records__Subject *from, struct subject *to)
{
    to->restriction_count = from->n_restrictions;
    to->restrictions = arena_array (turn->arena, from->n_restrictions, sizeof *to->restrictions);
    for (size_t i = 0; i < from->n_restrictions; i++) {
        const Records__Restriction *one = from->restrictions[i];
        to->restrictions[i] = (struct restriction){
            .category = one->category,
            .since = one->since,
            .next_order = one->next_order,
            .reason = one->reason,
            .recorded_by = one->recorded_by,
            .user = one->user,
        };
    }
}

int record_open_subject (struct turn *turn, const struct record_place *place, struct bytes sealed,
                         struct subject *to, size_t *statements)
{
    const Records__Subject *from = unseal (turn, place, sealed, &records__subject__descriptor);
    memset (to, 0, sizeof *to);
    if (from == NULL || !read_day (from->birth, &to->birth) || !read_day (from->death, &to->death))
        return RECORD_DAMAGED;
    *statements = from->statements;
    to->known = true;
    to->death_recorded = by_now (turn, from->death_recorded);
    to->representative_count = from->n_representatives;
    to->representatives = arena_array (turn->arena, from->n_representatives, sizeof *to->representatives);
    for (size_t i = 0; i < from->n_representatives; i++)
        if (!open_representative (turn, from->representatives[i], &to->representatives[i]))
            return RECORD_DAMAGED;
    to->capability_count = from->n_capabilities;
    to->capabilities = arena_array (turn->arena, from->n_capabilities, sizeof *to->capabilities);
    for (size_t i = 0; i < from->n_capabilities; i++) {
        to->capabilities[i].capable = from->capabilities[i]->capable;
        to->capabilities[i].recorded = by_now (turn, from->capabilities[i]->recorded);
        if (!read_day (from->capabilities[i]->from, &to->capabilities[i].from))
            return RECORD_DAMAGED;
    }
    open_restrictions (turn, from, to);
    return 0;
}

/* The limits that are set, in their order: none where the configuration says all of them. */
static size_t pack_limits (const struct party_text *from, uint32_t limits[PARTY_LIMITS])
{
    size_t count = 0;
    for (size_t i = 0; i < PARTY_LIMITS; i++) {
        limits[i] = party_limit (from, i);
        count = limits[i] != 0 ? i + 1 : count;
    }
    return count;
}

static Records__PartyKey **pack_keys (struct arena *arena, const struct party_text *from)
{
    Records__PartyKey **keys = arena_array (arena, from->key_count, sizeof *keys);
    for (size_t i = 0; i < from->key_count; i++) {
        keys[i] = arena_alloc (arena, sizeof **keys);
        records__party_key__init (keys[i]);
        keys[i]->name = text (from->keys[i].name);
        keys[i]->public_key = text (from->keys[i].public_key);
        keys[i]->since = text (from->keys[i].since);
        keys[i]->until = text (from->keys[i].until);
    }
    return keys;
}

struct bytes record_seal_party (struct turn *turn, const struct record_place *place, const struct party_text *from)
{
    uint32_t limits[PARTY_LIMITS];
    Records__Party to;
    records__party__init (&to);
    to.kind = text (from->kind);
    to.role = text (from->role);
    to.secrecy = text (from->secrecy);
    to.agreement_from = text (from->agreement_from);
    to.agreement_until = text (from->agreement_until);
    to.agreement_reference = text (from->agreement_reference);
    to.contact = text (from->contact);
    to.agb = text (from->agb);
    to.gemeentecode = text (from->gemeentecode);
    to.oin = text (from->oin);
    to.active = from->active;
    to.n_keys = from->key_count;
    to.keys = pack_keys (turn->arena, from);
    to.n_limits = pack_limits (from, limits);
    to.limits = limits;
    return seal (turn, place, &to.base, 0);
}

static const struct party_key *open_keys (struct arena *arena, const Records__Party *from)
{
    struct party_key *keys = arena_array (arena, from->n_keys, sizeof *keys);
    for (size_t i = 0; i < from->n_keys; i++)
        keys[i] = (struct party_key){from->keys[i]->name, from->keys[i]->public_key, from->keys[i]->since,
                                     from->keys[i]->until};
    return keys;
}

int record_open_party (struct turn *turn, const struct record_place *place, struct bytes sealed,
                       struct party_text *to)
{
    const Records__Party *from = unseal (turn, place, sealed, &records__party__descriptor);
    if (from == NULL || from->n_limits > PARTY_LIMITS)
        return RECORD_DAMAGED;
    *to = (struct party_text){
        .kind = from->kind,
        .role = from->role,
        .secrecy = from->secrecy,
        .agreement_from = from->agreement_from,
        .agreement_until = from->agreement_until,
        .agreement_reference = from->agreement_reference,
        .contact = from->contact,
        .agb = from->agb,
        .gemeentecode = from->gemeentecode,
        .oin = from->oin,
        .keys = open_keys (turn->arena, from),
        .key_count = from->n_keys,
        .active = from->active,
    };
    for (size_t i = 0; i < from->n_limits; i++)
        party_limit_set (to, i, from->limits[i]);
    return 0;
}

struct bytes record_seal_received (struct turn *turn, const struct record_place *place,
                                   const struct received *from)
{
    Records__Received to;
    records__received__init (&to);
    to.n_categories = from->categories.count;
    to.categories = texts (&from->categories);
    to.n_informed = from->informed.count;
    to.informed = texts (&from->informed);
    to.n_sources = from->sources.count;
    to.sources = texts (&from->sources);
    return seal (turn, place, &to.base, 0);
}

int record_open_received (struct turn *turn, const struct record_place *place, struct bytes sealed,
                          struct received *to)
{
    const Records__Received *from = unseal (turn, place, sealed, &records__received__descriptor);
    if (from == NULL)
        return RECORD_DAMAGED;
    to->categories = set_of (from->categories, from->n_categories);
    to->informed = set_of (from->informed, from->n_informed);
    to->sources = set_of (from->sources, from->n_sources);
    return 0;
}

struct bytes record_seal_obligation (struct turn *turn, const struct record_place *place,
                                     const struct kept_duty *from)
{
    Records__Obligation to;
    records__obligation__init (&to);
    to.due = from->due;
    to.deferrable = from->deferrable;
    to.holder = text (from->holder);
    to.recipient = text (from->recipient);
    to.purpose = text (from->purpose);
    to.ground = from->ground;
    to.basis = text (from->basis);
    to.made_at = from->made_at;
    to.done_at = from->done_at;
    to.done_by = text (from->done_by);
    to.deferred_at = from->deferred_at;
    to.deferred_by = text (from->deferred_by);
    to.defer_reason = text (from->defer_reason);
    to.report_reason = text (from->report.reason);
    to.report_file = text (from->report.file);
    to.report_manager = text (from->report.manager);
    return seal (turn, place, &to.base, 0);
}

int record_open_obligation (struct turn *turn, const struct record_place *place, struct bytes sealed,
                            struct kept_duty *to)
{
    const Records__Obligation *from = unseal (turn, place, sealed, &records__obligation__descriptor);
    if (from == NULL || from->ground < DUTY_CONSENT || from->ground > DUTY_URGENT_REASONS)
        return RECORD_DAMAGED;
    to->due = from->due;
    to->deferrable = from->deferrable;
    to->holder = from->holder;
    to->recipient = from->recipient;
    to->purpose = from->purpose;
    to->ground = (enum duty_ground)from->ground;
    to->basis = from->basis;
    to->made_at = from->made_at;
    to->done_at = from->done_at;
    to->done_by = from->done_by;
    to->deferred_at = from->deferred_at;
    to->deferred_by = from->deferred_by;
    to->defer_reason = from->defer_reason;
    to->report = (struct duty_report){from->report_reason, from->report_file, from->report_manager};
    return 0;
}

struct bytes record_seal_event (struct turn *turn, const struct record_place *place, const struct event *from)
{
    Records__Event to;
    records__event__init (&to);
    to.kind = from->kind;
    to.time = from->time;
    to.consent_id = binary (from->consent_id.bytes, 16);
    to.subject_ref = binary (from->subject_ref.bytes, 16);
    to.n_providers = from->providers.count;
    to.providers = texts (&from->providers);
    to.n_recipients = from->recipients.count;
    to.recipients = texts (&from->recipients);
    to.n_categories = from->categories.count;
    to.categories = texts (&from->categories);
    to.purpose = text (from->purpose);
    to.whole = from->whole;
    to.revision = from->revision;
    to.answer = from->answer;
    to.obligation = from->obligation;
    to.decision = from->decision;
    to.alarm = text (from->alarm);
    to.party = text (from->party);
    return seal (turn, place, &to.base, 0);
}

int record_open_event (struct turn *turn, const struct record_place *place, struct bytes sealed, struct event *to)
{
    const Records__Event *from = unseal (turn, place, sealed, &records__event__descriptor);
    memset (to, 0, sizeof *to);
    if (from == NULL || !read_id (from->consent_id, to->consent_id.bytes) ||
        !read_id (from->subject_ref, to->subject_ref.bytes))
        return RECORD_DAMAGED;
    to->kind = (enum event_kind)from->kind;
    to->time = from->time;
    to->providers = set_of (from->providers, from->n_providers);
    to->recipients = set_of (from->recipients, from->n_recipients);
    to->categories = set_of (from->categories, from->n_categories);
    to->purpose = from->purpose;
    to->whole = from->whole;
    to->revision = from->revision;
    to->answer = (enum answer)from->answer;
    to->obligation = (enum obligation)from->obligation;
    to->decision = from->decision;
    to->alarm = from->alarm;
    to->party = from->party;
    return 0;
}

struct bytes record_seal_evidence (struct turn *turn, const struct record_place *place,
                                   const struct evidence *from, size_t prefix)
{
    struct arena *arena = turn->arena;
    Records__Evidence to;
    records__evidence__init (&to);
    to.user = text (from->user);
    to.note = text (from->note);
    to.request = binary (from->request.data, from->request.size);
    to.reply = binary (from->reply.data, from->reply.size);
    if (from->policy_hash != NULL)
        to.policy_hash = binary (from->policy_hash, VAULT_HASH_SIZE);
    if (from->all_reasons != NULL) {
        to.n_all_reasons = from->reason_count;
        to.all_reasons = arena_array (arena, from->reason_count, sizeof *to.all_reasons);
        for (size_t i = 0; i < from->reason_count; i++)
            to.all_reasons[i] = binary (from->all_reasons[i].code, from->all_reasons[i].count);
    }
    to.n_rested_on = from->rested_count;
    to.rested_on = arena_array (arena, from->rested_count, sizeof *to.rested_on);
    for (size_t i = 0; i < from->rested_count; i++)
        to.rested_on[i] = binary (from->rested_on[i].bytes, 16);
    return seal (turn, place, &to.base, prefix);
}

int record_open_evidence (struct turn *turn, const struct record_place *place, struct bytes sealed,
                          struct evidence *to)
{
    const Records__Evidence *from = unseal (turn, place, sealed, &records__evidence__descriptor);
    memset (to, 0, sizeof *to);
    if (from == NULL)
        return RECORD_DAMAGED;
    to->user = from->user;
    to->note = from->note;
    to->request = (struct bytes){from->request.data, from->request.len};
    to->reply = (struct bytes){from->reply.data, from->reply.len};
    to->policy_hash = from->policy_hash.len == VAULT_HASH_SIZE ? from->policy_hash.data : NULL;
    struct rule_codes *reasons = arena_array (turn->arena, from->n_all_reasons, sizeof *reasons);
    for (size_t i = 0; i < from->n_all_reasons; i++) {
        size_t count = from->all_reasons[i].len;
        reasons[i].count = (uint8_t)(count < sizeof reasons[i].code ? count : sizeof reasons[i].code);
        memcpy (reasons[i].code, from->all_reasons[i].data, reasons[i].count);
    }
    to->all_reasons = from->n_all_reasons > 0 ? reasons : NULL;
    to->reason_count = from->n_all_reasons;
    struct id *rested = arena_array (turn->arena, from->n_rested_on, sizeof *rested);
    for (size_t i = 0; i < from->n_rested_on; i++)
        if (!read_id (from->rested_on[i], rested[i].bytes))
            return RECORD_DAMAGED;
    to->rested_on = rested;
    to->rested_count = from->n_rested_on;
    return 0;
}
