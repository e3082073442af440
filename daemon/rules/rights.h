/* Requests by which a subject exercises rights (R2, KB 13-15): what may be done with one, its dates, and who may
   make one. Pure. */
#pragma once
#include "policy.h"
#include "subject.h"

/* The numbers of these are those of proto/rights.proto. */
enum rights_kind {
    RIGHTS_ACCESS = 1,    /* inzage */
    RIGHTS_RECTIFICATION, /* verbetering */
    RIGHTS_COMPLETION,    /* aanvulling */
    RIGHTS_ERASURE,       /* verwijdering */
    RIGHTS_RESTRICTION,   /* afscherming */
    RIGHTS_OBJECTION,     /* bezwaar, to a refusal */
    RIGHTS_OPPOSITION,    /* verzet, to the processing itself */
    RIGHTS_KINDS,
};

enum rights_state {
    RIGHTS_OPEN = 1,
    RIGHTS_WAITING,    /* for the view of another, until its date */
    RIGHTS_UNANSWERED, /* open: that view did not come by its date */
    RIGHTS_GRANTED,
    RIGHTS_IN_PART,
    RIGHTS_REFUSED,
    RIGHTS_WITHDRAWN, /* by whoever made it */
    RIGHTS_STATES,
};

enum rights_action {
    RIGHTS_EXTEND,    /* put it off */
    RIGHTS_ASK_VIEW,  /* ask another for his view (KB 13.3) */
    RIGHTS_NOTE_VIEW, /* note what came of that */
    RIGHTS_GRANT,
    RIGHTS_GRANT_PART,
    RIGHTS_REFUSE,
    RIGHTS_WITHDRAW,
    RIGHTS_OBJECT,    /* to the decision */
    RIGHTS_CARRY_OUT, /* do something on it: restrict */
    RIGHTS_ERASE,     /* destroy what is held of the subject (R7) */
    RIGHTS_RECTIFY,   /* correct what is held (KB 14) */
    RIGHTS_ACTIONS,
};

/* NULL: this may be done with a request of this kind in this state. Else one sentence that says why not, without a
   full stop. It lives for ever. To erase, and to grant in part, of an objection: the kind of the request that was
   refused. An erasure that was granted whole may be granted in part as long as it is not carried out, since what a
   statute keeps may be found only then. */
const char *rights_why_not (enum rights_kind kind, enum rights_state state, enum rights_action action);
/* The request was decided or withdrawn: it is not due any more. */
bool rights_is_closed (enum rights_state state);
/* Something was refused: the decision has reasons and an article, and may be objected to. */
bool rights_refuses (enum rights_state outcome);

/* What is asked of the receipt: it is not in the future, nor longer ago than anybody records one. NULL, or one
   sentence. */
const char *rights_why_not_received (struct day received, moment now);
/* The moment before which a request that came on this day must be decided: the end of the last day of its term. */
moment rights_due (const struct policy *policy, struct day received);
/* The latest moment to which it may be put off: `due`, which is a midnight, where the pack allows no extension. */
moment rights_latest_due (const struct policy *policy, moment due);
/* The latest moment until which the view of another is awaited, if it is asked at `now`. */
moment rights_latest_view (const struct policy *policy, moment now);
/* The end of the term for an objection to a decision that was announced on this day. */
moment rights_objection_end (const struct policy *policy, struct day announced);
/* An objection that came on this day is late. */
bool rights_is_late (moment objection_end, struct day received);
/* The moment as of which whoever made it is judged: the end of the day of receipt, or now. */
moment rights_made_at (struct day received, moment now);

/* Section 4: this person may make a request of this kind (of an objection: of the kind of the request that was
   refused) about the subject. `who` is "subject" or the reference of a representative. That is who exercises the
   rights at `when`, and any one of them where there are several. KB 13.1: besides, everybody may ask whether
   anything is held about himself, also where the registry does not know his birth date. */
bool rights_may_be_made (const struct policy *policy, const struct subject *subject, enum rights_kind kind,
                         const char *who, moment when);
