/* The words that lines of the log have, as tests/behaviour/test_audit_list.py holds them to what the daemon
   writes. Of one that no line can have a listing would say "No lines.", as if nothing had happened. */
#pragma once
#include "options.h"

#define AUDIT_ACTIONS                                                                                     \
    "acknowledge alarm ask audit-list backup batch check clock config-diff consent-list consent-show "    \
    "decision-show defer due-list erase events-consumers events-forget events-lag events-skip expire "    \
    "grant hold-lift hold-set hold-show keys-list lapse lift-restriction log log-archive log-checkpoint " \
    "log-copied log-copy log-cosign log-lines log-prove log-watch log-witnesses obligation-defer "        \
    "obligation-done obligation-list overview party party-add party-apply party-identify party-list "     \
    "party-remove policy-pack receipt recorded refuse reload request restore restrict retention-list "    \
    "retention-run revoke rights-decide rights-erase rights-extend rights-hear rights-list rights-open "  \
    "rights-overdue rights-show sign-in snapshot start status stop store subject-set subject-show "       \
    "subscribe unreadable upgrade vault-key vocabulary waiting-list who-may-receive whoami "              \
    "whom-may-i-ask"

#define AUDIT_RESULTS                                                                                      \
    "accepted added advised ample archive-damaged begun changed changes confirmed conflict damaged deny "  \
    "events-dropped events-waiting extract forbidden full given given-up goes-on invalid keeps-up "        \
    "log-copy-behind log-forked many-subjects many-unknown-subjects missing not-found ok over-limit "      \
    "own-routing-id partial permit postponed refused rejected removed replayed reset restored retry room " \
    "stopped store-80 store-95 store-damaged store-full unavailable unfit unreadable withdrawal-unheard"

/* 0: each value of the option is among its words. Else EX_USAGE with its line printed, which names the word that
   was likely meant. */
int audit_words_judge (const struct options *options, const char *name, struct arena *arena);
