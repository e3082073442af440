/* What consent-relay --help says. */
#pragma once

void relay_help_print (void);
