// /contacts/{id}, as older links call a customer.
import type {JSX} from 'preact';
import {useEffect} from 'preact/hooks';
import {go, place} from '../router';

export default function Redirect(): JSX.Element {
    const {path} = place.value;
    useEffect(() => go(path.replace('/contacts', '/customers'), {replace: true}), [path]);
    return <div aria-busy="true" />;
}
