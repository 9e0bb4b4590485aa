// How one signs in: password, second factor, sessions, linked accounts.
import type {JSX} from 'preact';
import {Links} from '../account/links';
import {PasswordChange} from '../account/password';
import {SecondFactor} from '../account/second-factor';
import {Sessions} from '../account/sessions';

export default function Security(): JSX.Element {
    return (
        <>
            <PasswordChange />
            <SecondFactor />
            <Sessions />
            <Links />
        </>
    );
}
