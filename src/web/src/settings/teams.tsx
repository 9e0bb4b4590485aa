// Teams: their names, and whether their conversations are for members alone.
import type {JSX} from 'preact';
import type {Team} from '../api/types';
import {formatNumber, t} from '../i18n/text';
import {teams} from '../state/session';
import {CheckInput, TextInput} from '../ui/form';
import {Resource} from './resource';

export default function Teams(): JSX.Element {
    return (
        <Resource<Team, {name: string; private: boolean}>
            path="/api/v1/teams"
            title={t('settings.teams')}
            addText={t('teams.add')}
            columns={[
                {title: t('field.name'), cell: (team) => <bdi>{team.name}</bdi>},
                {title: t('teams.members'), cell: (team) => formatNumber(team.agents.length), isNumber: true},
                {title: t('teams.private'), cell: (team) => (team.private ? t('answer.yes') : t('answer.no'))},
            ]}
            empty={{name: '', private: false}}
            valuesOf={({name, private: isPrivate}) => ({name, private: isPrivate})}
            nameOf={({name}) => name}
            after={(rows) => {
                teams.value = new Map(rows.map((team) => [team.id, team]));
            }}
            inputs={(form) => (
                <>
                    <TextInput
                        label={t('field.name')}
                        required
                        value={form.values.name}
                        onChange={(name) => form.set('name', name)}
                    />
                    <CheckInput
                        label={t('teams.private')}
                        help={t('teams.private_help')}
                        value={form.values.private}
                        onChange={(value) => form.set('private', value)}
                    />
                </>
            )}
        />
    );
}
