/* consentctl party add | list | remove */
#include <string.h>
#include "ctl.h"
#include "moments.h"
#include "party_ask.h"
#include "party_place.h"
#include "table.h"

static const struct option add_options[] = {
    {"kind", "KIND", "kind of party, a code of the policy: zorgaanbieder, cak ...", OPTION_REQUIRED},
    {"role", "ROLE", "what it may do, a role of the configuration", OPTION_REQUIRED},
    {"out", "FILE", "new file for its secret key; give it to the party and keep no copy", OPTION_REQUIRED},
    {"secrecy", "LEVEL", "official or professional, if higher than that of its kind", 0, "official professional"},
    {"agreement-from", "DAY", "first day of the agreement with it", 0},
    {"agreement-until", "DAY", "last day of the agreement (else open)", 0},
    {"agreement-reference", "REF", "where the agreement is kept", 0},
    {"contact", "TEXT", "of the organisation, not of a person", 0},
    {"agb", "CODE", "its AGB code, 8 digits", 0},
    {"gemeentecode", "CODE", "the code of its municipality, 4 digits", 0},
    {"oin", "NUMBER", "its OIN, 20 digits", 0},
    PARTY_PLACE_OPTIONS,
    {NULL, NULL, NULL, 0},
};

static void print_parties (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__PartyListReply *list = reply->party_list;
    static const char *const headings[] = {"ID",        "KIND",   "ROLE",  "-SECRECY",
                                           "AGREEMENT", "ACTIVE", "-KEYS", "--CONTACT"};
    struct table table = table_start (ctl->arena, headings, 8);
    for (size_t i = 0; i < list->n_parties; i++) {
        const Consentd__Party *one = list->parties[i];
        char until[11] = "";
        const char *agreement = one->agreement_from;
        if (*agreement && day_before (one->agreement_until, until))
            agreement = arena_printf (ctl->arena, "%s to %s", agreement, *until ? until : "open");
        const char *keys = "";
        for (size_t j = 0; j < one->n_keys; j++)
            keys = arena_printf (ctl->arena, "%s%s%s", keys, j > 0 ? " " : "", one->keys[j]->name);
        table_add (&table, (const char *[]){one->id, one->kind, one->role, one->secrecy, agreement,
                                            *one->unfit   ? "unfit"
                                            : one->active ? "yes"
                                                          : "no",
                                            keys, one->contact});
    }
    table_print (&table, stdout);
}

static int read_agreement (const struct options *options, Consentd__Party *party, char until[11])
{
    party->agreement_from = options_field (options, "agreement-from");
    party->agreement_reference = options_field (options, "agreement-reference");
    party->agreement_until = until;
    if (!day_after (options_field (options, "agreement-until"), until))
        return ctl_fail (EX_USAGE, "--agreement-until: %s",
                         day_fault (options_field (options, "agreement-until")));
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
    if (error)
        return party_key_refused (error, party->id, file);
    if (ctl->json) {
        ask_print_json (reply);
    } else {
        print_parties (ctl, reply);
        party_say_key (party->id, file);
    }
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

static int run_add (struct ctl *ctl, const struct options *options)
{
    const struct party_new_key wanted = {
        .party = options->arguments[0],
        .name = "first",
        .file = options_text (options, "out"),
        .since = "",
        .until = "",
        .is_operator = strcmp (options_field (options, "kind"), "operator") == 0,
    };
    struct party_key key;
    char until[11];
    Consentd__Party agreement;
    consentd__party__init (&agreement);
    int error = read_agreement (options, &agreement, until);
    if (!error)
        error = party_make_key (ctl, options, &wanted, &key);
    if (error)
        return error;
    const struct party_text party = {
        .id = wanted.party,
        .kind = options_field (options, "kind"),
        .role = options_field (options, "role"),
        .secrecy = options_field (options, "secrecy"),
        .agreement_from = agreement.agreement_from,
        .agreement_until = until,
        .agreement_reference = agreement.agreement_reference,
        .contact = options_field (options, "contact"),
        .agb = options_field (options, "agb"),
        .gemeentecode = options_field (options, "gemeentecode"),
        .oin = options_field (options, "oin"),
        .keys = &key,
        .key_count = 1,
        .active = true,
    };
    return send_party (ctl, party_to_wire (&party, ctl->arena), wanted.file);
}

static int run_list (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__Reply *all;
    int error = party_ask_all (ctl, &all);
    return error ? error : ask_tell (ctl, all, print_parties);
}

static void print_removed (struct ctl *ctl, const Consentd__Reply *reply)
{
    for (size_t i = 0; i < reply->party_list->n_parties; i++)
        printf ("%s is removed: its keys are refused from its next message on.\n",
                table_clean (ctl->arena, reply->party_list->parties[i]->id));
}

static int run_remove (struct ctl *ctl, const struct options *options)
{
    char id[64] = "";
    snprintf (id, sizeof id, "%s", options->arguments[0]);
    Consentd__PartyRemoveRequest body;
    consentd__party_remove_request__init (&body);
    Consentd__Request request = ASK_REQUEST (PARTY_REMOVE, party_remove, &body);
    body.id = id;
    return ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_PARTY_LIST, print_removed);
}

const struct command party_commands[] = {
    {"party add", "ID", "make a key pair for a party and tell the registry of it",
     "The secret key goes into a new file; only the public key is sent. The registry takes the party up at once.\n"
     "An id that was removed before comes back with the new key and data.",
     add_options, run_add},
    {"party list", NULL, "every party, with its kind, role and agreement", NULL, NULL, run_list},
    {"party remove", "ID", "refuse a party's keys from its next message on", NULL, NULL, run_remove},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
