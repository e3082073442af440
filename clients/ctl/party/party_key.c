/* consentctl party key add | list | remove */
#include <string.h>
#include "ctl.h"
#include "moments.h"
#include "party_ask.h"
#include "party_place.h"
#include "table.h"

static const struct option add_options[] = {
    {"name", "NAME", "name of the key, such as a year", OPTION_REQUIRED},
    {"out", "FILE", "new file for the secret key; give it to the party and keep no copy", 0},
    {"public-key", "KEY", "instead: the public key of a pair that the party made itself", 0},
    {"since", "DAY", "first day that it counts (else today)", 0},
    {"until", "DAY", "last day that it counts (else open)", 0},
    PARTY_PLACE_OPTIONS,
    {NULL, NULL, NULL, 0},
};

/* A party as it is, and as it must become. */
struct changing {
    Consentd__Reply *reply;
    struct party_text party;
    struct party_key keys[PARTY_KEYS + 1];
};

static int look_up (struct ctl *ctl, const char *id, struct changing *self)
{
    int error = party_ask_one (ctl, id, &self->reply);
    if (error)
        return error;
    self->party = party_from_wire (self->reply->party_list->parties[0], ctl->arena);
    if (self->party.key_count > PARTY_KEYS)
        self->party.key_count = PARTY_KEYS;
    memcpy (self->keys, self->party.keys, self->party.key_count * sizeof *self->keys);
    self->party.keys = self->keys;
    if (self->party.active)
        return 0;
    consentd__reply__free_unpacked (self->reply, NULL);
    return ctl_fail (EX_DATAERR, "%s is not active: 'consentctl party add' brings it back", id);
}

/* The change applies only if the party is still as it was shown. */
static int change_keys (struct ctl *ctl, const struct changing *self, Consentd__Reply **reply_p)
{
    const struct party_plan plan = {.parties = &self->party, .count = 1, .table = &self->reply->party_list->table};
    return party_ask_apply (ctl, &plan, false, reply_p);
}

/* Takes the key that the party made itself, or makes one. */
static int take_key (struct ctl *ctl, const struct options *options, struct changing *self, struct party_key *key)
{
    const struct party_new_key wanted = {
        .party = self->party.id,
        .name = options_text (options, "name"),
        .file = options_text (options, "out"),
        .since = options_field (options, "since"),
        .until = key->until,
        .is_operator = strcmp (self->party.kind, "operator") == 0,
    };
    const char *public_key = options_text (options, "public-key");
    if (!public_key)
        return party_make_key (ctl, options, &wanted, key);
    char day[11];
    calendar_format (calendar_day (self->reply->time), day);
    *key = (struct party_key){wanted.name, public_key,
                              *wanted.since ? wanted.since : arena_strdup (ctl->arena, day), wanted.until};
    return 0;
}

static int run_add (struct ctl *ctl, const struct options *options)
{
    const char *file = options_text (options, "out");
    struct changing changing;
    char until[11];
    if (!file == !options_text (options, "public-key"))
        return ctl_fail (EX_USAGE, "either --out FILE or --public-key KEY");
    if (!day_after (options_field (options, "until"), until))
        return ctl_fail (EX_USAGE, "--until: %s", day_fault (options_field (options, "until")));
    int error = look_up (ctl, options->arguments[0], &changing);
    if (error)
        return error;
    struct party_key *key = &changing.keys[changing.party.key_count];
    *key = (struct party_key){.until = until};
    error = take_key (ctl, options, &changing, key);
    changing.party.key_count++;
    Consentd__Reply *reply;
    if (!error) {
        error = change_keys (ctl, &changing, &reply);
        if (error && file)
            error = party_key_refused (error, changing.party.id, file);
    }
    if (!error)
        ask_tell (ctl, reply, party_print_changes);
    if (!error && !ctl->json && file)
        party_say_key (changing.party.id, file);
    consentd__reply__free_unpacked (changing.reply, NULL);
    return error;
}

static void print_keys (struct ctl *ctl, const Consentd__Reply *reply)
{
    static const char *const headings[] = {"KEY", "SINCE", "LAST DAY", "PUBLIC KEY"};
    const Consentd__Party *party = reply->party_list->parties[0];
    struct table table = table_start (ctl->arena, headings, 4);
    for (size_t i = 0; i < party->n_keys; i++) {
        const Consentd__PartyKey *key = party->keys[i];
        char last[11] = "";
        day_before (key->until, last);
        table_add (&table, (const char *[]){key->name, key->since, *last ? last : "open", key->public_key});
    }
    table_print (&table, stdout);
}

static int run_list (struct ctl *ctl, const struct options *options)
{
    Consentd__Reply *reply;
    int error = party_ask_one (ctl, options->arguments[0], &reply);
    return error ? error : ask_tell (ctl, reply, print_keys);
}

static int run_remove (struct ctl *ctl, const struct options *options)
{
    struct changing changing;
    const char *name = options->arguments[1];
    int error = look_up (ctl, options->arguments[0], &changing);
    if (error)
        return error;
    size_t kept = 0;
    for (size_t i = 0; i < changing.party.key_count; i++)
        if (strcmp (changing.keys[i].name, name) != 0)
            changing.keys[kept++] = changing.keys[i];
    Consentd__Reply *reply;
    if (kept == changing.party.key_count)
        error = ctl_fail (EX_NOINPUT, "%s has no key of that name: see 'consentctl party key list %s'",
                          changing.party.id, changing.party.id);
    else if (kept == 0)
        error =
            ctl_fail (EX_DATAERR, "%s has no other key: add one first, or remove the party", changing.party.id);
    changing.party.key_count = kept;
    if (!error)
        error = change_keys (ctl, &changing, &reply);
    if (!error)
        ask_tell (ctl, reply, party_print_changes);
    consentd__reply__free_unpacked (changing.reply, NULL);
    return error;
}

const struct command party_key_commands[] = {
    {"party key add", "ID", "give a party one key more, beside those that it has",
     "A rollover: add a key, have the party use it, remove the old one. Both count meanwhile, up to eight at "
     "once.",
     add_options, run_add},
    {"party key list", "ID", "the keys of a party, and when each counts", NULL, NULL, run_list},
    {"party key remove", "ID NAME", "refuse a key of a party from its next message on", NULL, NULL, run_remove},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
