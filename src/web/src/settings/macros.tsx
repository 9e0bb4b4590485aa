// Macros: actions that an agent does at once, for oneself or for everybody.
import type {JSX} from 'preact';
import {formatNumber, t} from '../i18n/text';
import {may} from '../state/session';
import {SelectInput, TextInput} from '../ui/form';
import {ActionList} from './action-list';
import {Resource} from './resource';
import type {Action} from './rule-tables';

interface Macro {
    id: string;
    name: string;
    owner: 'agent' | 'team' | 'all';
    team_id: string | null;
    position: number;
    actions: readonly Action[];
    use_count: number;
    version: number;
}

type MacroValues = {name: string; owner: Macro['owner']; actions: readonly Action[]};

// A team's macro stays the team's; others are one's own or everybody's.
const ownersOf = (macro: Macro | null): Macro['owner'][] =>
    macro?.owner === 'team' ? ['team'] : may('workspace_share') ? ['agent', 'all'] : ['agent'];

export default function Macros(): JSX.Element {
    return (
        <Resource<Macro, MacroValues>
            path="/api/v1/macros"
            title={t('settings.macros')}
            addText={t('macros.add')}
            method="PUT"
            removes
            isWide
            columns={[
                {title: t('field.name'), cell: (macro) => <bdi>{macro.name}</bdi>},
                {title: t('macros.owner'), cell: (macro) => t(`owner.${macro.owner}`)},
                {title: t('macros.uses'), cell: (macro) => formatNumber(macro.use_count), isNumber: true},
            ]}
            empty={{name: '', owner: 'agent', actions: [{action: 'add_tag', tag: ''}]}}
            valuesOf={({name, owner, actions}) => ({name, owner, actions})}
            bodyOf={(values, row) => (row ? {...values, team_id: row.team_id, position: row.position} : values)}
            isFixed={({owner}) => owner !== 'agent' && !may('workspace_share')}
            nameOf={({name}) => name}
            inputs={(form, row) => (
                <>
                    <TextInput
                        label={t('field.name')}
                        required
                        value={form.values.name}
                        onChange={(name) => form.set('name', name)}
                    />
                    <SelectInput
                        label={t('macros.owner')}
                        value={form.values.owner}
                        choices={ownersOf(row).map((owner) => ({value: owner, text: t(`owner.${owner}`)}))}
                        onChange={(owner) => form.set('owner', owner as Macro['owner'])}
                    />
                    <ActionList actions={form.values.actions} onChange={(actions) => form.set('actions', actions)} />
                </>
            )}
        />
    );
}
