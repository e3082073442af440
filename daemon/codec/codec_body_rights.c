#include "codec_body_rights.h"

void codec_finish_rights_open (struct syntax *syntax, struct request *request)
{
    const struct rights_request *made = &request->as.rights.made;
    if (made->kind == 0)
        syntax_fault (syntax, "kind", "What is asked for is required.");
    if (made->kind != RIGHTS_ACCESS && made->wish[0] == '\0')
        syntax_fault (syntax, "wish", "This is required, but of a request for access.");
    if (made->identity == 0)
        syntax_fault (syntax, "identity", "How the identity was established is required.");
    if (made->identity == IDENTITY_OTHER && made->evidence[0] == '\0')
        syntax_fault (syntax, "evidence", "This is required where the identity was established otherwise.");
    if (made->way == 0)
        syntax_fault (syntax, "way", "How the request came is required.");
    if ((made->kind == RIGHTS_OBJECTION) != (made->against != 0))
        syntax_fault (syntax, "against", "An objection, and nothing else, names the request that was refused.");
}

/* The number of the request is required. */
void codec_finish_rights_number (struct syntax *syntax, struct request *request)
{
    if (request->as.rights.number == 0)
        syntax_fault (syntax, "number", "The number of the request is required.");
}

void codec_finish_rights_hear (struct syntax *syntax, struct request *request)
{
    codec_finish_rights_number (syntax, request);
    if ((request->as.rights.until != 0) == (request->as.rights.came != VIEW_AWAITED))
        syntax_fault (syntax, "until", "Either a view is asked, until then, or it is said what came of that.");
}

void codec_finish_rights_decide (struct syntax *syntax, struct request *request)
{
    const struct rights_asked *asked = &request->as.rights;
    codec_finish_rights_number (syntax, request);
    if (!rights_is_closed (asked->outcome))
        syntax_fault (syntax, "outcome", "A request is granted, granted in part, refused or withdrawn.");
    if (rights_refuses (asked->outcome) && asked->text[0] == '\0')
        syntax_fault (syntax, "reason", "A refusal has its reasons.");
    if (rights_refuses (asked->outcome) != (asked->article[0] != '\0'))
        syntax_fault (syntax, "article", "A refusal, and nothing else, names the article that it rests on.");
}

void codec_finish_rights_list (struct syntax *syntax, struct request *request)
{
    size_t size = request->page.after.bytes.size;
    if (size != 0 && size != RIGHTS_CURSOR_SIZE)
        syntax_fault (syntax, "after", "This is `next` of the page before.");
}
