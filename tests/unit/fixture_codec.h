/* Requests to read, for tests to spoil: well formed as they are prepared here. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "codec/codec.h"
#include "envelope.pb-c.h"

#define BSN "999900006"

extern uint8_t key[16];    /* of every request here */
extern char *categories[]; /* two */

/* A well-formed request of each kind, for a test to spoil. */
struct wire {
    Consentd__Request envelope;
    Consentd__CheckRequest check;
    Consentd__Item items[65];
    Consentd__Item *item_list[65];
    Consentd__GrantRequest grant;
    Consentd__RefuseRequest refuse;
    Consentd__Scope scope;
    Consentd__Evidence evidence;
    Consentd__Notice notice;
    Consentd__Signature signatures[9];
    Consentd__Signature *signature_list[9];
    Consentd__RevokeRequest revoke;
    Consentd__SubjectSetRequest subject_set;
    Consentd__Representative representatives[9];
    Consentd__Representative *representative_list[9];
    Consentd__Capability capabilities[17];
    Consentd__Capability *capability_list[17];
    Consentd__PartyAddRequest party_add;
    Consentd__Party party;
    Consentd__PartyKey party_key, *party_keys[1];
};
extern struct wire wire;

/* What the last reading made of `wire`, and the bytes that it read. */
extern struct arena *arena;
extern struct request request;
extern struct codec_fault fault;
extern uint8_t *packed;
extern size_t packed_size;

int setup_codec (void **state);
int teardown_codec (void **state);

void prepare_envelope (Consentd__Request__BodyCase body, void *message);
void prepare_check (void);
void prepare_grant (void);
void prepare_refuse (void);
void prepare_revoke (void);
void prepare_subject (void);
void prepare_party (void);

/* Packs `wire` and reads it. */
int read_wire (void);
void assert_read (void);
/* INVALID at this field, in a sentence without the BSN, with the key. */
void assert_invalid (const char *field);
/* `*text` spoiled by each of `values` is INVALID at `field`. */
void assert_each_invalid (char **text, char **values, const char *field);
/* So many letters, until the next call. */
char *text_of (size_t length);
