/* What operators say of parties. */
#include <string.h>
#include "arena.h"
#include "codec_body.h"
#include "request.h"

static void read_limits (const Consentd__PartyLimits *wire, struct party_limits *limits)
{
    if (wire == NULL)
        return;
    *limits = (struct party_limits){
        .requests_per_second = wire->requests_per_second,
        .requests_burst = wire->requests_burst,
        .log_per_second = wire->log_per_second,
        .log_burst = wire->log_burst,
        .connections = wire->connections,
        .subjects_per_hour = wire->subjects_per_hour,
    };
}

static const struct party_key *read_keys (const Consentd__Party *wire, struct arena *arena)
{
    struct party_key *keys = arena_array (arena, wire->n_keys, sizeof *keys);
    for (size_t i = 0; i < wire->n_keys; i++)
        keys[i] = (struct party_key){wire->keys[i]->name, wire->keys[i]->public_key, wire->keys[i]->since,
                                     wire->keys[i]->until};
    return keys;
}

/* `path` is where the party stands. One that is not active has no keys, whatever was sent. */
static void read_party (struct syntax *syntax, const Consentd__Party *wire, bool active, const char *path,
                        struct party_text *party)
{
    *party = (struct party_text){
        .id = wire->id,
        .kind = wire->kind,
        .role = wire->role,
        .secrecy = wire->secrecy,
        .agreement_from = wire->agreement_from,
        .agreement_until = wire->agreement_until,
        .agreement_reference = wire->agreement_reference,
        .contact = wire->contact,
        .agb = wire->agb,
        .gemeentecode = wire->gemeentecode,
        .oin = wire->oin,
        .keys = read_keys (wire, syntax->arena),
        .key_count = active ? wire->n_keys : 0,
        .active = active,
    };
    struct party_fault fault;
    read_limits (wire->limits, &party->limits);
    if (!party_text_check (party, syntax->arena, &fault))
        syntax_fault (syntax, party_fault_field (path, &fault, syntax->arena), fault.message);
}

void codec_read_party_add (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__Party *wire = envelope->party_add->party;
    struct party_text *party = arena_alloc (syntax->arena, sizeof *party);
    if (wire == NULL) {
        syntax_fault (syntax, "party", "This is required.");
        return;
    }
    read_party (syntax, wire, true, "party", party);
    request->as.parties.parties = party;
    request->as.parties.count = 1;
}

void codec_read_party_apply (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__PartyApplyRequest *wire = envelope->party_apply;
    struct party_change_request *change = &request->as.parties;
    if (wire->n_parties < 1 || wire->n_parties > PARTIES_A_REQUEST) {
        syntax_fault (syntax, "parties", "These are 1-256 parties.");
        return;
    }
    struct party_text *parties = arena_array (syntax->arena, wire->n_parties, sizeof *parties);
    for (size_t i = 0; i < wire->n_parties && syntax->field == NULL; i++) {
        const char *path = arena_printf (syntax->arena, "parties[%zu]", i);
        read_party (syntax, wire->parties[i], wire->parties[i]->active, path, &parties[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp (parties[j].id, parties[i].id) == 0)
                syntax_fault (syntax, arena_printf (syntax->arena, "%s.id", path), "This party is named before.");
    }
    change->parties = parties;
    change->count = wire->n_parties;
    request->is_trial = wire->trial;
    change->has_table = wire->table.len > 0;
    if (change->has_table)
        syntax_id (syntax, "table", wire->table.len, wire->table.data, change->table);
}

void codec_read_party_list (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__PartyListRequest *wire = envelope->party_list;
    request->as.party_list.after = syntax_optional (syntax, SYNTAX_PARTY, "after", wire->after);
    request->as.party_list.id = syntax_optional (syntax, SYNTAX_PARTY, "id", wire->id);
}

void codec_read_party_remove (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    request->as.party_remove.id = syntax_required (syntax, SYNTAX_PARTY, "id", envelope->party_remove->id);
}
