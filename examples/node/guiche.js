'use strict';

// guiche in Node, by the addon that guiche_node.c becomes. Copy both.
//
//   const { Guiche } = require('./guiche');
//   const guiche = new Guiche();
//   const answer = guiche.ask('open', { place: 'Sinop', at: new Date().toISOString() });
//   console.log(answer.state);

const addon = require(process.env.GUICHE_ADDON || './guiche.node');

// A compiled policy. Its methods throw an Error whose message is the error as
// JSON, with field, value and remedy, and whose code is gRPC's.
class Guiche {
  #handle;

  // policy: as textproto; empty: that of DPE/MT. digest: what it must have; empty:
  // any. knownAt: RFC 3339, only acts published by then count; empty: all.
  constructor({ policy = '', digest = '', knownAt = '' } = {}) {
    this.#handle = addon.create(Buffer.from(policy), Buffer.from(digest), Buffer.from(knownAt));
  }

  // The answer to a request, both JSON in a Buffer.
  call(method, request) {
    return addon.call(this.#handle, Buffer.from(method), request);
  }

  // As call(), with objects.
  ask(method, request = {}) {
    return JSON.parse(this.call(method, Buffer.from(JSON.stringify(request))));
  }
}

module.exports = { Guiche };
