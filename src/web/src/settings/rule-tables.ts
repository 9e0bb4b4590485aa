// What rules may ask and do (doc/openapi.yaml: RuleConditions, RuleWhen, Action): a row a condition, an operator, an
// action. The builder is made of these tables; what stands in none is kept as it is and shown by its name.
import type {Key} from '../i18n/text';

export interface Comparison {
    field: string;
    operator: string;
    value?: unknown;
    [member: string]: unknown;
}
export type GroupKind = 'all' | 'any' | 'none';
export type Group = {[kind in GroupKind]?: readonly Node[]};
export type Node = Comparison | Group;

export interface Action {
    action: string;
    [member: string]: unknown;
}

export interface Rule {
    id: string;
    name: string;
    is_active: boolean;
    when: {event?: string | readonly string[]; time?: string; minutes?: number};
    conditions: Group | Record<string, never>;
    actions: readonly Action[];
    stops: boolean;
    version: number;
}

export const groupKinds: readonly GroupKind[] = ['all', 'any', 'none'];
export const GROUPS_DEPTH_MAX = 4;

export const events = [
    'conversation_begun',
    'message_received',
    'reply_sent',
    'note_added',
    'status_changed',
    'assigned',
    'tagged',
    'priority_changed',
    'field_changed',
    'sla_warned',
    'sla_breached',
] as const;
export const times = ['waiting', 'unanswered', 'pending', 'snoozed', 'idle'] as const;

// How a value is asked for.
export type Input = 'text' | 'number' | 'flag' | 'status' | 'kind' | 'priority' | 'agent' | 'team' | 'channel';
type Type = 'word' | 'text' | 'id' | 'number' | 'flag' | 'set';

interface FactRow {
    field: string;
    title: Key;
    type: Type;
    input: Input;
}

export const facts: readonly FactRow[] = [
    {field: 'message.text', title: 'fact.message_text', type: 'text', input: 'text'},
    {field: 'message.subject', title: 'fact.message_subject', type: 'text', input: 'text'},
    {field: 'message.from', title: 'fact.message_from', type: 'text', input: 'text'},
    {field: 'message.is_automatic', title: 'fact.message_automatic', type: 'flag', input: 'flag'},
    {field: 'message.is_list', title: 'fact.message_list', type: 'flag', input: 'flag'},
    {field: 'message.has_attachment', title: 'fact.message_attachment', type: 'flag', input: 'flag'},
    {field: 'conversation.subject', title: 'fact.subject', type: 'text', input: 'text'},
    {field: 'conversation.status', title: 'fact.status', type: 'word', input: 'status'},
    {field: 'conversation.channel_id', title: 'fact.channel', type: 'id', input: 'channel'},
    {field: 'conversation.channel_kind', title: 'fact.channel_kind', type: 'word', input: 'kind'},
    {field: 'conversation.team_id', title: 'fact.team', type: 'id', input: 'team'},
    {field: 'conversation.assignee_id', title: 'fact.assignee', type: 'id', input: 'agent'},
    {field: 'conversation.priority', title: 'fact.priority', type: 'number', input: 'priority'},
    {field: 'conversation.tags', title: 'fact.tags', type: 'set', input: 'text'},
    {field: 'conversation.message_count', title: 'fact.message_count', type: 'number', input: 'number'},
    {field: 'conversation.language', title: 'fact.language', type: 'word', input: 'text'},
    {field: 'conversation.age_minutes', title: 'fact.age', type: 'number', input: 'number'},
    {field: 'conversation.idle_minutes', title: 'fact.idle', type: 'number', input: 'number'},
    {field: 'conversation.waiting_minutes', title: 'fact.waiting', type: 'number', input: 'number'},
    {field: 'customer.name', title: 'fact.customer_name', type: 'text', input: 'text'},
    {field: 'customer.address', title: 'fact.customer_address', type: 'text', input: 'text'},
    {field: 'customer.domain', title: 'fact.customer_domain', type: 'text', input: 'text'},
    {field: 'customer.company', title: 'fact.customer_company', type: 'text', input: 'text'},
    {field: 'business_hours.is_open', title: 'fact.open_hours', type: 'flag', input: 'flag'},
];

const all: readonly Type[] = ['word', 'text', 'id', 'number', 'flag', 'set'];
const operators = [
    {name: 'contains', types: ['text', 'set']},
    {name: 'is', types: all},
    {name: 'is_not', types: all},
    {name: 'contains_word', types: ['text']},
    {name: 'starts_with', types: ['text', 'set']},
    {name: 'ends_with', types: ['text', 'set']},
    {name: 'greater', types: ['number']},
    {name: 'less', types: ['number']},
    {name: 'exists', types: all},
] as const satisfies readonly {name: string; types: readonly Type[]}[];

export type OperatorName = (typeof operators)[number]['name'];

export const operatorsOf = (type: Type): OperatorName[] =>
    operators.filter(({types}) => (types as readonly Type[]).includes(type)).map(({name}) => name);

interface ActionRow {
    action: string;
    title: Key;
    member: string | null; // what it needs; null: nothing
    input: Input | 'lines';
    first: unknown;
}

export const actionRows: readonly ActionRow[] = [
    {action: 'add_tag', title: 'act.add_tag', member: 'tag', input: 'text', first: ''},
    {action: 'remove_tag', title: 'act.remove_tag', member: 'tag', input: 'text', first: ''},
    {action: 'assign_team', title: 'act.assign_team', member: 'team_id', input: 'team', first: ''},
    {action: 'assign_agent', title: 'act.assign_agent', member: 'agent_id', input: 'agent', first: ''},
    {action: 'unassign', title: 'act.unassign', member: null, input: 'text', first: null},
    {action: 'set_priority', title: 'act.set_priority', member: 'priority', input: 'priority', first: 1},
    {action: 'set_status', title: 'act.set_status', member: 'status', input: 'status', first: 'resolved'},
    {action: 'snooze', title: 'act.snooze', member: 'for_minutes', input: 'number', first: 60},
    {action: 'reply', title: 'act.reply', member: 'text', input: 'lines', first: ''},
    {action: 'note', title: 'act.note', member: 'text', input: 'lines', first: ''},
    {action: 'notify_agent', title: 'act.notify_agent', member: 'agent_id', input: 'agent', first: ''},
    {action: 'no_reply_needed', title: 'act.no_reply_needed', member: null, input: 'text', first: null},
];

// The row of an action that the builder can show whole.
export function rowOf(action: Action): ActionRow | undefined {
    const row = actionRows.find((one) => one.action === action.action);
    const members = Object.keys(action).filter((name) => name !== 'action');
    const fits = row?.member ? members.length === 1 && members[0] === row.member : members.length === 0;
    return fits ? row : undefined;
}

export const kindOf = (node: Node): GroupKind | undefined => groupKinds.find((kind) => kind in node);
