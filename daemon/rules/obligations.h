/* What a disclosure obliges its provider to, or its recipient (C10, C15; KB 3.2, KB 10.2, KB 12, HR 3.3, HR 4.2,
 * HR 5.3, HR 7). Pure. */
#pragma once
#include "decide.h"

enum obligation { /* the numbers of Obligation in proto/check.proto */
                  OBLIGATION_KEEP_SECRET = 1,
                  OBLIGATION_ONE_TIME,
                  OBLIGATION_INFORM_SUBJECT, /* from here on: to be reported done */
                  OBLIGATION_INFORM_REPRESENTATIVE,
                  OBLIGATION_INFORM_YOUTH,
                  OBLIGATION_RECORD_IN_PLAN,
                  OBLIGATION_RECORD_AGAINST_WILL,
                  OBLIGATION_INFORM_OF_SOURCE,
                  OBLIGATIONS /* how many there are, and one */
};

enum duty_ground { /* the numbers of Ground in proto/check.proto */
                   DUTY_CONSENT = 1,
                   DUTY_STATUTE,
                   DUTY_WRITTEN_REQUEST,
                   DUTY_URGENT_REASONS,
};

/* One that is to be reported done. Several grounds of one decision make one of a kind: it names the ground that is
   due first. */
struct duty {
    enum obligation kind;
    moment due;               /* exclusive */
    bool deferrable;          /* every ground of it is */
    bool done;                /* at the decision: the subject was informed before it */
    bool holder_is_recipient; /* else the provider */
    enum duty_ground ground;
    const char *basis; /* code of the statute or the urgent reason; "": none */
};

enum { OBLIGATIONS_DUTIES = OBLIGATIONS - OBLIGATION_INFORM_SUBJECT };

/* Of what the subject is informed already, or is to be: once is enough. */
struct informed {
    bool of_statute; /* of disclosures to this recipient for this purpose on a statute */
    bool of_source;  /* of what came from this provider for this purpose */
};

struct obligations {
    bool keep_secret, one_time;
    struct duty duties[OBLIGATIONS_DUTIES]; /* by kind */
    size_t duty_count;
    struct informed informs; /* of what need not be informed any more */
};

/* What the decision brings, or in an ADVISE would bring. */
void obligations_find (const struct decide_facts *facts, const struct check *check,
                       const struct decision *decision, struct informed informed, struct obligations *obligations);
