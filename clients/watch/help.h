/* What consent-watch --help says. */
#pragma once

void help_print (void);
