/* How far a long work has come: one line on stderr that is written over and over, for a person who looks at it.
   There is none if stderr is no terminal. */
#pragma once

/* Shows the line in place of the one before, at most five times a second. */
void progress_show (const char *format, ...) __attribute__ ((format (printf, 1, 2)));
/* Takes the line away, so that what is said next begins at the left. */
void progress_end (void);
