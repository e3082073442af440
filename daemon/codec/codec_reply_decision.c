#include "codec_fill.h"

#include "arena_unpack.h"
#include "codec.h"
#include "rules/codes.h"

static void *unpack (struct bytes packed, const ProtobufCMessageDescriptor *descriptor, struct arena *arena)
{
    return packed.size > 0 ? arena_unpack (arena, descriptor, packed.data, packed.size) : NULL;
}

int codec_parties_of (struct bytes request, struct arena *arena, const char **provider, const char **recipient)
{
    const Consentd__Request *wire = unpack (request, &consentd__request__descriptor, arena);
    if (wire == NULL || wire->body_case != CONSENTD__REQUEST__BODY_CHECK)
        return CODEC_INVALID;
    *provider = wire->check->provider;
    *recipient = wire->check->recipient;
    return 0;
}

/* The recorded request and answer are sent as they were. The log has blanks for the BSN. */
static void fill_recorded (const struct shown_decision *shown, struct arena *arena,
                           Consentd__DecisionShowReply *wire)
{
    Consentd__Request *request = unpack (shown->request, &consentd__request__descriptor, arena);
    Consentd__Reply *answer = unpack (shown->answer, &consentd__reply__descriptor, arena);
    if (request != NULL && request->body_case == CONSENTD__REQUEST__BODY_CHECK) {
        wire->check = request->check;
        wire->check->bsn = codec_text (NULL);
    }
    if (answer != NULL && answer->body_case == CONSENTD__REPLY__BODY_CHECK)
        wire->reply = answer->check;
}

static void fill_all_reasons (const struct shown_decision *shown, struct arena *arena,
                              Consentd__DecisionShowReply *wire)
{
    if (shown->all_reasons == NULL)
        return;
    wire->n_all_reasons = shown->reason_count;
    wire->all_reasons = arena_array (arena, shown->reason_count, sizeof *wire->all_reasons);
    for (size_t i = 0; i < shown->reason_count; i++) {
        const struct rule_codes *codes = &shown->all_reasons[i];
        Consentd__DecisionReasons *one = wire->all_reasons[i] = arena_alloc (arena, sizeof *one);
        consentd__decision_reasons__init (one);
        one->n_codes = codes->count;
        one->codes = arena_array (arena, codes->count, sizeof *one->codes);
        for (size_t j = 0; j < codes->count; j++)
            one->codes[j] = (Consentd__Code)codes->code[j];
    }
}

static Consentd__DecisionParty *make_party (const struct party_text *party, struct arena *arena)
{
    if (party == NULL)
        return NULL;
    Consentd__DecisionParty *wire = arena_alloc (arena, sizeof *wire);
    consentd__decision_party__init (wire);
    wire->id = codec_text (party->id);
    wire->kind = codec_text (party->kind);
    wire->secrecy = codec_text (party->secrecy);
    wire->active = party->active;
    wire->agreement_from = codec_text (party->agreement_from);
    wire->agreement_until = codec_text (party->agreement_until);
    return wire;
}

void codec_fill_decision_show (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct shown_decision *shown = &reply->as.decision_show;
    Consentd__DecisionShowReply *body = wire->decision_show = arena_alloc (arena, sizeof *body);
    consentd__decision_show_reply__init (body);
    body->number = shown->number;
    body->time = codec_time (shown->time);
    body->asked_by = codec_text (shown->asked_by);
    fill_recorded (shown, arena, body);
    body->policy_hash = codec_binary (shown->policy_hash, 32);
    fill_all_reasons (shown, arena, body);
    body->provider = make_party (shown->provider, arena);
    body->recipient = make_party (shown->recipient, arena);
    if (shown->subject != NULL)
        body->subject = codec_make_subject (shown->subject, &shown->subject_ref, arena);
    body->n_statements = shown->statement_count;
    body->statements = arena_array (arena, shown->statement_count, sizeof *body->statements);
    for (size_t i = 0; i < shown->statement_count; i++)
        body->statements[i] = codec_make_consent (&shown->statements[i], arena);
    body->more = shown->statements != NULL && reply->more;
}
