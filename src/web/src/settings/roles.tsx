// Roles: the built-in ones as they are, and those made here with what they may do. Nobody grants more than they have.
import type {JSX} from 'preact';
import {formatNumber, t} from '../i18n/text';
import {may} from '../state/session';
import {ChecksInput, type FormState, TextInput} from '../ui/form';
import {type PermissionGroup, permissionGroups} from './permissions';
import {Resource} from './resource';
import {type Role, roleText} from './role-text';

type RoleValues = {name: string; permissions: readonly string[]};

function PermissionChecks({form, group}: {form: FormState<RoleValues>; group: PermissionGroup}): JSX.Element {
    const {permissions} = form.values;
    const names = group.names.filter((name) => may(name) || permissions.includes(name));
    return (
        <ChecksInput
            label={t(group.title)}
            choices={names.map((name) => ({value: name, text: t(`permission.${name}`)}))}
            value={permissions}
            onChange={(value) => form.set('permissions', value)}
        />
    );
}

export default function Roles(): JSX.Element {
    return (
        <Resource<Role, RoleValues>
            path="/api/v1/roles"
            title={t('settings.roles')}
            addText={t('roles.add')}
            method="PUT"
            removes
            columns={[
                {title: t('field.name'), cell: (role) => <bdi>{roleText(role.name)}</bdi>},
                {title: t('roles.permissions'), cell: (role) => formatNumber(role.permissions.length), isNumber: true},
                {
                    title: t('roles.kind'),
                    cell: (role) => (role.built_in ? t('roles.built_in') : t('roles.made_here')),
                },
            ]}
            empty={{name: '', permissions: ['conversation_read', 'customer_read']}}
            valuesOf={({name, permissions}) => ({name, permissions})}
            isFixed={(role) => role.built_in}
            nameOf={(role) => roleText(role.name)}
            inputs={(form) => (
                <>
                    <TextInput
                        label={t('field.name')}
                        required
                        value={form.values.name}
                        onChange={(name) => form.set('name', name)}
                    />
                    <p class="remark">{t('roles.only_yours')}</p>
                    {permissionGroups.map((group) => (
                        <PermissionChecks key={group.title} form={form} group={group} />
                    ))}
                </>
            )}
        />
    );
}
