/* The places of an empty consent form: what may be marked in it, by the policy pack. */
#pragma once
#include "envelope.pb-c.h"
#include "letter/letter_setting.h"

/* For what the form is made. */
struct form_subject {
    const struct policy_purpose *purpose; /* the only one; NULL: each that a consent can be for */
    const char *asked_by;                 /* who asked for it; NULL: nobody */
    const char *request;                  /* the id of that, which the form then answers; "" */
    const Consentd__Scope *scope;         /* only these parties and categories, where there are some */
    const char *last_day;                 /* "2026-12-31", which is filled in; "" */
    bool one_time;                        /* is marked */
};

/* Fills the fields of the letter "formulier". What has no label is told as letter_label does. */
void form_parts_fill (struct letter_setting *setting, const struct form_subject *subject,
                      struct letter_values *values);
/* A consent can be for this purpose: a flow of it admits consent. */
bool form_purpose_admits_consent (const struct policy *policy, const struct policy_purpose *purpose);
/* A consent can be for this kind of data, for this purpose or, NULL, for any. */
bool form_category_admits_consent (const struct policy *policy, const struct policy_purpose *purpose,
                                   const char *name);
