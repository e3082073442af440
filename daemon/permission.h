/* What a role may do (KB 18, autorisatietabel). The configuration gives each role its permissions. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum permission {
    PERMISSION_CHECK = 1 << 0,            /* ask about disclosures in which it is provider or recipient (C1) */
    PERMISSION_CHECK_FOR_OTHERS = 1 << 1, /* and about disclosures between others (C1) */
    PERMISSION_GRANT = 1 << 2,            /* record consents and refusals (G1) */
    PERMISSION_REVOKE = 1 << 3,           /* pass on a withdrawal (V1) */
    PERMISSION_SUBJECT = 1 << 4,          /* record and see birth date, representatives, capability */
    PERMISSION_EXPLAIN = 1 << 5,          /* hear every reason (C9) and see consents whole */
    PERMISSION_EVENTS = 1 << 6,           /* subscribe to its own events */
    PERMISSION_ADMIN = 1 << 7,            /* operate, on the operator endpoint */
    PERMISSION_REQUEST = 1 << 8,          /* ask the social team for a consent (G1) */
    PERMISSION_RIGHTS = 1 << 9,  /* keep requests of subjects (R2), restrict data (KB 14), and set holds (T2) */
    PERMISSION_HEALTH = 1 << 10, /* ask for the status, at the endpoint of requests too */
};

enum { PERMISSION_COUNT = 11 };

/* Whoever may do nothing else asks every few seconds, learns nothing of a person and changes nothing: neither its
   sign-ins nor what it is answered have a line in the log (A1). What is refused is counted as ever. */
static inline bool permission_is_health_alone (uint32_t permissions)
{
    return permissions == PERMISSION_HEALTH;
}

/* "check-for-others". NULL past the last. */
const char *permission_name (unsigned index);
/* The permission with this name. 0: there is none. */
uint32_t permission_by_name (const char *name);
