/* Reads the fields of a form one by one, and keeps what is wrong with them. A field in which something is wrong is
   read as if it were empty, so that the next one can be judged. */
#pragma once
#include "form.h"
#include "syntax.h"

/* Where fields stand: in the form itself, or in an object of it. */
struct form_place {
    json_t *fields;   /* borrowed */
    const char *path; /* before their names: "", "bewijs.", "ondertekening[0]." */
};

/* Keeps "Label: sentence". `name` may be that of an entry of a list: "gegevens[2]". */
void form_refuse (struct form_reading *self, const struct form_place *place, const char *name,
                  const char *sentence);
/* The object may have no fields but these: one that is not understood may be a condition. */
void form_check_names (struct form_reading *self, const struct form_place *place, const char *const *names);

/* A text of this sort. "" if there is none, or if something is wrong with it. */
char *form_text (struct form_reading *self, const struct form_place *place, const char *name, bool required,
                 enum syntax_sort sort);
/* A list of texts, one at least where there is a list. */
char **form_texts (struct form_reading *self, const struct form_place *place, const char *name, bool required,
                   size_t *count_p);
/* A day or a moment; with `is_end` a last day, of which the end is meant. 0: there is none, or it is wrong. */
moment form_moment (struct form_reading *self, const struct form_place *place, const char *name, bool required,
                    bool is_end);
bool form_flag (struct form_reading *self, const struct form_place *place, const char *name);
/* An object with these fields. False: there is none. */
bool form_object (struct form_reading *self, const struct form_place *place, const char *name,
                  const char *const *names, struct form_place *object);
