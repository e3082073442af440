/* Which processing activity of the controller's register a line of the log is of, as a URI. */
#pragma once
#include "ask.h"

struct policy;

struct activities {
    struct ctl *ctl;
    const char *base;            /* what each URI begins with */
    const struct policy *policy; /* whose flows are the rows of the register (consentctl policy register); NULL:
                                    not known, then an activity is a purpose */
    Consentd__Reply *parties;    /* of the registry; NULL: not asked yet */
};

/* The URI of a line: of the flow of the pack under which a check or a consent falls, else of its purpose, else of
   the keeping of the register itself. Asks the registry for its parties where it does not know one. Caller frees
   it. */
char *activities_uri (struct activities *self, const Consentd__AuditEntry *entry);
void activities_free (struct activities *self);
