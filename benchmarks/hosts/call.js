'use strict';

// What one question costs from Node, in microseconds of processor time; the
// addon is built as examples/node/guiche_node.c says:
//   GUICHE_ADDON=guiche.node node benchmarks/hosts/call.js

const { Guiche } = require('../../examples/node/guiche');

const CALLS = 3000;
const guiche = new Guiche();
const text = 'bom dia meu ex nao paga a pensao do meu filho ja tem 3 meses';
const at = '2026-01-07T12:00:00-04:00';
const requests = { open: { at }, route: { text }, decide: { text, at } };

function microseconds() {
  const used = process.cpuUsage();
  return used.user + used.system;
}

for (const [method, request] of Object.entries(requests)) {
  const json = Buffer.from(JSON.stringify({ ...request, place: 'Sinop' }));
  let best = Infinity;
  for (let round = 0; round < 12; ++round) {
    const begin = microseconds();
    for (let i = 0; i < CALLS; ++i) guiche.call(method, json);
    best = Math.min(best, (microseconds() - begin) / CALLS);
  }
  console.log(`node ${method.padEnd(6)} ${best.toFixed(2).padStart(6)} us`);
}
