// A page of customers as JSON. Used by api/customers.c alone.
#pragma once

#include "api/call.h"
#include "base/json_text.h"

#define CUSTOMER_LIST_QUERY " search address company field value"

// The members items and next, within an object.
gboolean customer_list_write(ApiCall *call, JsonText *text, GError **error);
