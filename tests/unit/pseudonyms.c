/* pseudonyms CONFIGURATION: for each BSN of standard input the pseudonym that this registry has for it, in
   hexadecimal: for a test that must know who shares a key of the keyring with whom. */
#include <stdio.h>
#include "in_force.h"
#include "keyring_root.h"

static int fail (const char *why)
{
    fprintf (stderr, "pseudonyms: %s\n", why);
    return 1;
}

static void print (const struct vault *vault)
{
    char bsn[16];
    uint8_t id[VAULT_ID_SIZE];
    while (scanf ("%15s", bsn) == 1) {
        vault_subject_id (vault, bsn, id);
        for (size_t i = 0; i < sizeof id; i++)
            printf ("%02x", id[i]);
        printf ("\n");
    }
}

int main (int argc, char **argv)
{
    struct settings_error error = {""};
    struct in_force in_force;
    struct vault *vault = NULL;
    if (argc != 2)
        return fail ("pseudonyms CONFIGURATION");
    if (in_force_read (&in_force, argv[1], &error) != 0)
        return fail (error.text);
    const char *key = in_force.config->vault_key;
    int rc = vault_open (&vault, key, error.text, sizeof error.text);
    if (rc == 0)
        rc = keyring_root_find (vault, &(struct keyring_place){vault, key, error.text, sizeof error.text});
    if (rc == 0)
        print (vault);
    vault_destroy (&vault);
    in_force_release (&in_force);
    return rc == 0 ? 0 : fail (error.text);
}
