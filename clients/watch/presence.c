#include "presence.h"

#include <stdio.h>
#include "text/escape.h"

static void tell_away (const struct consent_stream_state *state, struct presence *told)
{
    if (told->is_away || state->since < PRESENCE_PATIENCE)
        return;
    escape_line (stderr, "consent-watch: the registry at %s is not there%s%s; it is tried until it is",
                 state->endpoint, *state->why ? ": " : "", state->why);
    told->is_away = true;
}

static void tell_there (const struct consent_stream_state *state, struct presence *told)
{
    bool is_silent = state->silent >= PRESENCE_SILENCE;
    if (told->is_away)
        escape_line (stderr, "consent-watch: the registry at %s is there", state->endpoint);
    else if (is_silent && !told->is_silent)
        escape_line (stderr,
                     "consent-watch: the registry at %s has said nothing for %d s, though it owes a word each 5 s",
                     state->endpoint, (int)(state->silent / 1000));
    else if (told->is_silent && !is_silent)
        escape_line (stderr, "consent-watch: the registry at %s is heard again", state->endpoint);
    *told = (struct presence){.is_silent = is_silent};
}

void presence_tell (const consent_t *registry, struct presence *told)
{
    struct consent_stream_state state;
    if (consent_stream_state (registry, &state) != CONSENT_OK)
        return;
    if (state.live)
        tell_there (&state, told);
    else
        tell_away (&state, told);
}
