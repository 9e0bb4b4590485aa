#include "control/control_json.h"

#include <string.h>

#include "base/error.h"

json_t *control_json_read(const char *argument, GError **error) {
    json_error_t problem;
    json_t *json;
    if (*argument != '@')
        json = json_loads(argument, JSON_REJECT_DUPLICATES, &problem);
    else if (strcmp(argument, "@-") == 0)
        json = json_loadf(stdin, JSON_REJECT_DUPLICATES, &problem);
    else
        json = json_load_file(argument + 1, JSON_REJECT_DUPLICATES, &problem);
    if (json == NULL)
        error_set(error, ERROR_INVALID, "json_invalid", "%s is no JSON: line %d: %s", argument,
                  problem.line, problem.text);
    return json;
}
