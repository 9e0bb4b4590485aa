// Who is named in a note: "@Anna Berg" by the names of agents and teams, the longest first.
export interface Named {
    id: string;
    name: string;
}

export type Mention = {agent_id: string} | {team_id: string};

export function mentionsIn(text: string, agents: Iterable<Named>, teams: Iterable<Named>): Mention[] {
    const known = [
        ...[...agents].map(({id, name}) => ({name, mention: {agent_id: id} as Mention})),
        ...[...teams].map(({id, name}) => ({name, mention: {team_id: id} as Mention})),
    ].sort((one, other) => other.name.length - one.name.length);
    const found: Mention[] = [];
    let rest = text;
    for (const {name, mention} of known) {
        if (!name || !rest.includes(`@${name}`)) continue;
        found.push(mention);
        rest = rest.replaceAll(`@${name}`, ' ');
    }
    return found;
}
