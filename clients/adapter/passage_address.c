/* Who sends the message to whom: asked of the registry, and held against what the message says itself. */
#include <string.h>
#include "passage_parts.h"
#include "address.h"

static enum passage_step_outcome ask_about_party (struct passage *self, const char *party)
{
    const char **parties = arena_array (self->kept, 2, sizeof *parties);
    parties[0] = party;
    self->asked = (struct consent_identification){.parties = parties, .user = self->order->user};
    return PASSAGE_WAITS;
}

static enum passage_step_outcome ask_about_receiver (struct passage *self)
{
    const struct elements *elements = self->result.elements;
    const struct mapping_address *receiver = &elements->mapping->receiver;
    if (self->order->recipient)
        self->recipient = self->order->recipient;
    if (!receiver->rule)
        return self->recipient ? PASSAGE_GOES_ON
                               : passage_hold (self, PASSAGE_UNKNOWN_RECEIVER,
                                               "the message does not say for whom it is: --to is needed");
    if (self->recipient)
        return ask_about_party (self, self->recipient);
    const char *value = address_value (elements, receiver->rule);
    if (!value)
        return passage_hold (self, PASSAGE_UNKNOWN_RECEIVER, "the message does not say for whom it is");
    self->asked = (struct consent_identification){
        .identifier = mapping_identifier_text (receiver->identifier), .value = value, .user = self->order->user};
    return PASSAGE_WAITS;
}

static enum passage_step_outcome hold_unless_right (struct passage *self, enum address_outcome outcome,
                                                    bool of_sender)
{
    switch (outcome) {
    case ADDRESS_RIGHT:
        return PASSAGE_GOES_ON;
    case ADDRESS_NO_IDENTIFIER:
        return passage_hold (self, PASSAGE_NO_IDENTIFIER,
                             of_sender
                                 ? "the registry has no such number of the sender as the message names it by"
                                 : "the registry has no such number of the receiver as the message names it by");
    case ADDRESS_UNKNOWN:
        return of_sender ? passage_hold (self, PASSAGE_WRONG_SENDER, "the registry knows no such sender")
                         : passage_hold (self, PASSAGE_UNKNOWN_RECEIVER, "the registry knows no such receiver");
    case ADDRESS_WRONG:
        break;
    }
    return of_sender ? passage_hold (self, PASSAGE_WRONG_SENDER, "the message names another sender")
                     : passage_hold (self, PASSAGE_WRONG_RECEIVER, "the message names another receiver");
}

static enum passage_step_outcome find_receiver (struct passage *self, const struct consent_parties *parties)
{
    const struct mapping *mapping = self->result.elements->mapping;
    if (self->recipient)
        return hold_unless_right (self, address_judge (self->result.elements, &mapping->receiver, parties), false);
    const struct consent_known_party *party = address_find (&mapping->to, parties);
    if (!party)
        return passage_hold (
            self, PASSAGE_UNKNOWN_RECEIVER,
            "not exactly one party that it may be for is called as the message names its receiver");
    self->recipient = arena_strdup (self->kept, party->id);
    return PASSAGE_GOES_ON;
}

static enum passage_step_outcome take_receiver (struct passage *self, const struct consent_parties *parties)
{
    enum passage_step_outcome outcome = find_receiver (self, parties);
    if (outcome == PASSAGE_GOES_ON && self->sender_is_other &&
        strcmp (self->recipient, self->order->provider) != 0)
        return passage_hold (self, PASSAGE_WRONG_SENDER, "the message is neither from this party nor for it");
    return outcome;
}

/* What others send to this party answers what it sent, or is to be answered. */
static bool may_be_of_another (const struct passage *self)
{
    const struct elements *elements = self->result.elements;
    return self->order->is_for_either && elements->mapping->receiver.rule &&
           (self->sender_as_ours == ADDRESS_WRONG || self->sender_as_ours == ADDRESS_NO_IDENTIFIER) &&
           address_value (elements, elements->mapping->sender.rule);
}

static enum passage_step_outcome ask_about_sender (struct passage *self)
{
    const struct mapping_address *sender = &self->result.elements->mapping->sender;
    self->sender_is_other = true;
    self->asked = (struct consent_identification){.identifier = mapping_identifier_text (sender->identifier),
                                                  .value = address_value (self->result.elements, sender->rule),
                                                  .user = self->order->user};
    return PASSAGE_WAITS;
}

/* First the order's party is looked at; then, if it may be another, whoever has the number in the message. */
static enum passage_step_outcome take_sender (struct passage *self, const struct consent_parties *parties)
{
    const struct elements *elements = self->result.elements;
    if (!self->sender_is_other) {
        self->sender_as_ours = address_judge (elements, &elements->mapping->sender, parties);
        if (may_be_of_another (self))
            return ask_about_sender (self);
        if (self->sender_as_ours == ADDRESS_RIGHT)
            self->provider = self->order->provider;
        return hold_unless_right (self, self->sender_as_ours, true);
    }
    const struct consent_known_party *party = address_find (&elements->mapping->from, parties);
    if (!party)
        return hold_unless_right (self, self->sender_as_ours, true);
    self->provider = arena_strdup (self->kept, party->id);
    return PASSAGE_GOES_ON;
}

enum passage_step_outcome passage_address_begin (struct passage *self)
{
    return ask_about_party (self, self->order->provider);
}

enum passage_step_outcome passage_address_hear (struct passage *self, const struct consent_parties *parties)
{
    if (self->sender_is_right)
        return take_receiver (self, parties);
    enum passage_step_outcome outcome = take_sender (self, parties);
    if (outcome != PASSAGE_GOES_ON)
        return outcome;
    self->sender_is_right = true;
    return ask_about_receiver (self);
}

static bool is_of (const struct element *element, const struct mapping_rule *const *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (element->rule == rules[i])
            return element->value && *element->value;
    }
    return false;
}

const char *const *passage_values (struct passage *self, const struct mapping_rule *const *rules, size_t count)
{
    const struct element *root = self->result.elements->root;
    size_t found = 0;
    for (const struct element *element = root; element; element = element_next (element))
        found += is_of (element, rules, count);
    const char **values = arena_array (self->kept, found + 1, sizeof *values);
    found = 0;
    for (const struct element *element = root; element; element = element_next (element)) {
        if (is_of (element, rules, count))
            values[found++] = element->value;
    }
    return values;
}
