/* What consent-watch --help says. */
#pragma once

void watch_help_print (void);
