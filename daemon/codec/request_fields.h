/* The table by which a request is read: its envelope, and each of its bodies. */
#pragma once
#include "fields/fields.h"
#include "request.h"

extern struct message request_message;
