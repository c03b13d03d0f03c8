'use strict';

// Reads questions, a line each, and writes their answers: node answers.js < questions

const fs = require('fs');
const { Guiche } = require('./guiche');

const engines = new Map();
const answers = [];
// Latin-1 keeps the bytes as they are.
for (const line of fs.readFileSync(0, 'latin1').split('\n').slice(0, -1)) {
  const [knownAt, method, ...request] = line.split('\t');
  if (!engines.has(knownAt)) engines.set(knownAt, new Guiche({ knownAt }));
  try {
    answers.push(engines.get(knownAt).call(method, Buffer.from(request.join('\t'), 'latin1')));
  } catch (error) {
    answers.push(Buffer.from(error.message));
  }
  answers.push(Buffer.from('\n'));
}
fs.writeFileSync(1, Buffer.concat(answers));
