/* The obligations that a disclosure brings for its provider or its recipient (C10, C15; KB 3.2, KB 10.2, KB 12,
   HR 3.3, HR 4.2, HR 5.3, HR 7). Pure. */
#pragma once
#include "decide.h"

enum obligation { /* the numbers of Obligation in proto/check.proto */
                  OBLIGATION_KEEP_SECRET = 1,
                  OBLIGATION_ONE_TIME,
                  OBLIGATION_INFORM_SUBJECT, /* from here on: must be reported done */
                  OBLIGATION_INFORM_REPRESENTATIVE,
                  OBLIGATION_INFORM_YOUTH,
                  OBLIGATION_RECORD_IN_PLAN,
                  OBLIGATION_RECORD_AGAINST_WILL,
                  OBLIGATION_INFORM_OF_SOURCE,
                  OBLIGATIONS_OF_DISCLOSURE, /* the highest number that a disclosure brings, plus one */
                  /* R4: of who received data that were corrected or erased (registry/recipients.h) */
                  OBLIGATION_RECTIFY_DATA = OBLIGATIONS_OF_DISCLOSURE,
                  OBLIGATION_ERASE_DATA,
                  OBLIGATIONS /* the highest number, plus one */
};

enum duty_ground { /* the numbers of Ground in proto/check.proto */
                   DUTY_CONSENT = 1,
                   DUTY_STATUTE,
                   DUTY_WRITTEN_REQUEST,
                   DUTY_URGENT_REASONS,
};

/* A duty that must be reported done. Where several grounds of one decision bring the same kind of duty, they make
   one duty, and it names the ground that is due first. */
struct duty {
    enum obligation kind;
    moment due;               /* exclusive */
    bool deferrable;          /* true if every ground of it is */
    bool done;                /* true if the subject was informed before the decision */
    bool holder_is_recipient; /* else the provider holds it */
    enum duty_ground ground;
    const char *basis; /* code of the statute or the urgent reason; "": none */
};

enum { OBLIGATIONS_DUTIES = OBLIGATIONS_OF_DISCLOSURE - OBLIGATION_INFORM_SUBJECT };

/* What the subject was informed of already, or will be. Once is enough. */
struct informed {
    bool of_statute; /* of disclosures to this recipient for this purpose on a statute */
    bool of_source;  /* of what came from this provider for this purpose */
};

struct obligations {
    bool keep_secret, one_time;
    struct duty duties[OBLIGATIONS_DUTIES]; /* by kind */
    size_t duty_count;
    struct informed informs; /* what the subject need not be informed of again */
};

/* Finds what the decision brings, or what it would bring in an ADVISE. */
void obligations_find (const struct decide_facts *facts, const struct check *check,
                       const struct decision *decision, struct informed informed, struct obligations *obligations);
