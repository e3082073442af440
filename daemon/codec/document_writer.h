/* A JSON document that is written while it is told: what document_text makes of a tree, without the tree. For
   documents of which many are made. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document_writer {
    char *text;
    size_t size, room;
    size_t indent, depth;
    bool is_filled; /* the object or list that is open has something */
};

/* Begins a document. Each level is indented by `indent`; 0: all on one line. */
void document_begin (struct document_writer *self, size_t indent);
/* Ends it. Caller owns the return value and must free it. */
char *document_end (struct document_writer *self);

/* What follows is put into the object or list that was opened last. `key` names it in an object, and holds nothing
   that JSON escapes; in a list, and of the document itself, it is NULL. Aborts without memory. */
void document_open_object (struct document_writer *self, const char *key);
void document_close_object (struct document_writer *self);
void document_open_list (struct document_writer *self, const char *key);
void document_close_list (struct document_writer *self);

/* As document_string and document_time. */
void document_put_text (struct document_writer *self, const char *key, const char *text);
void document_put_time (struct document_writer *self, const char *key, int64_t when);
/* null for NULL. */
void document_put_word (struct document_writer *self, const char *key, const char *word);
void document_put_number (struct document_writer *self, const char *key, int64_t number);
void document_put_truth (struct document_writer *self, const char *key, bool truth);
/* A tree; NULL is null. Numbers are whole. Borrowed. */
void document_put_tree (struct document_writer *self, const char *key, json_t *tree);
/* A document that was written before, on one line. */
void document_put_document (struct document_writer *self, const char *key, const char *document);
