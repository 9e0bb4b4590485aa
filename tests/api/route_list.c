// Prints the route table, one route a line: method, pattern, permission, query ("-": none), body.
// For tests/system/openapi.test.mjs, which holds doc/openapi.yaml against it.
#include <stdio.h>

#include "api/router.h"

int main(void) {
    for (const ApiRoute *const *table = api_routes; *table != NULL; table++)
        for (const ApiRoute *row = *table; row->method != NULL; row++)
            printf("%s %s %s %s\n", row->method, row->pattern, permission_name(row->permission),
                   row->query != NULL ? row->query : "-");
    return 0;
}
