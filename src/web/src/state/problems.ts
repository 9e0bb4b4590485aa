// Problems of the API as sentences for people: by code, else what the server said.
import type {Problem} from '../api/http';
import {t, textOf} from '../i18n/text';

export function problemText(problem: Problem): string {
    return textOf(`problem.${problem.code}`) ?? problem.body.detail ?? t('problem.unknown', {code: problem.code});
}
