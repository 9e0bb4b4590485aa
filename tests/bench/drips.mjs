// 10,000 connections that drip a byte now and then (reliability.md P10, W14): how long honest
// requests take meanwhile, and when the drips are cut. Run by hand: node tests/bench/drips.mjs
import net from 'node:net';
import {startDialogd} from '../system/dialogd.mjs';

const COUNT = Number(process.env.COUNT ?? 10000);
const server = await startDialogd({http: {connections: 20000, connections_per_address: 20000}});
const lives = [];
let open = 0;
for (let at = 0; at < COUNT; at++) {
    const begun = performance.now();
    const socket = net.connect({port: server.port, host: '127.0.0.1', localAddress: `127.0.0.${2 + at % 200}`});
    socket.on('error', () => {});
    socket.on('connect', () => { open++; });
    socket.on('close', () => { open--; lives.push(performance.now() - begun); clearInterval(timer); });
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Drip: ');
    const timer = setInterval(() => socket.write('x'), 4000);
    if (at % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 2));
}
const took = [];
let most = 0;
for (const begun = performance.now(); performance.now() - begun < 13000;) {
    const at = performance.now();
    await server.call('GET', '/api/v1/me');
    took.push(performance.now() - at);
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 10));
}
took.sort((a, b) => a - b);
lives.sort((a, b) => a - b);
console.log(`figure drips_open ${most} connections`);
console.log(`figure drips_left ${open} connections`);
console.log(`figure drips_cut_last ${(lives.at(-1) / 1000).toFixed(1)} s`);
console.log(`figure drips_honest_p99 ${took[Math.floor(took.length * 0.99)].toFixed(1)} ms`);
console.log(`figure drips_rss ${(await server.residentMiB()).toFixed(0)} MiB`);
await server.remove();
process.exit(0);
