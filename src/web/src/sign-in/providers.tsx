// Buttons of the OpenID Connect providers; the browser goes there and comes back to where one wanted to be.
import type {JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {get, Problem, post} from '../api/http';
import {t} from '../i18n/text';
import {problemText} from '../state/problems';
import {Button} from '../ui/parts';
import {returnPath} from './return';

interface Provider {
    id: string;
    name: string;
}

export function Providers({invitation}: {invitation?: string}): JSX.Element | null {
    const [providers, setProviders] = useState<readonly Provider[]>([]);
    const [problem, setProblem] = useState<Problem | null>(null);
    useEffect(() => {
        get<{items: Provider[]}>('/api/v1/session/providers').then(
            ({items}) => setProviders(items),
            () => {}, // the password is still a way in
        );
    }, []);
    const leave = async ({id}: Provider) => {
        setProblem(null);
        try {
            const body = {return_to: returnPath(), ...(invitation ? {invitation} : {})};
            const {location: there} = await post<{location: string}>(`/api/v1/session/providers/${id}`, body);
            window.location.assign(there);
        } catch (refused) {
            if (!(refused instanceof Problem)) throw refused;
            setProblem(refused);
        }
    };
    if (providers.length === 0) return null;
    return (
        <div class="providers">
            <p class="or">{t('sign_in.or')}</p>
            {problem && (
                <p class="remark bad" role="alert">
                    {problemText(problem)}
                </p>
            )}
            {providers.map((provider) => (
                <Button key={provider.id} onClick={() => void leave(provider)}>
                    <span>
                        {t('sign_in.provider')} <bdi>{provider.name}</bdi>
                    </span>
                </Button>
            ))}
        </div>
    );
}
