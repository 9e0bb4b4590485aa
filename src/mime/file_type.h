// Media types of files by their names, for attachments that are declared as mere bytes. Used by the
// mail decoder only.
#pragma once

// The type that the file name's ending stands for, or NULL. name may be NULL. Static.
const char *file_type_find(const char *name);
