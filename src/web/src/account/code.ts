// What somebody types as the second proof: six digits of an app, else a recovery code.

export function codeBody(typed: string): {code: string} | {recovery_code: string} {
    const digits = typed.replace(/\s/g, '');
    return /^\d{6}$/.test(digits) ? {code: digits} : {recovery_code: typed.trim()};
}
