// The original sender and subject of a forwarded mail: from the block of headers in its text, in
// many languages, or from the mail attached to it. Used by the mail decoder only.
#pragma once

#include "mime/part_tree.h"
#include "model/incoming.h"

// Fills forwarded_from and forwarded_subject of mail where the mail is a forward; needs the
// subject, text and class of incoming.
void forwarded_read(const PartTree *tree, Incoming *incoming);
