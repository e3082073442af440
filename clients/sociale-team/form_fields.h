/* The fields of the consent form, as they stand on it in Dutch. The form as a page, as a PDF and in JSON have the
   same ones; docs/forms.md is their reference. */
#pragma once
struct arena;

/* The label of the field with this path, as "bewijs.kenmerk". NULL: the form has no such field. */
const char *form_label (const char *path);

/* "ondertekening[0].op" for "grant.signatures[0].given_at", as the registry names the same field. NULL: the form
   has no such field. */
const char *form_path_of_registry (struct arena *arena, const char *field);
/* "Ondertekening 1, datum" for "ondertekening[0].op"; "(een veld)" for what is no field of the form. */
const char *form_words_of_path (struct arena *arena, const char *path);
