#include "party_text.h"
#include <string.h>
#include "arena.h"
#include "rules/calendar.h"
#include "syntax.h"

#define TEXT(name, field)                         \
    {                                             \
        name, offsetof (struct party_text, field) \
    }

const struct party_setting party_settings[PARTY_SETTINGS] = {
    TEXT ("kind", kind),
    TEXT ("role", role),
    TEXT ("secrecy", secrecy),
    TEXT ("agreement-from", agreement_from),
    TEXT ("agreement-until", agreement_until),
    TEXT ("agreement-reference", agreement_reference),
    TEXT ("contact", contact),
    TEXT ("identifiers/agb", agb),
    TEXT ("identifiers/gemeentecode", gemeentecode),
    TEXT ("identifiers/oin", oin),
};

const struct party_setting party_limits[PARTY_LIMITS] = {
    TEXT ("limits/requests-per-second", limits.requests_per_second),
    TEXT ("limits/requests-burst", limits.requests_burst),
    TEXT ("limits/log-per-second", limits.log_per_second),
    TEXT ("limits/log-burst", limits.log_burst),
    TEXT ("limits/connections", limits.connections),
    TEXT ("limits/subjects-per-hour", limits.subjects_per_hour),
};

const char *party_setting (const struct party_text *party, size_t index)
{
    const char *text;
    memcpy (&text, (const char *)party + party_settings[index].offset, sizeof text);
    return text != NULL ? text : "";
}

void party_setting_set (struct party_text *party, size_t index, const char *text)
{
    memcpy ((char *)party + party_settings[index].offset, &text, sizeof text);
}

uint32_t party_limit (const struct party_text *party, size_t index)
{
    uint32_t number;
    memcpy (&number, (const char *)party + party_limits[index].offset, sizeof number);
    return number;
}

void party_limit_set (struct party_text *party, size_t index, uint32_t number)
{
    memcpy ((char *)party + party_limits[index].offset, &number, sizeof number);
}

/* Checking */

static bool fail (struct party_fault *fault, const char *name, int key, const char *message)
{
    *fault = (struct party_fault){name, key, message};
    return false;
}

static bool is_one_of (const char *text, const char *one, const char *other)
{
    return text[0] == 0 || strcmp (text, one) == 0 || strcmp (text, other) == 0;
}

static bool has_syntax (enum syntax_sort sort, bool required, const char *text, struct arena *arena,
                        const char **message)
{
    struct syntax syntax = {.arena = arena};
    if (required)
        syntax_required (&syntax, sort, "", text);
    else
        syntax_optional (&syntax, sort, "", text);
    *message = syntax.message;
    return syntax.field == NULL;
}

static const char *no_day (const char *text)
{
    return calendar_is_no_day (text) ? "This day does not exist." : "This is a day as in 2026-12-31.";
}

/* Checks two days: the second, if given, must be later than the first. NULL, or what is wrong; *is_until says with
   which of them. */
static const char *check_days (const char *from, const char *until, bool *is_until)
{
    struct day first = {0}, last = {0};
    *is_until = false;
    if (from[0] != 0 && !calendar_parse (from, &first))
        return no_day (from);
    *is_until = true;
    if (until[0] != 0 && !calendar_parse (until, &last))
        return no_day (until);
    if (first.month > 0 && last.month > 0 && calendar_compare (last, first) <= 0)
        return "This day is later than the first.";
    return NULL;
}

static bool is_digits (const char *text, size_t count)
{
    return text[0] == 0 || (strlen (text) == count && strspn (text, "0123456789") == count);
}

static bool check_identifiers (const struct party_text *party, struct party_fault *fault)
{
    if (!is_digits (party->agb, 8))
        return fail (fault, "identifiers/agb", -1, "An AGB code is 8 digits.");
    if (!is_digits (party->gemeentecode, 4))
        return fail (fault, "identifiers/gemeentecode", -1, "The code of a municipality is 4 digits.");
    if (!is_digits (party->oin, 20))
        return fail (fault, "identifiers/oin", -1, "An OIN is 20 digits.");
    return true;
}

/* The name can be that of a setting in a file. */
static bool is_key_name (const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t size = strlen (name);
    return size > 0 && size <= PARTY_KEY_NAME && strspn (name, letters) == size && strchr ("-_.", name[0]) == NULL;
}

static bool check_key (const struct party_text *party, size_t index, struct arena *arena,
                       struct party_fault *fault)
{
    const struct party_key *key = &party->keys[index];
    const char *message;
    bool is_until;
    if (!is_key_name (key->name))
        return fail (fault, "name", (int)index,
                     "The name of a key is 1-24 letters, digits, '-', '_' and '.', the first of them a letter or "
                     "a digit.");
    if (!has_syntax (SYNTAX_KEY, true, key->public_key, arena, &message))
        return fail (fault, "public-key", (int)index, message);
    if ((message = check_days (key->since, key->until, &is_until)) != NULL)
        return fail (fault, is_until ? "until" : "since", (int)index, message);
    for (size_t i = 0; i < index; i++) {
        if (strcmp (party->keys[i].name, key->name) == 0)
            return fail (fault, "name", (int)index, "Another key of this party has this name.");
        if (strcmp (party->keys[i].public_key, key->public_key) == 0)
            return fail (fault, "public-key", (int)index, "This party has this key twice.");
    }
    return true;
}

static bool check_keys (const struct party_text *party, struct arena *arena, struct party_fault *fault)
{
    if (!party->active)
        return true; /* it has no keys, whatever is written there */
    if (party->key_count == 0)
        return fail (fault, "keys", -1, "A party has a key.");
    if (party->key_count > PARTY_KEYS)
        return fail (fault, "keys", -1, "A party has at most 8 keys.");
    for (size_t i = 0; i < party->key_count; i++)
        if (!check_key (party, i, arena, fault))
            return false;
    return true;
}

static bool check_agreement (const struct party_text *party, struct party_fault *fault)
{
    bool is_until;
    const char *message = check_days (party->agreement_from, party->agreement_until, &is_until);
    if (message != NULL)
        return fail (fault, is_until ? "agreement-until" : "agreement-from", -1, message);
    if (party->agreement_from[0] == 0 && party->agreement_until[0] != 0)
        return fail (fault, "agreement-from", -1, "An agreement that ends has a first day.");
    return true;
}

static bool check_texts (const struct party_text *party, struct arena *arena, struct party_fault *fault)
{
    const char *message;
    if (!has_syntax (SYNTAX_PARTY, true, party->id, arena, &message))
        return fail (fault, "id", -1, message);
    if (!has_syntax (SYNTAX_CODE, party->active, party->kind, arena, &message))
        return fail (fault, "kind", -1, message);
    if (!has_syntax (SYNTAX_CODE, party->active, party->role, arena, &message))
        return fail (fault, "role", -1, message);
    if (!is_one_of (party->secrecy, "official", "professional"))
        return fail (fault, "secrecy", -1, "Secrecy is official or professional, or is left out.");
    if (!has_syntax (SYNTAX_REFERENCE, false, party->agreement_reference, arena, &message))
        return fail (fault, "agreement-reference", -1, message);
    if (!has_syntax (SYNTAX_LINE, false, party->contact, arena, &message))
        return fail (fault, "contact", -1, message);
    /* The syntax of the file cannot write a double quote, so the file could not be read again. */
    if (strchr (party->contact, '"') != NULL)
        return fail (fault, "contact", -1, "A double quote cannot be kept: use single ones.");
    return true;
}

bool party_text_check (const struct party_text *party, struct arena *arena, struct party_fault *fault)
{
    if (!check_texts (party, arena, fault) || !check_agreement (party, fault) ||
        !check_identifiers (party, fault) || !check_keys (party, arena, fault))
        return false;
    for (size_t i = 0; i < PARTY_LIMITS; i++)
        if (party_limit (party, i) > PARTY_LIMIT_MOST)
            return fail (fault, party_limits[i].name, -1, "This is at most 1000000.");
    *fault = (struct party_fault){.name = "", .key = -1};
    return true;
}

const char *party_fault_field (const char *path, const struct party_fault *fault, struct arena *arena)
{
    static const char identifiers[] = "identifiers/";
    const char *name = fault->name;
    if (strncmp (name, identifiers, strlen (identifiers)) == 0)
        name += strlen (identifiers);
    char *field =
        fault->key < 0 ? arena_strdup (arena, name) : arena_printf (arena, "keys[%d].%s", fault->key, name);
    for (char *at = field; *at != 0; at++)
        *at = *at == '-' ? '_' : *at == '/' ? '.' : *at;
    return arena_printf (arena, "%s.%s", path, field);
}

/* Copying and comparing */

static const char *copy (struct arena *arena, const char *text)
{
    return arena_strdup (arena, text != NULL ? text : "");
}

struct party_text party_text_copy (const struct party_text *party, struct arena *arena)
{
    struct party_text made = {.id = copy (arena, party->id), .limits = party->limits, .active = party->active};
    for (size_t i = 0; i < PARTY_SETTINGS; i++)
        party_setting_set (&made, i, copy (arena, party_setting (party, i)));
    made.key_count = party->active ? party->key_count : 0;
    struct party_key *keys = arena_array (arena, made.key_count, sizeof *keys);
    for (size_t i = 0; i < made.key_count; i++)
        keys[i] = (struct party_key){copy (arena, party->keys[i].name), copy (arena, party->keys[i].public_key),
                                     copy (arena, party->keys[i].since), copy (arena, party->keys[i].until)};
    made.keys = keys;
    return made;
}

static bool is_same_key (const struct party_key *a, const struct party_key *b)
{
    return strcmp (a->name, b->name) == 0 && strcmp (a->public_key, b->public_key) == 0 &&
           strcmp (a->since, b->since) == 0 && strcmp (a->until, b->until) == 0;
}

bool party_text_equal (const struct party_text *a, const struct party_text *b)
{
    if (strcmp (a->id, b->id) != 0 || a->active != b->active || a->key_count != b->key_count ||
        memcmp (&a->limits, &b->limits, sizeof a->limits) != 0)
        return false;
    for (size_t i = 0; i < PARTY_SETTINGS; i++)
        if (strcmp (party_setting (a, i), party_setting (b, i)) != 0)
            return false;
    for (size_t i = 0; i < a->key_count; i++)
        if (!is_same_key (&a->keys[i], &b->keys[i]))
            return false;
    return true;
}

const struct party_key *party_text_key (const struct party_text *party, const char *name)
{
    for (size_t i = 0; i < party->key_count; i++)
        if (strcmp (party->keys[i].name, name) == 0)
            return &party->keys[i];
    return NULL;
}
