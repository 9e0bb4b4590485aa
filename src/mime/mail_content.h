// Which parts of a mail are its text and which are attachments: the walk over the part tree. Used
// by the mail decoder only.
#pragma once

#include "mime/part_tree.h"
#include "model/incoming.h"

// Fills text, html (cleaned) and attachments of incoming.
void mail_content_read(const PartTree *tree, GBytes *raw, Incoming *incoming);
