// Rules through the whole program: a mail outside hours is answered once by a canned reply through
// the outbox, tagged and given to a team; two inboxes that answer by rule do not answer each other.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {after, before, test} from 'node:test';
import {program, startDialogd} from './dialogd.mjs';
import {eventually} from './fake-bot-api.mjs';
import {startSmtpSink} from './smtp-sink.mjs';

let server, sink, channel, team, canned, rule;
before(async () => {
    server = await startDialogd();
    sink = await startSmtpSink();
    channel = await mailChannel('help');
    team = await server.control('team', 'add', 'Night');
    const calendar = await server.call('POST', '/api/v1/calendars',
        {name: 'Never', zone: 'Europe/Helsinki', hours: {week: {}}, valid_from: '2020-01-01T00:00:00.000Z'});
    canned = await server.control('canned', 'add', 'Away', 'Hello {{customer.name|there}}, we are away until morning.');
    rule = {
        name: 'Away at night', when: {event: 'message_received'},
        conditions: {all: [{field: 'business_hours.is_open', operator: 'is', value: false, calendar_id: calendar.json.id}]},
        actions: [{action: 'reply', canned_id: canned.id}, {action: 'add_tag', tag: 'night'},
            {action: 'assign_team', team_id: team.id}],
    };
});
after(async () => {
    await server.remove();
    await sink.stop();
});

const mailChannel = (name) => server.control('channel', 'add', 'email', name, '--set', `address=${name}@example.org`,
    '--set', 'incoming=none', '--set', 'smtp_host=localhost', '--set', `smtp_port=${sink.port}`,
    '--set', 'smtp_security=plain', '--no-check');

let mails = 0;
function deliver(from, extra = '') {
    const text = `From: ${from}\nTo: help@example.org\nSubject: Cheap watches ${++mails}\n` +
        `Message-ID: <m${mails}@example.net>\n${extra}\nBuy at http://spam.example\n`;
    return new Promise((resolve) => {
        const child = spawn(program('dialogctl'), ['-c', server.config, 'deliver', '--recipient', 'help@example.org', '--sender', 'x@example.com'],
            {stdio: ['pipe', 'ignore', 'inherit']});
        child.once('exit', resolve);
        child.stdin.end(text);
    });
}
const runs = async (id) => (await server.call('GET', `/api/v1/rules/${id}/runs`)).json.items;

test('what it would do shows beforehand, and nothing is written', async () => {
    const {status, json} = await server.call('POST', '/api/v1/rules/dry-run', {rule});
    assert.equal(status, 200, JSON.stringify(json));
    assert.equal(json.looked_at, 0);
});

test('a mail outside hours is answered once by template, tagged and given to the team', async () => {
    const made = await server.control('rule', 'add', JSON.stringify(rule));
    rule.id = made.id;
    assert.equal(await deliver('Anna <anna@example.com>'), 0);
    assert.equal(await deliver('Anna <anna@example.com>'), 0);
    await eventually('both mails were looked at', async () => (await runs(made.id)).length === 2);
    await eventually('the answer is sent', async () => (await sink.accepted()).length === 1);
    const mail = await sink.lastMail();
    assert.match(mail, /Hello there, we are away until morning\./);
    assert.match(mail, /Auto-Submitted: auto-/);
    assert.doesNotMatch(mail, /spam\.example|watches/i); // E12: no stranger's words
    assert.deepEqual((await runs(made.id)).map(({outcome}) => outcome), ['fired', 'fired']);
    assert.equal((await runs(made.id))[0].detail.reply_withheld, 'customer_written_today');
    const {json} = await server.call('GET', '/api/v1/conversations?view=all');
    for (const conversation of json.items) {
        assert.ok(conversation.tags.includes('night'));
        assert.equal(conversation.team_id, team.id);
        assert.ok(conversation.waiting_since, 'a rule ends no wait');
    }
});

test('E10: machines and our own inboxes are not answered', async () => {
    await mailChannel('sales');
    await deliver('Robot <robot@example.com>', 'Auto-Submitted: auto-replied\n');
    await deliver('Sales <sales@example.org>');
    await eventually('both were looked at', async () => (await runs(rule.id)).length === 4);
    assert.equal((await sink.accepted()).length, 1);
});

test('after a restart nothing is done twice', async () => {
    await server.restart();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal((await runs(rule.id)).length, 4);
    assert.equal((await sink.accepted()).length, 1);
    const {json} = await server.call('POST', '/api/v1/rules/dry-run', {rule: {...rule, id: undefined}});
    assert.equal(json.matched, json.looked_at);
    assert.ok(json.items.every(({actions}) => !actions.includes('add_tag')));
});
