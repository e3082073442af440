/* Parties as operators see them. */
#include <string.h>
#include "codec_fill.h"

static Consentd__PartyLimits *make_limits (const struct party_limits *limits, struct arena *arena)
{
    static const struct party_limits none = {0};
    if (memcmp (limits, &none, sizeof none) == 0)
        return NULL;
    Consentd__PartyLimits *wire = arena_alloc (arena, sizeof *wire);
    consentd__party_limits__init (wire);
    wire->requests_per_second = limits->requests_per_second;
    wire->requests_burst = limits->requests_burst;
    wire->log_per_second = limits->log_per_second;
    wire->log_burst = limits->log_burst;
    wire->connections = limits->connections;
    wire->subjects_per_hour = limits->subjects_per_hour;
    return wire;
}

static Consentd__PartyKey *make_key (const struct party_key *key, struct arena *arena)
{
    Consentd__PartyKey *wire = arena_alloc (arena, sizeof *wire);
    consentd__party_key__init (wire);
    wire->name = codec_text (key->name);
    wire->public_key = codec_text (key->public_key);
    wire->since = codec_text (key->since);
    wire->until = codec_text (key->until);
    return wire;
}

static Consentd__Party *make_party (const struct shown_party *shown, struct arena *arena)
{
    const struct party_text *party = &shown->text;
    Consentd__Party *wire = arena_alloc (arena, sizeof *wire);
    consentd__party__init (wire);
    wire->id = codec_text (party->id);
    wire->kind = codec_text (party->kind);
    wire->role = codec_text (party->role);
    wire->secrecy = codec_text (party->secrecy);
    wire->agreement_from = codec_text (party->agreement_from);
    wire->agreement_until = codec_text (party->agreement_until);
    wire->agreement_reference = codec_text (party->agreement_reference);
    wire->contact = codec_text (party->contact);
    wire->agb = codec_text (party->agb);
    wire->gemeentecode = codec_text (party->gemeentecode);
    wire->oin = codec_text (party->oin);
    wire->active = party->active;
    wire->unfit = codec_text (shown->unfit);
    wire->limits = make_limits (&party->limits, arena);
    wire->n_keys = party->key_count;
    wire->keys = arena_array (arena, party->key_count, sizeof *wire->keys);
    for (size_t i = 0; i < party->key_count; i++)
        wire->keys[i] = make_key (&party->keys[i], arena);
    return wire;
}

void codec_fill_party_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    size_t count = reply->as.party_list.count;
    Consentd__PartyListReply *body = wire->party_list = arena_alloc (arena, sizeof *body);
    consentd__party_list_reply__init (body);
    body->n_parties = count;
    body->parties = arena_array (arena, count, sizeof *body->parties);
    for (size_t i = 0; i < count; i++)
        body->parties[i] = make_party (&reply->as.party_list.parties[i], arena);
    body->more = reply->as.party_list.more;
    body->table = codec_binary (reply->as.party_list.table, 16);
}

void codec_fill_party_apply (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    size_t count = reply->as.party_apply.count;
    Consentd__PartyApplyReply *body = wire->party_apply = arena_alloc (arena, sizeof *body);
    consentd__party_apply_reply__init (body);
    body->n_changes = count;
    body->changes = arena_array (arena, count, sizeof *body->changes);
    for (size_t i = 0; i < count; i++) {
        const struct shown_party_change *change = &reply->as.party_apply.changes[i];
        Consentd__PartyChange *one = body->changes[i] = arena_alloc (arena, sizeof *one);
        consentd__party_change__init (one);
        one->id = codec_text (change->id);
        one->change = codec_text (change->change);
        one->what = codec_text (change->what);
    }
    body->table = codec_binary (reply->as.party_apply.table, 16);
}
