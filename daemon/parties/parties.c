#include "parties.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "party_file.h"
#include "rules/policy.h"
#include "vault.h"

enum { ARENA_LIMIT = 1 << 30 };

/* A key of an active party, and the time in which it counts. */
struct held_key {
    const char *public_key;
    size_t entry;
    int index; /* among the party's keys */
    moment since, until;
};

struct parties {
    struct arena *arena;         /* holds all texts */
    struct party_entry *entries; /* ordered by id */
    size_t count;
    struct held_key *keys; /* ordered by public key, because it is looked up at every message */
    size_t key_count;
    uint8_t hash[VAULT_HASH_SIZE];
    uint64_t facts;
    struct parties *earlier; /* the table from which this one was made; NULL: none */
};

static void make_unfit (struct party_entry *entry, const char *name, int key, const char *message)
{
    entry->unfit = (struct party_fault){name, key, message};
    entry->party.active = false;
    entry->permissions = 0;
}

/* Judging one party */

static enum secrecy secrecy_of (const char *text)
{
    return strcmp (text, "professional") == 0 ? SECRECY_PROFESSIONAL
           : strcmp (text, "official") == 0   ? SECRECY_OFFICIAL
                                              : SECRECY_NONE;
}

/* The beginning of a day. If the text is not a day, `in_doubt`: the value with which nothing is permitted. */
static moment start_of (const char *text, moment absent, moment in_doubt)
{
    struct day day;
    if (text[0] == 0)
        return absent;
    return calendar_parse (text, &day) ? calendar_start (day) : in_doubt;
}

/* Fills what the rules and the endpoints need. The kind and role of a party that is not active are not judged. */
static void judge (struct party_entry *entry, const struct parties_basis *basis)
{
    const struct party_text *text = &entry->text;
    struct party *party = &entry->party;
    bool is_operator = strcmp (text->kind, "operator") == 0;
    *party = (struct party){
        .id = text->id,
        .kind = is_operator ? CODE_NONE : policy_kind (basis->policy, text->kind),
        .secrecy = secrecy_of (text->secrecy),
        .active = text->active,
        .agreement_from = start_of (text->agreement_from, MOMENT_NEVER, MOMENT_NEVER),
        .agreement_until = start_of (text->agreement_until, MOMENT_NEVER, INT64_MIN),
    };
    entry->permissions = 0;
    entry->unfit = (struct party_fault){.name = "", .key = -1};
    if (party->kind != CODE_NONE && basis->policy->kinds[party->kind].secrecy > party->secrecy)
        party->secrecy = basis->policy->kinds[party->kind].secrecy;
    if (!text->active)
        return;
    const struct role *role = config_role (basis->config, text->role);
    if (text->kind[0] == 0)
        make_unfit (entry, "record", -1, "Its record cannot be read.");
    else if (party->kind == CODE_NONE && !is_operator)
        make_unfit (entry, "kind", -1, "The policy pack has no such party kind.");
    else if (role == NULL)
        make_unfit (entry, "role", -1, "The configuration has no such role.");
    else
        entry->permissions = role->permissions;
}

/* Judging all parties together: what no two of them may share */

static int compare_keys (const void *a, const void *b)
{
    return strcmp (((const struct held_key *)a)->public_key, ((const struct held_key *)b)->public_key);
}

static void collect_keys (struct parties *self)
{
    size_t room = 0;
    for (size_t i = 0; i < self->count; i++)
        room += self->entries[i].text.key_count;
    self->keys = arena_array (self->arena, room, sizeof *self->keys);
    self->key_count = 0;
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < self->entries[i].text.key_count && self->entries[i].party.active; j++) {
            const struct party_key *key = &self->entries[i].text.keys[j];
            self->keys[self->key_count++] =
                (struct held_key){key->public_key, i, (int)j, start_of (key->since, INT64_MIN, MOMENT_NEVER),
                                  start_of (key->until, MOMENT_NEVER, INT64_MIN)};
        }
    qsort (self->keys, self->key_count, sizeof *self->keys, compare_keys);
}

static void refuse_shared (struct parties *self, const struct held_key *one, const struct held_key *other)
{
    make_unfit (&self->entries[one->entry], "public-key", one->index,
                arena_printf (self->arena, "Party %s has this key.", self->entries[other->entry].text.id));
}

/* If two parties have the same key, nobody can say which of them signs. Both are unfit. */
static void judge_keys (struct parties *self)
{
    bool shared = false;
    for (size_t i = 1; i < self->key_count; i++)
        if (compare_keys (&self->keys[i - 1], &self->keys[i]) == 0) {
            refuse_shared (self, &self->keys[i - 1], &self->keys[i]);
            refuse_shared (self, &self->keys[i], &self->keys[i - 1]);
            shared = true;
        }
    if (shared)
        collect_keys (self);
}

/* An identifier of an active party. Only parties of the same kind may not share it: the teams of one municipality
   have the same code. */
struct held_identifier {
    const char *value, *kind;
    struct party_entry *entry;
};

static int compare_identifiers (const void *a, const void *b)
{
    const struct held_identifier *one = a, *other = b;
    int order = strcmp (one->value, other->value);
    return order != 0 ? order : strcmp (one->kind, other->kind);
}

static void judge_identifier (struct parties *self, size_t setting)
{
    struct held_identifier *all = calloc (self->count + 1, sizeof *all);
    size_t count = 0;
    if (all == NULL)
        abort ();
    for (size_t i = 0; i < self->count; i++) {
        const char *value = party_setting (&self->entries[i].text, setting);
        if (self->entries[i].party.active && value[0] != 0)
            all[count++] = (struct held_identifier){value, self->entries[i].text.kind, &self->entries[i]};
    }
    qsort (all, count, sizeof *all, compare_identifiers);
    for (size_t i = 1; i < count; i++)
        if (compare_identifiers (&all[i - 1], &all[i]) == 0)
            for (size_t j = 0; j < 2; j++)
                make_unfit (all[i - j].entry, party_settings[setting].name, -1,
                            arena_printf (self->arena, "Party %s, of the same kind, has this identifier.",
                                          all[i - 1 + j].entry->text.id));
    free (all);
}

static int compare_entries (const void *a, const void *b)
{
    return strcmp (((const struct party_entry *)a)->text.id, ((const struct party_entry *)b)->text.id);
}

static void judge_all (struct parties *self, const struct parties_basis *basis)
{
    qsort (self->entries, self->count, sizeof *self->entries, compare_entries);
    for (size_t i = 0; i < self->count; i++)
        judge (&self->entries[i], basis);
    for (size_t i = 0; i < PARTY_SETTINGS; i++)
        if (strchr (party_settings[i].name, '/') != NULL)
            judge_identifier (self, i);
    collect_keys (self);
    judge_keys (self);
}

/* Making */

static void hash_all (struct parties *self)
{
    memset (self->hash, 0, sizeof self->hash);
    for (size_t i = 0; i < self->count; i++) {
        struct arena_mark mark = arena_mark (self->arena);
        const char *text = arena_printf (self->arena, "%s\n%s", self->entries[i].text.id,
                                         party_file_text (&self->entries[i].text, self->arena));
        vault_hash (self->hash, sizeof self->hash, text, strlen (text), self->hash);
        arena_release (self->arena, mark);
    }
}

/* Of each party what a decision may depend on, and the pack. */
static void hash_facts (struct parties *self, const struct policy *policy)
{
    uint8_t hash[VAULT_HASH_SIZE];
    memcpy (hash, policy->hash, sizeof hash);
    for (size_t i = 0; i < self->count; i++) {
        const struct party *party = &self->entries[i].party;
        struct arena_mark mark = arena_mark (self->arena);
        const char *text =
            arena_printf (self->arena, "%s %d %d %d %lld %lld", party->id, party->kind, (int)party->secrecy,
                          party->active, (long long)party->agreement_from, (long long)party->agreement_until);
        vault_hash (hash, sizeof hash, text, strlen (text), hash);
        arena_release (self->arena, mark);
    }
    memcpy (&self->facts, hash, sizeof self->facts);
}

static struct parties *make_empty (size_t room)
{
    struct parties *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->arena = arena_new (ARENA_LIMIT);
    self->entries = arena_array (self->arena, room + 1, sizeof *self->entries);
    return self;
}

static void add (struct parties *self, const struct party_text *text)
{
    self->entries[self->count++].text = party_text_copy (text, self->arena);
}

struct parties *parties_new (const struct parties_basis *basis, const struct party_text *texts, size_t count)
{
    struct parties *self = make_empty (count);
    for (size_t i = 0; i < count; i++)
        add (self, &texts[i]);
    judge_all (self, basis);
    hash_all (self);
    hash_facts (self, basis->policy);
    return self;
}

struct parties *parties_judged (const struct parties *self, const struct parties_basis *basis)
{
    struct parties *made = make_empty (self->count);
    for (size_t i = 0; i < self->count; i++)
        add (made, &self->entries[i].text);
    judge_all (made, basis);
    hash_all (made);
    hash_facts (made, basis->policy);
    return made;
}

static bool holds (const struct party_text *texts, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (texts[i].id, id) == 0)
            return true;
    return false;
}

static struct parties *first_of (struct parties *self)
{
    while (self->earlier != NULL)
        self = self->earlier;
    return self;
}

static struct parties *let_go (struct parties *self)
{
    struct parties *earlier = self->earlier;
    arena_destroy (&self->arena);
    free (self);
    return earlier;
}

struct parties *parties_with (struct parties *self, const struct parties_basis *basis,
                              const struct party_text *changed, size_t count)
{
    struct parties *made = make_empty (self->count + count);
    if (self->earlier != NULL) /* if a turn makes many changes, only the first and the last table are needed */
        parties_take_back (&self->earlier, first_of (self));
    for (size_t i = 0; i < self->count; i++)
        if (!holds (changed, count, self->entries[i].text.id))
            add (made, &self->entries[i].text);
    for (size_t i = 0; i < count; i++)
        add (made, &changed[i]);
    judge_all (made, basis);
    hash_all (made);
    hash_facts (made, basis->policy);
    made->earlier = self;
    return made;
}

void parties_settle (struct parties *self)
{
    parties_destroy (&self->earlier);
}

void parties_take_back (struct parties **self_p, struct parties *kept)
{
    while (*self_p != kept)
        *self_p = let_go (*self_p);
}

void parties_destroy (struct parties **self_p)
{
    parties_take_back (self_p, NULL);
}

/* Looking up */

size_t parties_count (const struct parties *self)
{
    return self->count;
}

const struct party_entry *parties_at (const struct parties *self, size_t index)
{
    return index < self->count ? &self->entries[index] : NULL;
}

const struct party_entry *parties_find (const struct parties *self, const char *id)
{
    struct party_entry key = {.text.id = id};
    if (self->count == 0)
        return NULL;
    return bsearch (&key, self->entries, self->count, sizeof *self->entries, compare_entries);
}

const struct party_entry *parties_behind (const struct parties *self, const char *id)
{
    size_t first = 0, end = self->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (strcmp (self->entries[middle].text.id, id) > 0)
            end = middle;
        else
            first = middle + 1;
    }
    return parties_at (self, first);
}

const struct party_entry *parties_by_key (const struct parties *self, const char *public_key, moment now)
{
    struct held_key wanted = {.public_key = public_key};
    const struct held_key *found = NULL;
    if (self->key_count > 0)
        found = bsearch (&wanted, self->keys, self->key_count, sizeof *self->keys, compare_keys);
    return found != NULL && found->since <= now && now < found->until ? &self->entries[found->entry] : NULL;
}

const struct party *parties_lookup (const void *table, const char *id)
{
    const struct party_entry *entry = parties_find (table, id);
    return entry != NULL ? &entry->party : NULL;
}

const struct party_entry *parties_next_unfit (const struct parties *self, size_t *index)
{
    while (*index < self->count) {
        const struct party_entry *entry = &self->entries[(*index)++];
        if (entry->unfit.message != NULL)
            return entry;
    }
    return NULL;
}

const uint8_t *parties_hash (const struct parties *self)
{
    return self->hash;
}

uint64_t parties_facts (const struct parties *self)
{
    return self->facts;
}
