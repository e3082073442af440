#include "rights_words.h"

#include <string.h>

/* A number of the protocol: its word on the command line, and how it is told. */
struct word {
    int value;
    const char *word, *told;
};

#define COUNT(array) (sizeof (array) / sizeof *(array))

static const struct word kinds[] = {
    {CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS, "access", "access"},
    {CONSENTD__RIGHTS_KIND__RIGHTS_RECTIFICATION, "rectification", "rectification"},
    {CONSENTD__RIGHTS_KIND__RIGHTS_COMPLETION, "completion", "completion"},
    {CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE, "erasure", "erasure"},
    {CONSENTD__RIGHTS_KIND__RIGHTS_RESTRICTION, "restriction", "restriction"},
    {CONSENTD__RIGHTS_KIND__RIGHTS_OBJECTION, "objection", "objection"},
    {CONSENTD__RIGHTS_KIND__RIGHTS_OPPOSITION, "opposition", "opposition"},
};

static const struct word states[] = {
    {CONSENTD__RIGHTS_STATE__RIGHTS_OPEN, "open", "open"},
    {CONSENTD__RIGHTS_STATE__RIGHTS_WAITING, "waiting", "waits for a view"},
    {CONSENTD__RIGHTS_STATE__RIGHTS_UNANSWERED, "unanswered", "open, a view did not come"},
    {CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED, "granted", "granted"},
    {CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART, "in-part", "granted in part"},
    {CONSENTD__RIGHTS_STATE__RIGHTS_REFUSED, "refused", "refused"},
    {CONSENTD__RIGHTS_STATE__RIGHTS_WITHDRAWN, "withdrawn", "withdrawn"},
};
enum { FIRST_OUTCOME = 3 };

static const struct word ways[] = {
    {CONSENTD__RIGHTS_WAY__WAY_COUNTER, "counter", "at the counter"},
    {CONSENTD__RIGHTS_WAY__WAY_POST, "post", "by post"},
    {CONSENTD__RIGHTS_WAY__WAY_E_MAIL, "e-mail", "by e-mail"},
    {CONSENTD__RIGHTS_WAY__WAY_TELEPHONE, "telephone", "by telephone"},
    {CONSENTD__RIGHTS_WAY__WAY_PORTAL, "portal", "through the portal"},
    {CONSENTD__RIGHTS_WAY__WAY_CONVERSATION, "conversation", "in a conversation"},
    {CONSENTD__RIGHTS_WAY__WAY_OTHER, "other", "otherwise"},
};

static const struct word identities[] = {
    {CONSENTD__RIGHTS_IDENTITY__IDENTITY_DOCUMENT, "document", "an identity document was seen"},
    {CONSENTD__RIGHTS_IDENTITY__IDENTITY_DIGID, "digid", "signed in with DigiD"},
    {CONSENTD__RIGHTS_IDENTITY__IDENTITY_KNOWN, "known", "known in person"},
    {CONSENTD__RIGHTS_IDENTITY__IDENTITY_CALLED_BACK, "called-back", "called back, and questioned"},
    {CONSENTD__RIGHTS_IDENTITY__IDENTITY_SIGNATURE, "signature", "the signature was compared"},
    {CONSENTD__RIGHTS_IDENTITY__IDENTITY_OTHER, "other", "as the evidence says"},
};

static const struct word views[] = {
    {CONSENTD__RIGHTS_VIEW_CAME__VIEW_AWAITED, "", "awaited"},
    {CONSENTD__RIGHTS_VIEW_CAME__VIEW_NO_OBJECTION, "no-objection", "no objection"},
    {CONSENTD__RIGHTS_VIEW_CAME__VIEW_OBJECTS, "objects", "objects"},
    {CONSENTD__RIGHTS_VIEW_CAME__VIEW_NOT_GIVEN, "not-given", "not given"},
};

static const char *told (const struct word *words, size_t count, int value)
{
    for (size_t i = 0; i < count; i++)
        if (words[i].value == value)
            return words[i].told;
    return "what this program is too old to name";
}

/* The value of a word. Negative: it is none of them. */
static int find (const struct word *words, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (*words[i].word && strcmp (words[i].word, text) == 0)
            return words[i].value;
    return -1;
}

const char *rights_kind_word (Consentd__RightsKind kind)
{
    return told (kinds, COUNT (kinds), (int)kind);
}

const char *rights_state_words (struct ctl *ctl, const Consentd__RightsRequest *request, int64_t now)
{
    bool is_due = request->decided_at == 0 || request->to_be_erased;
    const char *words = request->state == CONSENTD__RIGHTS_STATE__RIGHTS_STATE_UNSPECIFIED
                            ? "cannot be read"
                            : told (states, COUNT (states), (int)request->state);
    if (request->to_be_erased)
        words = arena_printf (ctl->arena, "%s, not erased yet", words);
    return is_due && request->due != 0 && request->due <= now ? arena_printf (ctl->arena, "%s, overdue", words)
                                                              : words;
}

const char *rights_way_words (Consentd__RightsWay way)
{
    return told (ways, COUNT (ways), (int)way);
}

const char *rights_identity_words (Consentd__RightsIdentity identity)
{
    return told (identities, COUNT (identities), (int)identity);
}

const char *rights_came_words (Consentd__RightsViewCame came)
{
    return told (views, COUNT (views), (int)came);
}

int rights_read_kind (const char *text, Consentd__RightsKind *value)
{
    int found = find (kinds, COUNT (kinds), text);
    *value = (Consentd__RightsKind)found;
    return found >= 0 ? 0
                      : ctl_fail (EX_USAGE, "--kind is access, rectification, completion, erasure, restriction, "
                                            "objection or opposition");
}

int rights_read_way (const char *text, Consentd__RightsWay *value)
{
    int found = find (ways, COUNT (ways), text);
    *value = (Consentd__RightsWay)found;
    return found >= 0
               ? 0
               : ctl_fail (EX_USAGE, "--way is counter, post, e-mail, telephone, portal, conversation or other");
}

int rights_read_identity (const char *text, Consentd__RightsIdentity *value)
{
    int found = find (identities, COUNT (identities), text);
    *value = (Consentd__RightsIdentity)found;
    return found >= 0
               ? 0
               : ctl_fail (EX_USAGE, "--identity is document, digid, known, called-back, signature or other");
}

int rights_read_came (const char *text, Consentd__RightsViewCame *value)
{
    int found = find (views, COUNT (views), text);
    *value = (Consentd__RightsViewCame)found;
    return found >= 0 ? 0 : ctl_fail (EX_USAGE, "--came is no-objection, objects or not-given");
}

int rights_read_outcome (const char *text, Consentd__RightsState *value)
{
    int found = find (states + FIRST_OUTCOME, COUNT (states) - FIRST_OUTCOME, text);
    *value = (Consentd__RightsState)found;
    return found >= 0 ? 0 : ctl_fail (EX_USAGE, "--outcome is granted, in-part, refused or withdrawn");
}
