/* consentctl whoami: which party this key is, and what it may do. */
#include "ask.h"
#include "ctl.h"
#include "moments.h"
#include "table.h"

static const char *key_of (struct ctl *ctl, const Consentd__WhoamiReply *told)
{
    const char *name = *told->key ? told->key : "no longer a key of this party";
    return *told->key_until ? arena_printf (ctl->arena, "%s, until %s", name, told->key_until) : name;
}

static void print_whoami (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__WhoamiReply *told = reply->whoami;
    char now[MOMENT_TEXT];
    struct table facts = table_start (ctl->arena, NULL, 2);
    table_add_fact (&facts, "party", told->party);
    table_add_fact (&facts, "kind", told->kind);
    table_add_fact (&facts, "role", told->role);
    table_add_fact (&facts, "permissions", table_join (ctl->arena, told->permissions, told->n_permissions));
    table_add_fact (&facts, "key", key_of (ctl, told));
    table_add_fact (&facts, "key file", ctl->key_file);
    table_add_fact (&facts, "endpoint",
                    arena_printf (ctl->arena, "%s, %s", told->endpoint, consent_endpoint (ctl->registry)));
    table_add_fact (&facts, "registry of", told->controller);
    table_add_fact (&facts, "policy", told->policy);
    table_add_fact (&facts, "server", told->server);
    table_add_fact (&facts, "protocol", told->protocol ? table_number (ctl->arena, told->protocol) : "");
    table_add_fact (&facts, "server key to come", told->server_key_next);
    table_add_fact (&facts, "registry's time", moment_print (reply->time, now));
    table_print (&facts, stdout);
}

static int run_whoami (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__Whoami body;
    consentd__whoami__init (&body);
    Consentd__Request request = ASK_REQUEST (WHOAMI, whoami, &body);
    return ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_WHOAMI, print_whoami);
}

const struct command whoami_commands[] = {
    {"whoami", NULL, "which party this key is, what it may do, and of whom the registry is",
     "For any key that is let in. The log counts it, and has no line of its own for it.", NULL, run_whoami},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
