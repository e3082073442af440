/* consentctl keys vault, keys server, keys list */
#include <errno.h>
#include <string.h>
#include "ask.h"
#include "codec/document.h"
#include "config/file_write.h"
#include "ctl.h"
#include "secret_file.h"
#include "table.h"
#include "text/escape.h"
#include "vault.h"

/* --- keys vault ---------------------------------------------------------------------------------------- */

static void print_made (const struct ctl *ctl, const char *file, const struct vault *vault)
{
    uint8_t name[VAULT_ID_SIZE];
    char hex[2 * VAULT_ID_SIZE + 1];
    vault_key_name (vault_keyring_key (vault), name);
    consent_hex (name, sizeof name, hex);
    if (ctl->json)
        document_print (json_pack ("{s:o, s:s}", "file", document_string (file), "vault", hex));
    else
        escape_line (stdout, "%s: vault key %s", file, hex);
}

static int run_vault (struct ctl *ctl, const struct options *options)
{
    const char *file = options->arguments[0];
    struct vault *vault = NULL;
    char why[512];
    int rc = vault_create (file);
    if (rc != 0)
        return ctl_fail (file_is_no_name (rc) ? EX_CANTCREAT : EX_IOERR, "cannot make %s: %s", file,
                         strerror (-rc));
    if (vault_open (&vault, file, why, sizeof why) != 0)
        return ctl_fail (EX_IOERR, "%s", why);
    print_made (ctl, file, vault);
    vault_destroy (&vault);
    return 0;
}

/* --- keys server --------------------------------------------------------------------------------------- */

static void print_pair (const struct ctl *ctl, const char *file, zcert_t *pair)
{
    if (ctl->json)
        document_print (
            json_pack ("{s:o, s:s}", "file", document_string (file), "server_key", zcert_public_txt (pair)));
    else
        escape_line (stdout, "%s: server key %s", file, zcert_public_txt (pair));
}

static int run_server (struct ctl *ctl, const struct options *options)
{
    const char *file = options->arguments[0];
    zcert_t *pair = zcert_new ();
    int error = secret_file_write (file, pair, NULL, &(struct secret_place){.requests = NULL});
    if (!error)
        print_pair (ctl, file, pair);
    zcert_destroy (&pair);
    return error;
}

/* --- keys list ----------------------------------------------------------------------------------------- */

static const char *counted (struct ctl *ctl, uint64_t count, const char *what)
{
    return arena_printf (ctl->arena, "%llu %s", (unsigned long long)count, what);
}

static void print_keys (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__KeysListReply *keys = reply->keys_list;
    struct table facts = table_start (ctl->arena, NULL, 2);
    table_add_fact (&facts, "vault key", ask_hex (ctl, &keys->vault));
    table_add_fact (&facts, "former, accepted too", ask_hex (ctl, &keys->vault_former));
    table_add_fact (&facts, "root",
                    keys->own_root ? "its own, which no vault key leads to" : "the first vault key, for ever");
    table_add_fact (&facts, "keyring", ask_hex (ctl, &keys->keyring));
    table_add_fact (&facts, "generation", table_number (ctl->arena, keys->generation));
    table_add_fact (&facts, "subjects' keys", counted (ctl, keys->subjects, "of people with a record"));
    table_add_fact (&facts, "for the log alone", counted (ctl, keys->unknown, "of people without a record"));
    table_add_fact (&facts, "kept", counted (ctl, keys->extracts, "for what must be kept of who was erased"));
    table_add_fact (&facts, "replaced",
                    counted (ctl, keys->replaced, "of the keyring, of which the former is not destroyed yet"));
    table_add_fact (&facts, "to be destroyed", counted (ctl, keys->marked, "of people who are to be erased"));
    table_print (&facts, stdout);
}

static int run_list (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__KeysListRequest body = CONSENTD__KEYS_LIST_REQUEST__INIT;
    Consentd__Request request = ASK_REQUEST (KEYS_LIST, keys_list, &body);
    return ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_KEYS_LIST, print_keys);
}

const struct command keys_commands[] = {
    {"keys vault", "FILE", "make a new vault key",
     "Without the registry; FILE must not exist, and gets mode 0600. To have the registry change to it: name it "
     "as\n"
     "keys/vault of the configuration, the one in use as keys/vault-former, and reload. From then on the key of\n"
     "before opens no subject's keys any more, but in old copies. docs/operations.md says when to take it out.",
     NULL, run_vault},
    {"keys server", "FILE", "make a new key pair of the daemon",
     "Without the registry; FILE must not exist, and gets mode 0600. Prints the public half. Name FILE as\n"
     "keys/server-next of the configuration and reload: parties are told, and put that half into their key files "
     "as\n"
     "server-key-next. When they have, name FILE as keys/server and restart. Programs of libconsent try both\n"
     "keys, so they go over by themselves (docs/operations.md).",
     NULL, run_server},
    {"keys list", NULL, "the keys on which the records hang: how many, and which are old",
     "No key is shown: of a vault key a name by which its file is known, as 'keys vault' printed it.", NULL,
     run_list},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
