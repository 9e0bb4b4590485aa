// Every screen and how to come to it: for axe and for the pictures. A new screen is a row here.
const at = (name, path, ready) => ({
    name,
    show: async (page) => {
        await page.goto(path);
        await page.locator(ready).first().waitFor();
    },
});

// A dialog that a button opens.
const dialogOf = (name, path, button) => ({
    name,
    show: async (page) => {
        await page.goto(path);
        await page.getByRole('button', {name: button}).first().click();
        await page.locator('dialog[open] form').waitFor();
    },
});

export const screens = [
    at('inbox', '/app/inbox', '.row'),
    {
        name: 'conversation',
        show: async (page) => {
            await page.goto('/app/inbox/all');
            await page.locator('.row').first().click();
            await page.locator('.message').first().waitFor();
        },
    },
    {
        name: 'palette',
        show: async (page) => {
            await page.goto('/app/inbox');
            await page.locator('.row').first().waitFor();
            await page.keyboard.press('Control+k');
            await page.locator('dialog[open]').waitFor();
        },
    },
    {
        name: 'help',
        show: async (page) => {
            await page.goto('/app/inbox');
            await page.locator('.row').first().waitFor();
            await page.keyboard.press('?');
            await page.locator('dialog[open]').waitFor();
        },
    },
    {
        name: 'bulk',
        show: async (page) => {
            await page.goto('/app/inbox');
            await page.locator('.row').first().waitFor();
            await page.locator('.row').first().click({modifiers: ['Control']}); // picks, and opens nothing
            await page.locator('.bulk-bar').waitFor();
        },
    },
    {
        name: 'snooze',
        show: async (page) => {
            await page.goto('/app/inbox');
            await page.locator('.row').first().waitFor();
            await page.keyboard.press('j');
            await page.keyboard.press('h');
            await page.locator('dialog[open] [role=option]').first().waitFor();
        },
    },
    at('settings-me', '/app/settings/me', '.settings .form'),
    at('settings-agents', '/app/settings/agents', '.settings tbody tr'),
    dialogOf('settings-agent-new', '/app/settings/agents', 'Invite somebody'),
    dialogOf('settings-availability', '/app/settings/agents', 'Availability'),
    at('settings-roles', '/app/settings/roles', '.settings tbody tr'),
    dialogOf('settings-role-new', '/app/settings/roles', 'Add a role'),
    at('settings-rules', '/app/settings/rules', '.settings table'),
    dialogOf('settings-rule-new', '/app/settings/rules', 'Add a rule'),
    at('settings-macros', '/app/settings/macros', '.settings table'),
    dialogOf('settings-macro-new', '/app/settings/macros', 'Add a macro'),
    at('settings-fields', '/app/settings/fields', '.settings table'),
    dialogOf('settings-field-new', '/app/settings/fields', 'Add a field'),
    at('settings-tags', '/app/settings/tags', '.settings table'),
    dialogOf('settings-tag-new', '/app/settings/tags', 'Add a tag'),
    at('settings-teams', '/app/settings/teams', '.settings table'),
    at('settings-audit', '/app/settings/audit', '.settings table'),
    at('settings-intake', '/app/settings/intake', '.settings table'),
    at('settings-system-mail', '/app/settings/system-mail', '.settings .form'),
    at('settings-channels', '/app/settings/channels', '.settings table'),
    {
        name: 'settings-channel-new',
        show: async (page) => {
            await page.goto('/app/settings/channels');
            await page.getByRole('button', {name: /^Add: Email/}).click();
            await page.locator('dialog[open] form').waitFor();
        },
    },
    {
        name: 'settings-channel',
        show: async (page) => {
            await page.goto('/app/settings/channels');
            await page.locator('.settings table a').first().click();
            await page.locator('.channel > form ~ form .check').first().waitFor();
        },
    },
    at('forgot-password', '/app/forgot-password', '.sign-in h1'),
    at('reset-password', '/app/reset-password#x', '.sign-in input'),
    at('accept-invitation', '/app/accept-invitation#x', '.sign-in input'),
    at('setup', '/app/setup', '.sign-in .form'),
    at('settings-security', '/app/settings/security', '.settings td'),
    dialogOf('second-factor', '/app/settings/security', 'Add an authenticator app'),
    at('settings-keys', '/app/settings/keys', '.settings td'),
    at('settings-my-tokens', '/app/settings/my-tokens', '.settings table'),
    dialogOf('new-token', '/app/settings/my-tokens', 'Make a token'),
    at('reports', '/app/reports/response-times?range=365d', '[data-cut=channel]'),
    {
        name: 'reports-tables',
        show: async (page) => {
            await page.goto('/app/reports/response-times?range=365d');
            await page.locator('[data-cut=channel]').waitFor();
            const buttons = page.locator('.chart button[aria-pressed=false]');
            while ((await buttons.count()) > 0) await buttons.first().click();
        },
    },
    at('waits', '/app/waits', '.waits table'),
    {
        name: 'wait',
        show: async (page) => {
            await page.goto('/app/waits');
            await page.locator('.waits tbody a').first().click();
            await page.locator('.facts').waitFor();
        },
    },
    at('wall', '/app/wall', '.wall-tile'),
    at('customers', '/app/customers', '.sheet td'),
    {
        name: 'customer',
        show: async (page) => {
            await page.goto('/app/customers');
            await page.locator('.sheet td a').first().click();
            await page.locator('.sheet-list .said').first().waitFor();
        },
    },
    at('search', '/app/search?q=is:open', '.sheet-list li'),
];
