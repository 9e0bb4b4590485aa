// Names of roles for people: the built-in ones in the reader's language, others as they were named.
import {textOf} from '../i18n/text';

export interface Role {
    id: string | null; // null: built in
    name: string;
    permissions: string[];
    built_in: boolean;
    version: number;
}

export const roleText = (name: string): string => textOf(`role.${name}`) ?? name;
