// What a role may do, in groups as people think of it. A permission of the server that stands in no group is shown last.
import type {Key} from '../i18n/text';

export interface PermissionGroup {
    title: Key;
    names: readonly PermissionName[];
}

const groups = [
    {
        title: 'roles.group_conversations',
        names: ['conversation_read', 'conversation_change', 'conversation_bulk', 'message_send', 'note_write'],
    },
    {title: 'roles.group_customers', names: ['customer_read', 'customer_change', 'customer_erase', 'data_export']},
    {
        title: 'roles.group_work',
        names: ['report_read', 'workspace_share', 'rule_manage', 'team_manage', 'see_everything'],
    },
    {title: 'roles.group_system', names: ['agent_manage', 'channel_manage', 'system_manage', 'audit_read']},
] as const satisfies readonly {title: Key; names: readonly string[]}[];

export type PermissionName = (typeof groups)[number]['names'][number];
export const permissionGroups: readonly PermissionGroup[] = groups;
