/* What a passage holds. Each part belongs to the file that is named beside it. */
#pragma once
#include "address.h"
#include "arena.h"
#include "passage.h"

enum passage_step_outcome {
    PASSAGE_GOES_ON = 0, /* the next step can be taken */
    PASSAGE_ENDS = 1,    /* the result says why */
    PASSAGE_WAITS = 2,   /* the same step needs one thing more */
};

/* passage.c */
struct passage {
    const struct passage_order *order;
    enum passage_need_kind stage;
    struct passage_result result;
    unsigned attempt;      /* from 1 */
    const uint8_t *secret; /* from which the keys of the attempts follow: the order's, or its former one */
    struct arena *kept;    /* until the passage ends */
    uint8_t digest[PASSAGE_DIGEST];
    /* passage_address.c */
    bool sender_is_right;
    enum address_outcome sender_as_ours; /* what is wrong with the order's party as the sender */
    bool sender_is_other;  /* it is looked for another sender: then the message must be for the order's party */
    const char *provider;  /* NULL: not known yet */
    const char *recipient; /* NULL: not known yet */
    struct consent_identification asked;
    const char *const *values; /* that the driver is asked about */
    /* passage_ask.c */
    struct arena *arena; /* of one attempt: its questions and answers */
    struct consent_question *questions;
    size_t question_count;
    size_t *asked_about; /* which client each question is about */
    struct passage_client *clients;
    uint64_t *decided; /* of each client what was disclosed by its decision, which then stands; 0: nothing yet */
    bool recalled;     /* all was decided before, by another run: advice is asked only about restrictions since */
    /* passage_build.c */
    char *output; /* NULL unless there is something that could go */
    size_t output_size;
    /* passage_facts.c */
    struct passage_facts *facts;
    /* passage_products.c */
    struct passage_product *products;
    size_t product_count;
};

/* passage.c: keeps why the message is held. Returns always PASSAGE_ENDS. */
enum passage_step_outcome passage_hold (struct passage *self, enum passage_code code, const char *why);
/* Its clients are decided together. */
bool passage_is_whole (const struct passage *self);

/* passage_read.c: turns the bytes into elements, with the questions that they raise. PASSAGE_PASSED: it may be
   asked about; PASSAGE_BAD_MESSAGE or PASSAGE_BAD_SCHEMA. */
enum passage_outcome passage_read (struct passage *self, const char *text, size_t size);

/* passage_address.c: begins to ask who sends it to whom, and judges each answer. */
enum passage_step_outcome passage_address_begin (struct passage *self);
enum passage_step_outcome passage_address_hear (struct passage *self, const struct consent_parties *parties);
/* The values of these elements in the message, in its order. */
const char *const *passage_values (struct passage *self, const struct mapping_rule *const *rules, size_t count);

/* passage_ask.c: makes the questions about everything in the message (also to ask what is recorded of it), or
   about exactly what goes of it. */
void passage_ask (struct passage *self, enum consent_mode mode);
/* Keeps the answers. False: there are none, and the result says why. */
bool passage_hear (struct passage *self, const struct consent_answer *const *answers);
/* The advice asks for what a passage cannot give, such as that a manager was consulted. */
bool passage_lacks (const struct passage *self);
/* The answers permit all that goes. */
bool passage_may_go (const struct passage *self);

/* passage_recall.c: judges what is recorded of this attempt. GOES_ON: this attempt was not made yet, of somebody;
   WAITS: the next attempt is to be looked at; ENDS: it is held. Sets *known if all is decided. */
enum passage_step_outcome passage_recall (struct passage *self, const struct consent_answer *const *answers,
                                          bool *known);
/* passage_recall.c: by the advice of now, something of what was decided before is restricted. */
bool passage_is_restricted (const struct passage *self);
/* passage_recall.c: keeps an answer of a client as its decision, by which it goes. */
void passage_decide (struct passage *self, size_t client, const struct consent_answer *answer);

/* passage_ask.c */
const struct consent_answer *passage_copy_answer (struct arena *arena, const struct consent_answer *answer);

/* passage_products.c: finds the products of a message that was read. */
void passage_find_products (struct passage *self);
/* passage_products.c: it has some that may go, of which is to be known what they take back, or what took them
 * back.
 */
bool passage_has_products (const struct passage *self);

/* passage_products.c: takes over what is told of them. True: nothing of the message is left to go. */
bool passage_take_back (struct passage *self, const struct passage_product *told);

/* passage_build.c: builds what may go by the answers. PASSAGE_PASSED or PASSAGE_THINNED: there is an output;
   PASSAGE_HELD or PASSAGE_BAD_SCHEMA. */
enum passage_outcome passage_build (struct passage *self);
