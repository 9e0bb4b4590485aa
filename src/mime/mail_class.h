// What kind of mail it is (metrics.md "Waits" 4; RFC 3834, 3464, 5965, 8098): class and the two
// flags that are never mixed, is_automatic and suppress_reply. Used by the mail decoder only.
#pragma once

#include "mime/part_tree.h"
#include "model/incoming.h"

// Fills class, is_automatic, suppress_reply, has_own_loop and what reports tell; needs the header
// fields and the text of incoming.
void mail_class_read(const PartTree *tree, GBytes *raw, Incoming *incoming);
