/* A snapshot in pages shows one state, whatever is recorded between its pages: what the party was shown of each
   consent, one by one, when the first page was made, and the restrictions that stood. And what was told since,
   added to it, is what is so now. Random histories; the same in every run. */
#include <stdio.h>
#include <string.h>
#include "random_pick.h"
#include "simulation_verbs.h"

enum { PEOPLE = 9, CONSENTS = 160, ROUNDS = 6, ACTS = 60, SNAPSHOTS = 3, HOUR = 3600000, TEXTS = 400 };

static const char delta[] = "zorgaanbieder-delta";

/* Texts in the order of the alphabet: one for each thing that stands. */
struct standing {
    const char *text[TEXTS];
    size_t count;
};

struct town {
    struct simulation *sim;
    const char *people[PEOPLE];
    const uint8_t *consents[CONSENTS];
    size_t count;
    bool replaced[CONSENTS];         /* once, by another consent: no event of its own said so */
    bool naw[PEOPLE], whole[PEOPLE]; /* restricted */
    bool discloses;
};

/* --- What happens ------------------------------------------------------------------------------------- */

static void grant (struct town *town, const char *bsn)
{
    static const char *const categories[] = {"naw", "bsn", "naw bsn"};
    static const char *const to[] = {"zorgaanbieder-horizon", "zorgaanbieder-horizon zorgaanbieder-delta"};
    struct simulated_statement said = {.bsn = bsn, .categories = ANY (categories), .to = ANY (to)};
    said.one_time = random_pick (5) == 0;
    said.to = said.one_time ? to[0] : said.to;
    said.valid_until = town->sim->wall + (moment)(1 + random_pick (400)) * HOUR;
    if (random_pick (4) == 0)
        said.valid_from = town->sim->wall + (moment)random_pick (200) * HOUR;
    if (said.valid_from >= said.valid_until)
        said.valid_from = 0;
    Consentd__Request *request = simulation_statement (town->sim, &said, random_pick (6) == 0);
    const Consentd__Reply *reply = simulation_ask (town->sim, "kernteam", request);
    if (reply->status == CONSENTD__STATUS__OK && town->count < CONSENTS)
        town->consents[town->count++] = reply->consent_recorded->consent_id.data;
}

static void revoke (struct town *town)
{
    static const char *const to[] = {NULL, "zorgaanbieder-horizon", "zorgaanbieder-delta"};
    if (town->count == 0)
        return;
    struct simulated_revocation said = {.consent = town->consents[random_pick ((unsigned)town->count)],
                                        .to = ANY (to)};
    if (random_pick (3) == 0)
        said.categories = "naw";
    simulation_ask (town->sim, "kernteam", simulation_revocation (town->sim, &said));
}

static void restrict_or_lift (struct town *town, unsigned who)
{
    char *naw = arena_strdup (town->sim->arena, "naw"),
         **names = arena_memdup (town->sim->arena, &naw, sizeof naw);
    bool whole = random_pick (3) == 0, *now = whole ? &town->whole[who] : &town->naw[who];
    Consentd__Request *request = simulation_asking (town->sim, *now ? CONSENTD__REQUEST__BODY_LIFT_RESTRICTION
                                                                    : CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    if (*now) {
        Consentd__LiftRequest *body = request->lift_restriction;
        body->bsn = arena_strdup (town->sim->arena, town->people[who]);
        body->whole = whole, body->n_categories = !whole, body->categories = names;
        body->reason = body->user = arena_strdup (town->sim->arena, "medewerker-17");
    } else {
        Consentd__RestrictRequest *body = request->restrict_data;
        body->bsn = arena_strdup (town->sim->arena, town->people[who]);
        body->whole = whole, body->n_categories = !whole, body->categories = names;
        body->reason = body->user = arena_strdup (town->sim->arena, "medewerker-17");
    }
    assert_int_equal (simulation_ask (town->sim, "kernteam", request)->status, CONSENTD__STATUS__OK);
    *now = !*now;
}

static void act (struct town *town)
{
    unsigned who = random_pick (PEOPLE), what = random_pick (20);
    if (what < 8)
        grant (town, town->people[who]);
    else if (what < 12)
        revoke (town);
    else if (what < 15)
        restrict_or_lift (town, who);
    else if (what < 17 && town->discloses)
        CHECK (town->sim, .bsn = town->people[who], .items = "naw");
    else if (what < 18)
        PERSON (town->sim, .bsn = town->people[who], .born = random_pick (2) == 0 ? "1980-05-17" : "2012-05-20",
                .representatives = random_pick (2) == 0 ? "ouder-1" : NULL);
    else
        town->sim->wall += (moment)random_pick (40) * HOUR;
}

/* What time brought is told. */
static void pass (struct town *town)
{
    town->sim->state.agenda_at = town->sim->registry.state.agenda_at = 0;
    do
        assert_int_equal (simulation_pass (town->sim), 0);
    while (town->sim->state.agenda_at <= town->sim->wall);
}

/* --- What stands -------------------------------------------------------------------------------------- */

static void add (struct standing *self, const char *text)
{
    size_t at = self->count++;
    assert_true (self->count < TEXTS);
    for (; at > 0 && strcmp (self->text[at - 1], text) > 0; at--)
        self->text[at] = self->text[at - 1];
    self->text[at] = text;
}

static const char *hex_of (struct simulation *sim, const void *data, size_t size)
{
    char *text = arena_alloc (sim->arena, 2 * size + 1);
    for (size_t i = 0; i < size; i++)
        snprintf (text + 2 * i, 3, "%02x", ((const uint8_t *)data)[i]);
    return text;
}

/* All that is shown of it. */
static const char *consent_text (struct simulation *sim, const Consentd__Consent *consent)
{
    uint8_t bytes[4096];
    assert_true (consentd__consent__get_packed_size (consent) <= sizeof bytes);
    return hex_of (sim, bytes, consentd__consent__pack (consent, bytes));
}

static const Consentd__Consent *shown (struct town *town, const char *party, size_t index)
{
    Consentd__Request *request = simulation_asking (town->sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id =
        (ProtobufCBinaryData){16, arena_memdup (town->sim->arena, town->consents[index], 16)};
    const Consentd__Reply *reply = simulation_look (town->sim, party, request);
    return reply->status == CONSENTD__STATUS__OK ? reply->consent_show->consent : NULL;
}

static bool stands (const Consentd__Consent *consent)
{
    return consent != NULL && (consent->state == CONSENTD__CONSENT__STATE__GRANTED ||
                               consent->state == CONSENTD__CONSENT__STATE__REFUSAL);
}

/* By asking of each consent. */
static struct standing find_shown (struct town *town, const char *party)
{
    struct standing found = {.count = 0};
    for (size_t i = 0; i < town->count; i++) {
        const Consentd__Consent *consent = shown (town, party, i);
        if (stands (consent))
            add (&found, consent_text (town->sim, consent));
    }
    return found;
}

static const char *restriction_text (struct simulation *sim, const Consentd__SnapshotRestriction *one)
{
    return arena_printf (sim->arena, "%s %s %s %lld", hex_of (sim, one->subject_ref.data, one->subject_ref.len),
                         one->whole ? "whole" : "part", simulation_words (sim, one->categories, one->n_categories),
                         (long long)one->since);
}

static const char *permit_text (struct simulation *sim, const ProtobufCBinaryData *subject, const char *flow,
                                const char *category)
{
    return arena_printf (sim->arena, "%s %s %s", hex_of (sim, subject->data, subject->len), flow, category);
}

/* --- The pages ---------------------------------------------------------------------------------------- */

/* One snapshot, as it is collected. */
struct collected {
    struct standing consents, restrictions, permits;
    uint64_t number;
    size_t pages;
};

/* One text for each category that is permitted then, whatever the case. */
static void add_permits (struct town *town, const Consentd__SnapshotPermits *entry, moment as_of,
                         struct standing *all)
{
    struct simulation *sim = town->sim;
    for (size_t i = 0; i < entry->n_permits; i++) {
        const Consentd__Permits *one = entry->permits[i];
        const char *flow = arena_printf (sim->arena, "%s %s %s", one->provider, one->recipient, one->purpose);
        for (size_t j = 0; j < one->n_categories && one->case_ref[0] == '\0'; j++)
            if (one->categories[j]->from <= as_of)
                add (all, permit_text (sim, &entry->subject_ref, flow, one->categories[j]->category));
    }
}

static void take (struct town *town, const Consentd__SnapshotReply *page, struct collected *all)
{
    assert_true (all->pages == 0 || all->number == page->number);
    all->number = page->number;
    all->pages++;
    for (size_t i = 0; i < page->n_entries; i++) {
        const Consentd__SnapshotEntry *entry = page->entries[i];
        switch (entry->entry_case) {
        case CONSENTD__SNAPSHOT_ENTRY__ENTRY_CONSENT:
            add (&all->consents, consent_text (town->sim, entry->consent));
            break;
        case CONSENTD__SNAPSHOT_ENTRY__ENTRY_RESTRICTION:
            add (&all->restrictions, restriction_text (town->sim, entry->restriction));
            break;
        default:
            assert_int_equal (entry->entry_case, CONSENTD__SNAPSHOT_ENTRY__ENTRY_PERMITS);
            assert_false (entry->permits->left_out);
            add_permits (town, entry->permits, page->as_of, &all->permits);
        }
    }
}

static Consentd__Request *asking (struct town *town, ProtobufCBinaryData after)
{
    Consentd__Request *request = simulation_asking (town->sim, CONSENTD__REQUEST__BODY_SNAPSHOT);
    request->snapshot->limit = 1 + random_pick (3);
    request->snapshot->permits = true;
    request->snapshot->after = after;
    return request;
}

/* `writes`: between two pages something happens. */
static struct collected collect (struct town *town, const char *party, bool writes)
{
    struct collected all = {.pages = 0};
    ProtobufCBinaryData after = {0, NULL};
    bool more = true;
    while (more) {
        const Consentd__Reply *reply = simulation_ask (town->sim, party, asking (town, after));
        assert_int_equal (reply->status, CONSENTD__STATUS__OK);
        take (town, reply->snapshot, &all);
        more = reply->snapshot->more;
        after = reply->snapshot->next;
        for (unsigned acts = writes ? random_pick (4) : 0; acts > 0; acts--)
            act (town);
    }
    return all;
}

static void assert_same (const struct standing *one, const struct standing *other)
{
    assert_int_equal (one->count, other->count);
    for (size_t i = 0; i < one->count; i++)
        assert_string_equal (one->text[i], other->text[i]);
}

/* --- The tests ---------------------------------------------------------------------------------------- */

static struct town begin (void)
{
    struct town town = {.sim = simulation_new (NULL)};
    for (unsigned i = 0; i < PEOPLE; i++) {
        town.people[i] = simulation_bsn (town.sim, i);
        PERSON (town.sim, .bsn = town.people[i], .born = "1980-05-17");
    }
    return town;
}

/* A statement names the party with this subject, by the pseudonym that the party has. */
static bool is_named (struct town *town, const char *party, const ProtobufCBinaryData *subject)
{
    for (size_t i = 0; i < town->count; i++) {
        const Consentd__Consent *one = shown (town, party, i);
        if (one != NULL && memcmp (one->subject_ref.data, subject->data, 16) == 0)
            return true;
    }
    return false;
}

static bool has_text (const struct standing *all, const char *text)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp (all->text[i], text) == 0)
            return true;
    return false;
}

/* What a check says of each item, asked one by one, of everybody whom a statement names with the party. Returns
   how many are permitted. */
static size_t compare_permits (struct town *town, const char *party, const struct standing *permits)
{
    const char *flow = arena_printf (town->sim->arena, "kernteam %s toekenning", party);
    size_t permitted = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        const struct simulated_check asked = {
            .by = party, .bsn = town->people[i], .to = party, .items = "naw/ bsn/", .advise = true};
        const Consentd__Reply *reply = simulation_look (town->sim, party, simulation_check (town->sim, &asked));
        assert_int_equal (reply->status, CONSENTD__STATUS__OK);
        bool named = is_named (town, party, &reply->check->subject_ref);
        for (size_t j = 0; j < 2; j++) {
            const Consentd__ItemVerdict *item = reply->check->items[j];
            bool is_there =
                has_text (permits, permit_text (town->sim, &reply->check->subject_ref, flow, item->category));
            assert_int_equal (is_there, named && item->verdict == CONSENTD__VERDICT__PERMIT);
            permitted += is_there;
        }
    }
    return permitted;
}

static void test_all_pages_show_the_state_of_the_first (void **state)
{
    static const char *const parties[] = {"zorgaanbieder-horizon", "zorgaanbieder-delta"};
    size_t consents = 0, restrictions = 0, pages = 0, compared = 0;
    (void)state;
    random_begin (12);
    for (int round = 0; round < ROUNDS; round++) {
        struct town town = begin ();
        for (int i = 0; i < SNAPSHOTS; i++) {
            const char *party = ANY (parties);
            town.discloses = true;
            for (int acts = 0; acts < ACTS / SNAPSHOTS; acts++)
                act (&town);
            town.discloses = false; /* what was received counts from then on, for restrictions that stand */
            pass (&town);
            struct collected quiet = collect (&town, party, false);
            struct standing shown_now = find_shown (&town, party);
            compared += compare_permits (&town, party, &quiet.permits);
            struct collected found = collect (&town, party, true);
            assert_same (&found.consents, &shown_now);
            assert_same (&found.restrictions, &quiet.restrictions);
            assert_same (&found.permits, &quiet.permits);
            consents += found.consents.count;
            restrictions += found.restrictions.count;
            pages += found.pages;
        }
        simulation_destroy (&town.sim);
    }
    assert_true (consents > 5 * ROUNDS && restrictions > 0 && pages > 10 * ROUNDS && compared > 5 * ROUNDS);
}

/* A consent as the party knows it: by its id, what of naw and bsn is left of it. */
struct known {
    const uint8_t *id;
    bool stands, refusal, naw, bsn;
};

static struct known *know (struct town *town, struct known *all, const ProtobufCBinaryData *id)
{
    for (size_t i = 0; i < town->count; i++)
        if (memcmp (town->consents[i], id->data, 16) == 0) {
            all[i].id = town->consents[i];
            return &all[i];
        }
    fail_msg ("a consent that nobody recorded");
    return NULL;
}

static bool has (char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (list[i], text) == 0)
            return true;
    return false;
}

static void know_shown (struct known *one, const Consentd__Consent *consent)
{
    *one = (struct known){one->id, true, consent->state == CONSENTD__CONSENT__STATE__REFUSAL,
                          has (consent->scope->categories, consent->scope->n_categories, "naw"),
                          has (consent->scope->categories, consent->scope->n_categories, "bsn")};
    for (size_t i = 0; i < consent->n_withdrawals; i++) {
        const Consentd__Withdrawal *gone = consent->withdrawals[i];
        one->naw &= gone->n_categories > 0 && !has (gone->categories, gone->n_categories, "naw");
        one->bsn &= gone->n_categories > 0 && !has (gone->categories, gone->n_categories, "bsn");
    }
    one->stands = one->naw || one->bsn;
}

static void hear (struct known *one, const Consentd__EventPush *event)
{
    bool naw = has (event->categories, event->n_categories, "naw");
    bool bsn = has (event->categories, event->n_categories, "bsn");
    switch (event->kind) {
    case CONSENTD__EVENT_KIND__CONSENT_GRANTED:
    case CONSENTD__EVENT_KIND__CONSENT_REFUSED:
        *one = (struct known){one->id, true, event->kind == CONSENTD__EVENT_KIND__CONSENT_REFUSED, naw, bsn};
        return;
    case CONSENTD__EVENT_KIND__CONSENT_RESTORED:
        one->stands = true, one->naw |= naw, one->bsn |= bsn;
        return;
    case CONSENTD__EVENT_KIND__CONSENT_REVOKED:
        one->naw &= !naw, one->bsn &= !bsn;
        one->stands &= !event->whole;
        return;
    default:
        one->stands = false; /* it expired, was used, lapsed or was replaced */
    }
}

static void follow (struct town *town, const char *party, uint64_t number, struct known *all)
{
    uint64_t newest = simulation_newest_of_all (town->sim, party);
    while (number < newest) {
        const Consentd__EventPush *event = simulation_event_of_all (town->sim, party, ++number);
        assert_non_null (event);
        if (event->consent_id.len > 0)
            hear (know (town, all, &event->consent_id), event);
    }
}

static void act_and_note (struct town *town)
{
    act (town);
    for (size_t i = 0; i < town->count; i++) {
        const Consentd__Consent *now = shown (town, horizon, i);
        town->replaced[i] |= now != NULL && now->state == CONSENTD__CONSENT__STATE__SUPERSEDED;
    }
}

static void compare_known (struct town *town, const struct known *all, size_t *compared)
{
    for (size_t i = 0; i < town->count; i++) {
        const Consentd__Consent *now = shown (town, horizon, i);
        struct known expected = {.id = all[i].id};
        if (now == NULL || town->replaced[i])
            continue;
        if (stands (now))
            know_shown (&expected, now);
        if (expected.stands != all[i].stands ||
            (expected.stands &&
             (expected.refusal != all[i].refusal || expected.naw != all[i].naw || expected.bsn != all[i].bsn)))
            fail_msg ("consent %zu is in state %d, and known to stand: %d", i, (int)now->state, all[i].stands);
        (*compared)++;
    }
}

/* To horizon alone: of a consent to two, what a party lost is all or one category. */
static void test_what_is_told_later_makes_of_it_what_is_now (void **state)
{
    size_t compared = 0;
    (void)state;
    random_begin (1234);
    for (int round = 0; round < ROUNDS; round++) {
        struct town town = begin ();
        struct known all[CONSENTS] = {{NULL, false, false, false, false}};
        struct collected found = {.pages = 0};
        ProtobufCBinaryData after = {0, NULL};
        town.discloses = true;
        for (int acts = 0; acts < ACTS / 2; acts++)
            act_and_note (&town);
        for (bool more = true; more;) {
            const Consentd__Reply *reply = simulation_ask (town.sim, horizon, asking (&town, after));
            take (&town, reply->snapshot, &found);
            for (size_t i = 0; i < reply->snapshot->n_entries; i++)
                if (reply->snapshot->entries[i]->entry_case == CONSENTD__SNAPSHOT_ENTRY__ENTRY_CONSENT)
                    know_shown (know (&town, all, &reply->snapshot->entries[i]->consent->consent_id),
                                reply->snapshot->entries[i]->consent);
            more = reply->snapshot->more;
            after = reply->snapshot->next;
            act_and_note (&town);
        }
        for (int acts = 0; acts < ACTS / 4; acts++)
            act_and_note (&town);
        pass (&town);
        follow (&town, horizon, found.number, all);
        compare_known (&town, all, &compared);
        simulation_destroy (&town.sim);
    }
    assert_true (compared > 8 * ROUNDS);
}

/* A cursor is of this party, user, consumer and registry, and of this role and pack. */
static void test_a_cursor_is_nobody_elses (void **state)
{
    struct simulation *sim = *state;
    struct town town = {.sim = sim};
    GRANTED (sim, .categories = "naw");
    GRANTED (sim, .categories = "bsn");
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SNAPSHOT);
    request->snapshot->limit = 1;
    request->snapshot->permits = true;
    const ProtobufCBinaryData next = simulation_ask (sim, horizon, request)->snapshot->next;
    assert_in_range (simulation_look (sim, horizon, asking (&town, next))->snapshot->n_entries, 1, 3);
    assert_string_equal (simulation_answer (sim, "cak", asking (&town, next)), "INVALID snapshot.after");
    request = asking (&town, next);
    request->snapshot->consumer = arena_strdup (sim->arena, "portaal");
    assert_string_equal (simulation_answer (sim, horizon, request), "INVALID snapshot.after");
    request = asking (&town, next);
    request->user = arena_strdup (sim->arena, "medewerker-17");
    assert_string_equal (simulation_answer (sim, horizon, request), "INVALID snapshot.after");
    next.data[20] ^= 1;
    assert_string_equal (simulation_answer (sim, horizon, asking (&town, next)), "INVALID snapshot.after");
    next.data[20] ^= 1;
    assert_string_equal (simulation_answer (sim, horizon, asking (&town, next)), "OK");
}

static const char *begun (struct simulation *sim, const char *consumer)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SNAPSHOT);
    request->snapshot->consumer = arena_strdup (sim->arena, consumer);
    return simulation_answer (sim, horizon, request);
}

/* The first page begins the consumer, of which a party has no more than it may. */
static void test_a_snapshot_begins_its_consumer (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (begun (sim, "../x"), "INVALID snapshot.consumer");
    for (int i = 0; i < 16; i++)
        assert_string_equal (begun (sim, arena_printf (sim->arena, "systeem-%d", i)), "OK");
    assert_string_equal (begun (sim, "systeem-16"), "INVALID snapshot.consumer");
    assert_string_equal (begun (sim, "systeem-3"), "OK");
}

/* What a party hears of a restriction is what concerns it (V6), and of a consent its own part (V2). */
static void test_a_party_sees_only_what_concerns_it (void **state)
{
    struct simulation *sim = *state;
    struct town town = {.sim = sim, .people = {"999900006"}};
    GRANTED (sim, .categories = "naw", .to = "zorgaanbieder-horizon zorgaanbieder-delta");
    restrict_or_lift (&town, 0);
    struct collected of_horizon = collect (&town, horizon, false), of_delta = collect (&town, delta, false);
    struct collected of_cak = collect (&town, "cak", false);
    assert_int_equal (of_horizon.consents.count, 1);
    assert_int_equal (of_horizon.restrictions.count, 1);
    assert_int_equal (of_delta.consents.count, 1);
    assert_string_not_equal (of_horizon.consents.text[0], of_delta.consents.text[0]);
    assert_string_not_equal (of_horizon.restrictions.text[0], of_delta.restrictions.text[0]);
    assert_int_equal (of_cak.consents.count + of_cak.restrictions.count, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_all_pages_show_the_state_of_the_first),
        cmocka_unit_test (test_what_is_told_later_makes_of_it_what_is_now),
        ADULT_TEST (test_a_cursor_is_nobody_elses),
        SIMULATION_TEST (test_a_snapshot_begins_its_consumer),
        ADULT_TEST (test_a_party_sees_only_what_concerns_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
