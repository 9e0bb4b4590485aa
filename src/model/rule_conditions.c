#include "model/rule_conditions.h"

#include <string.h>

#include "base/error.h"
#include "model/rule_comparison.h"

typedef enum { NODE_ALL, NODE_ANY, NODE_NONE, NODE_COMPARISON } NodeType;

static const char *const group_names[] = {"all", "any", "none"};

typedef struct {
    NodeType type;
    int end; // the node behind it and all that is in it
    char *path;
    RuleComparison *comparison;
} Node;

struct RuleConditions {
    GArray *nodes; // of Node: each before what is in it
    guint leaves;
    FactSet needs;
};

static void node_clear(gpointer data) {
    Node *node = data;
    g_free(node->path);
    rule_comparison_free(node->comparison);
}

void rule_conditions_free(RuleConditions *conditions) {
    if (conditions == NULL)
        return;
    g_array_unref(conditions->nodes);
    g_free(conditions);
}

// A group whose members are being read.
typedef struct {
    const json_t *members;
    gsize next;
    int node;
} Level;

typedef struct {
    RuleConditions *conditions;
    Level levels[CONDITIONS_DEPTH_MAX];
    int depth;
} Reading;

static gboolean refuse(GError **error, const char *path, const char *what) {
    error_set(error, ERROR_INVALID, "condition_invalid", "conditions%s%s %s",
              *path != '\0' ? "." : "", path, what);
    return FALSE;
}

// The members of a group and its type, or NULL for a comparison.
static const json_t *group_of(const json_t *json, NodeType *type) {
    for (int at = NODE_ALL; at <= NODE_NONE; at++) {
        const json_t *members = json_object_get(json, group_names[at]);
        *type = (NodeType)at;
        if (members != NULL && json_object_size(json) == 1)
            return members;
    }
    *type = NODE_COMPARISON;
    return NULL;
}

static char *path_of(const Reading *reading) {
    if (reading->depth == 0)
        return g_strdup("");
    const Level *level = &reading->levels[reading->depth - 1];
    const Node *group = &g_array_index(reading->conditions->nodes, Node, level->node);
    return g_strdup_printf("%s%s%s[%zu]", group->path, *group->path != '\0' ? "." : "",
                           group_names[group->type], level->next - 1);
}

static gboolean open_group(Reading *reading, const json_t *members, const char *path,
                           GError **error) {
    if (!json_is_array(members) || json_array_size(members) == 0)
        return refuse(error, path, "must be a list of conditions, not an empty one");
    if (reading->depth == CONDITIONS_DEPTH_MAX)
        return refuse(error, path, "is deeper than 4 groups");
    reading->levels[reading->depth++] =
        (Level){members, 0, (int)reading->conditions->nodes->len - 1};
    return TRUE;
}

static gboolean add_comparison(Reading *reading, const json_t *json, GError **error) {
    RuleConditions *conditions = reading->conditions;
    Node *node = &g_array_index(conditions->nodes, Node, conditions->nodes->len - 1);
    if (++conditions->leaves > CONDITIONS_LEAVES_MAX)
        return refuse(error, node->path, "is the 51st comparison: at most 50 are allowed");
    node->comparison = rule_comparison_decode(json, node->path, error);
    if (node->comparison == NULL)
        return FALSE;
    node->end = (int)conditions->nodes->len;
    conditions->needs |= FACT_BIT(rule_comparison_fact(node->comparison));
    return TRUE;
}

static gboolean add_node(Reading *reading, const json_t *json, GError **error) {
    Node node = {.path = path_of(reading)};
    const json_t *members = group_of(json, &node.type);
    g_array_append_val(reading->conditions->nodes, node);
    return members != NULL ? open_group(reading, members, node.path, error)
                           : add_comparison(reading, json, error);
}

// Goes on within the innermost group; FALSE when there is none left.
static const json_t *next_member(Reading *reading) {
    while (reading->depth > 0) {
        Level *level = &reading->levels[reading->depth - 1];
        if (level->next < json_array_size(level->members))
            return json_array_get(level->members, level->next++);
        GArray *nodes = reading->conditions->nodes;
        g_array_index(nodes, Node, level->node).end = (int)nodes->len;
        reading->depth--;
    }
    return NULL;
}

RuleConditions *rule_conditions_decode(const json_t *json, GError **error) {
    g_autoptr(RuleConditions) conditions = g_new0(RuleConditions, 1);
    conditions->nodes = g_array_new(FALSE, TRUE, sizeof(Node));
    g_array_set_clear_func(conditions->nodes, node_clear);
    Reading reading = {.conditions = conditions};
    if (json_is_object(json) && json_object_size(json) == 0)
        return g_steal_pointer(&conditions);
    for (; json != NULL; json = next_member(&reading))
        if (!add_node(&reading, json, error))
            return NULL;
    return g_steal_pointer(&conditions);
}

FactSet rule_conditions_needs(const RuleConditions *conditions) {
    return conditions->needs;
}

// A walk over the nodes: the groups that are open, and where it stands.
typedef struct {
    const GArray *nodes;
    int open[CONDITIONS_DEPTH_MAX];
    int depth;
    int at;
} Walk;

// Hands the result of a node to the groups around it, as far as that decides them. TRUE: all is
// decided.
static gboolean settle(Walk *walk, gboolean *result) {
    while (walk->depth > 0) {
        const Node *group = &g_array_index(walk->nodes, Node, walk->open[walk->depth - 1]);
        gboolean decides = group->type == NODE_ALL ? !*result : *result;
        if (!decides && walk->at < group->end)
            return FALSE;
        *result = (group->type == NODE_ANY) == decides;
        walk->at = group->end;
        walk->depth--;
    }
    return TRUE;
}

gboolean rule_conditions_hold(const RuleConditions *conditions, const RuleFacts *facts,
                              int *decided_by) {
    Walk walk = {.nodes = conditions->nodes};
    int unused;
    if (decided_by == NULL)
        decided_by = &unused;
    *decided_by = -1;
    while (walk.at < (int)conditions->nodes->len) {
        const Node *node = &g_array_index(conditions->nodes, Node, walk.at);
        if (node->type != NODE_COMPARISON) {
            walk.open[walk.depth++] = walk.at++;
            continue;
        }
        gboolean result = rule_comparison_holds(node->comparison, facts);
        *decided_by = walk.at++;
        if (settle(&walk, &result))
            return result;
    }
    return TRUE;
}

const char *rule_conditions_path(const RuleConditions *conditions, int place) {
    return g_array_index(conditions->nodes, Node, place).path;
}

json_t *rule_conditions_explain(const RuleConditions *conditions, const RuleFacts *facts,
                                int place) {
    const Node *node = &g_array_index(conditions->nodes, Node, place);
    return rule_comparison_explain(node->comparison, facts);
}
