/* make-earlier-store CONFIGURATION: makes of a registry that is stopped one that an earlier program left. */
#include <stdio.h>
#include "earlier_store.h"
#include "outcome.h"

static int fail (const char *why)
{
    fprintf (stderr, "make-earlier-store: %s\n", why);
    return 1;
}

int main (int argc, char **argv)
{
    struct settings_error error = {""};
    struct in_force in_force;
    struct registry registry;
    if (argc != 2)
        return fail ("make-earlier-store CONFIGURATION");
    if (in_force_read (&in_force, argv[1], &error) != 0)
        return fail (error.text);
    const struct registry_options options = {.vault_key = in_force.config->vault_key,
                                             .store = registry_store_options (in_force.config)};
    int rc = registry_open (&registry, &options, &in_force, 0, &error);
    if (rc == 0)
        rc = earlier_store_make (&registry, &in_force);
    registry_close (&registry);
    in_force_release (&in_force);
    return rc == 0 ? 0 : fail (error.text[0] != '\0' ? error.text : outcome_sentence (rc));
}
