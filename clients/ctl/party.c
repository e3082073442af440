/* consentctl party add | list | remove */
#include <string.h>
#include <unistd.h>
#include "ask.h"
#include "ctl.h"
#include "secret_file.h"
#include "moments.h"
#include "table.h"

static const struct option add_options[] = {
    {"kind", "KIND", "kind of party, a code of the policy: zorgaanbieder, cak ...", OPTION_REQUIRED},
    {"role", "ROLE", "what it may do, a role of the configuration", OPTION_REQUIRED},
    {"out", "FILE", "new file for its secret key; give it to the party and keep no copy", OPTION_REQUIRED},
    {"secrecy", "LEVEL", "official or professional, where higher than that of its kind", 0},
    {"agreement-from", "DAY", "first day of the agreement with it", 0},
    {"agreement-until", "DAY", "last day of the agreement (else open)", 0},
    {"agreement-reference", "REF", "where the agreement lies", 0},
    {"contact", "TEXT", "of the organisation, not of a person", 0},
    {NULL, NULL, NULL, 0},
};

static void print_parties (struct ctl *ctl, Consentd__Party *const *parties, size_t count)
{
    static const char *const headings[] = {"ID",        "KIND",   "ROLE",       "SECRECY",
                                           "AGREEMENT", "ACTIVE", "PUBLIC KEY", "CONTACT"};
    struct table table = table_start (ctl->arena, headings, 8);
    for (size_t i = 0; i < count; i++) {
        const Consentd__Party *one = parties[i];
        char until[11] = "";
        const char *agreement = one->agreement_from;
        if (*agreement && day_before (one->agreement_until, until))
            agreement = arena_printf (ctl->arena, "%s to %s", agreement, *until ? until : "open");
        table_add (&table, (const char *[]){one->id, one->kind, one->role, one->secrecy, agreement,
                                            one->active ? "yes" : "no", one->n_keys > 0 ? one->keys[0]->public_key : "", one->contact});
    }
    table_print (&table, stdout);
}

/* The new party's key file leads to the registry that this one leads to; that of an operator to its socket. */
static int write_secret (struct ctl *ctl, const Consentd__Party *party, const char *file, zcert_t *pair)
{
    zcert_t *own = zcert_load (ctl->key_file);
    if (!own)
        return ctl_fail (EX_CONFIG, "cannot read the key file %s", ctl->key_file);
    bool is_operator = strcmp (party->kind, "operator") == 0;
    struct secret_place place = {.requests = zcert_meta (own, "requests"),
                                 .events = zcert_meta (own, "events"),
                                 .operators = is_operator ? zcert_meta (own, "operators") : NULL,
                                 .server_key = zcert_meta (own, "server-key")};
    int error = place.requests && place.server_key
                    ? secret_file_write (file, pair, party->id, &place)
                    : ctl_fail (EX_CONFIG, "%s names no 'requests' or 'server-key'", ctl->key_file);
    zcert_destroy (&own);
    return error;
}

static int read_agreement (const struct options *options, Consentd__Party *party, char until[11])
{
    party->agreement_from = options_field (options, "agreement-from");
    party->agreement_reference = options_field (options, "agreement-reference");
    party->agreement_until = until;
    if (!day_after (options_field (options, "agreement-until"), until))
        return ctl_fail (EX_USAGE, "--agreement-until: not a day, YYYY-MM-DD");
    if (*until && !*party->agreement_from)
        return ctl_fail (EX_USAGE, "--agreement-until needs --agreement-from");
    return 0;
}

static int send_party (struct ctl *ctl, Consentd__Party *party, const char *file)
{
    Consentd__PartyAddRequest body;
    consentd__party_add_request__init (&body);
    Consentd__Request request = ASK_REQUEST (PARTY_ADD, party_add, &body);
    Consentd__Reply *reply;
    body.party = party;
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_PARTY_LIST, &reply);
    if (error == EX_UNAVAILABLE || error == EX_IOERR || error == EX_SOFTWARE)
        return ctl_fail (error, "whether %s was added is not known: see 'consentctl party list'; its key is in %s",
                         party->id, file);
    if (error) {
        unlink (file);
        return error;
    }
    if (ctl->json) {
        ask_print_json (reply);
    } else {
        print_parties (ctl, reply->party_list->parties, reply->party_list->n_parties);
        printf ("\nThe secret key is in %s, for %s alone: hand it over safely and keep no copy.\n", file,
                party->id);
    }
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

static int run_add (struct ctl *ctl, const struct options *options)
{
    const char *file = options_text (options, "out");
    char until[11], id[64] = "";
    if (strlen (options->arguments[0]) >= sizeof id)
        return ctl_fail (EX_USAGE, "a party's id has at most 32 characters");
    strcpy (id, options->arguments[0]);
    Consentd__Party party;
    consentd__party__init (&party);
    int error = read_agreement (options, &party, until);
    if (!error)
        error = ask_connect (ctl); /* before a key is made in vain */
    if (error)
        return error;
    zcert_t *pair = zcert_new ();
    if (!pair)
        return ctl_fail (EX_SOFTWARE, "cannot make a key pair");
    char public_key[41], first[] = "first";
    snprintf (public_key, sizeof public_key, "%s", zcert_public_txt (pair));
    Consentd__PartyKey key, *keys[1] = {&key};
    consentd__party_key__init (&key);
    key.name = first;
    key.public_key = public_key;
    party.id = id;
    party.keys = keys;
    party.n_keys = 1;
    party.kind = options_field (options, "kind");
    error = write_secret (ctl, &party, file, pair);
    zcert_destroy (&pair);
    if (error)
        return error;
    party.role = options_field (options, "role");
    party.secrecy = options_field (options, "secrecy");
    party.contact = options_field (options, "contact");
    return send_party (ctl, &party, file);
}

/* The next page is put behind the first, so that one table, or one document, tells all. */
static void append_page (Consentd__PartyListReply *all, Consentd__PartyListReply *page)
{
    size_t count = all->n_parties + page->n_parties;
    Consentd__Party **parties = realloc (all->parties, count * sizeof *parties);
    if (!parties)
        abort ();
    memcpy (parties + all->n_parties, page->parties, page->n_parties * sizeof *parties);
    all->parties = parties;
    all->n_parties = count;
    page->n_parties = 0;
}

static int ask_page (struct ctl *ctl, char *after, Consentd__Reply **reply_p)
{
    Consentd__PartyListRequest body;
    consentd__party_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (PARTY_LIST, party_list, &body);
    body.after = after;
    return ask (ctl, &request, CONSENTD__REPLY__BODY_PARTY_LIST, reply_p);
}

static int run_list (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__Reply *all, *page;
    char none[] = "";
    int error = ask_page (ctl, none, &all);
    if (error)
        return error;
    Consentd__PartyListReply *list = all->party_list;
    while (list->more && list->n_parties > 0) {
        error = ask_page (ctl, list->parties[list->n_parties - 1]->id, &page);
        if (error)
            break;
        list->more = page->party_list->more && page->party_list->n_parties > 0;
        append_page (list, page->party_list);
        consentd__reply__free_unpacked (page, NULL);
    }
    if (!error && ctl->json)
        ask_print_json (all);
    else if (!error)
        print_parties (ctl, list->parties, list->n_parties);
    consentd__reply__free_unpacked (all, NULL);
    return error;
}

static int run_remove (struct ctl *ctl, const struct options *options)
{
    char id[64] = "";
    snprintf (id, sizeof id, "%s", options->arguments[0]);
    Consentd__PartyRemoveRequest body;
    consentd__party_remove_request__init (&body);
    Consentd__Request request = ASK_REQUEST (PARTY_REMOVE, party_remove, &body);
    Consentd__Reply *reply;
    body.id = id;
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_PARTY_LIST, &reply);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (reply);
    else
        printf ("%s is removed: its key is refused from its next message on.\n", id);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

const struct command party_commands[] = {
    {"party add", "ID", "make a key pair for a party and tell the registry of it",
     "The secret key goes into a new file; only the public key is sent. The registry takes the party up at once.\n"
     "An id that was removed before comes back with the new key and data.",
     add_options, run_add},
    {"party list", NULL, "every party, with its kind, role and agreement", NULL, NULL, run_list},
    {"party remove", "ID", "refuse a party's key from its next message on", NULL, NULL, run_remove},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
