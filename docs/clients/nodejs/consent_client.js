#!/usr/bin/env node
// A client of the consent registry in Node.js, from docs/protocol.md and proto/ alone: read it, and write yours.
//
//   npm install
//   node consent_client.js identify KEYFILE agb|gemeentecode|oin VALUE
//   node consent_client.js check KEYFILE PROVIDER RECIPIENT PURPOSE CATEGORY[:ORIGIN]... <BSN
//   node consent_client.js done KEYFILE DECISION OBLIGATION
//   node consent_client.js listen KEYFILE POSITION
//
// CONSENT_PROTO names the directory of proto/*.proto, if that is not ../../../proto. Sections are those of docs/protocol.md.
'use strict'

const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const protobuf = require('protobufjs')
const zmq = require('zeromq')

const seconds = (name, otherwise) => Number(process.env[name] || otherwise)
const ATTEMPT_MS = 1000 * seconds('CONSENT_ATTEMPT_SECONDS', 2) // how long one attempt may take
const ATTEMPTS = seconds('CONSENT_ATTEMPTS', 5)
const PATIENCE_MS = 60_000 // that the registry may put us off in all (L3)
const SILENCE_MS = 15_000 // without a push the subscription is gone (6.1)
const SLICE_MS = 100 // after which a refusal is noticed
const CREDIT = 64 // events that may be pushed before they are acknowledged

const proto = process.env.CONSENT_PROTO || path.join(__dirname, '..', '..', '..', 'proto')
const root = new protobuf.Root()
root.resolvePath = (_, file) => path.join(proto, path.basename(file))
root.loadSync('envelope.proto', { keepCase: true })
const Request = root.lookupType('consentd.Request')
const Reply = root.lookupType('consentd.Reply')
const { values: Status, valuesById: StatusNames } = root.lookupEnum('consentd.Status')
const Verdict = root.lookupEnum('consentd.Verdict').values
const Kind = root.lookupEnum('consentd.EventKind')
const Obligation = root.lookupEnum('consentd.Obligation')

const pause = ms => new Promise(done => setTimeout(done, ms))
const hex = bytes => Buffer.from(bytes || []).toString('hex')

/** The registry answered, and not with OK; or no attempt brought an answer. Nothing is permitted by it. */
class NotPermitted extends Error {}
/** The registry lets our key in no more (2.1, 4.3): nothing is permitted, and people must know. */
class KeyRefused extends Error {}
/** Events may have been missed: nothing that is held on the ground of a consent counts until it was asked again. */
class Doubt extends Error {}

// ----------------------------------------------------------------------------------------------- the key file (2.5)

const Z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

function z85 (text) {
  const bytes = Buffer.alloc(32)
  for (let i = 0; i < 8; i++) {
    const digits = [...text.slice(5 * i, 5 * i + 5)].map(one => Z85.indexOf(one))
    if (digits.length < 5 || digits.includes(-1)) throw new Error('a key is not 40 characters of Z85')
    bytes.writeUInt32BE(digits.reduce((sum, one) => sum * 85 + one, 0), 4 * i)
  }
  return bytes
}

/** The public key of a secret one: both are of Curve25519. */
function publicOf (secret) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), secret])
  const key = crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return crypto.createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
}

/** {metadata: {party, ...}, curve: {...}}. What a line of it is, no error repeats. */
function readKeyFile (file) {
  if (fs.statSync(file).mode & 0o077) throw new Error(`${file}: others can read this secret key`)
  const sections = {}
  let section = {}
  fs.readFileSync(file, 'utf8').split(/\r?\n/).forEach((line, index) => {
    const found = /^( *)([\w./$@-]+) *(?:= *(?:"([^"]*)"|'([^']*)'|([^#"']*?)))? *(?:#.*)?$/.exec(line)
    if (!found) {
      if (!/^ *(#.*)?$/.test(line)) throw new Error(`${file}:${index + 1}: not a line of a key file`)
    } else if (found[1]) {
      section[found[2]] ??= found[3] ?? found[4] ?? found[5] ?? ''
    } else {
      section = sections[found[2]] ??= {}
    }
  })
  if (!publicOf(z85(sections.curve['secret-key'])).equals(z85(sections.curve['public-key']))) {
    throw new Error(`${file}: the public key is not that of the secret key`)
  }
  return sections
}

/** A DEALER of its own (2.2): no routing id, nothing lingers, and only this registry can be at the other end. */
class Connection {
  constructor (key, endpoint) {
    this.isLost = this.isRefused = false
    this.socket = new zmq.Dealer({
      linger: 0,
      ipv6: true,
      sendTimeout: 0, // a socket of which the key was refused has no queue any more, and would wait for ever
      curveServerKey: key.metadata['server-key'],
      curvePublicKey: key.curve['public-key'],
      curveSecretKey: key.curve['secret-key']
    })
    // Without these a refused key would only be silence (2.1), and who is connected again is no subscriber (6.1).
    this.socket.events.on('handshake:error:auth', ({ error }) => { this.isRefused ||= error.status === 400 })
    this.socket.events.on('disconnect', () => { this.isLost = true })
    this.socket.connect(key.metadata[endpoint])
  }

  async send (message) {
    try {
      await this.socket.send(message)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error // receive says why
    }
  }

  /** The next message that can be read, or null when the time is over. What cannot be read is no answer. */
  async receive (ms) {
    for (const end = Date.now() + ms; ;) {
      this.socket.receiveTimeout = Math.min(SLICE_MS, Math.max(0, end - Date.now()))
      let frames
      try {
        frames = await this.socket.receive()
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error
      }
      try {
        if (frames) return Reply.decode(frames[frames.length - 1])
      } catch {}
      if (this.isRefused) throw new KeyRefused('this key is not, or no longer, that of a party')
      if (Date.now() >= end) return null
    }
  }

  close () {
    this.socket.close()
  }
}

/** The registry may have the other of its two keys by now (2.5): the next connection is made with that. */
function turnServerKey (key) {
  const names = key.metadata
  if (!names['server-key-next']) return
  [names['server-key'], names['server-key-next']] = [names['server-key-next'], names['server-key']]
}

/** That was said on a connection of which the key was removed meanwhile (3.3). */
const refusesKey = reply => reply.status === Status.FORBIDDEN && !/[^0]/.test(hex(reply.epoch))

// ----------------------------------------------------------------------------------------------------- asking (3, 4)

/** One connection for requests, kept open (2.2). */
class Registry {
  constructor (key) {
    this.key = key
    this.connection = new Connection(key, 'requests')
  }

  /** The reply, with status OK, to this request. It is sent again, byte for byte the same, until there is one. */
  async call (body) {
    const key = crypto.randomBytes(16)
    // Once: another run may write other bytes, and that is CONFLICT (4.1).
    const message = Request.encode({ version: 1, idempotency_key: key, ...body }).finish()
    let putOff = 0
    for (let failed = 0; ;) {
      const reply = await this.attempt(message, key)
      if (reply?.status === Status.OK) return reply
      if (reply && refusesKey(reply)) throw new KeyRefused('this key was removed')
      if (reply && reply.status !== Status.UNAVAILABLE && reply.status !== Status.RETRY) {
        const status = StatusNames[reply.status] ?? reply.status
        throw new NotPermitted(`${status} ${reply.field} ${reply.message}`)
      }
      const after = reply?.retry_after_ms ?? 0
      if (after > 0 && putOff + after <= PATIENCE_MS) {
        putOff += after // this party asks more than it may: come back then, not earlier
        await pause(after)
      } else if (++failed === ATTEMPTS) {
        throw new NotPermitted('no answer')
      } else {
        await pause(100 * 2 ** failed * (0.5 + Math.random())) // grows, with some chance in it
      }
    }
  }

  /** The reply to this key, or null. */
  async attempt (message, key) {
    await this.connection.send(message)
    const end = Date.now() + ATTEMPT_MS
    for (let reply; (reply = await this.connection.receive(end - Date.now())) !== null;) {
      if (key.equals(reply.idempotency_key)) return reply // others are late, or nobody's
    }
    this.connection.close()
    turnServerKey(this.key)
    this.connection = new Connection(this.key, 'requests') // the old one gave no answer (4.1)
    return null
  }

  /** Ids of the parties that have this identifier: agb, gemeentecode or oin (5). */
  async identify (identifier, value) {
    const reply = await this.call({ party_identify: { identifier, value } })
    return reply.party_identify.parties.map(party => party.id)
  }

  /** Says that these items are about to be disclosed. Gives those that may be, the names of the obligations, and those of
      them that are to be reported done. Whatever goes wrong is an exception, and then nothing may be. */
  async disclose (check) {
    const nothing = { permitted: [], obligations: [], duties: [] }
    const reply = await this.call({ check: { ...check, mode: 2 /* DISCLOSE */ } })
    const answered = reply.check?.items ?? []
    const isAnswer = answered.length === check.items.length &&
      answered.every((item, i) => item.category === check.items[i].category && item.origin === check.items[i].origin)
    if (!isAnswer || reply.revoked_since) return nothing // what an old answer rested on was withdrawn (4.2)
    const permitted = answered.filter(item => item.verdict === Verdict.PERMIT).map(item => item.category)
    const obligations = reply.check.obligations.map(one => Obligation.valuesById[one]).filter(Boolean)
    const own = this.key.metadata.party
    const duties = reply.check.duties.filter(duty => duty.holder === own && !Number(duty.done_at))
    return permitted.length ? { permitted, obligations, duties } : nothing
  }

  /** What a permit obliges to was done (5.8): before the `due` of its duty. */
  async reportDone (decision, obligation, user) {
    const reply = await this.call({ obligation_done: { decision, kind: Obligation.values[obligation], user } })
    return reply.obligation.duty
  }
}

// --------------------------------------------------------------------------------------------------------- events (6)

/** What was stored of the stream: the number of the last event, and the epoch. On the disk before it is acknowledged. */
class Position {
  constructor (file) {
    this.file = file
    Object.assign(this, { number: 0, epoch: '' }, fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {})
  }

  store (number, epoch) {
    Object.assign(this, { number, epoch })
    const file = fs.openSync(`${this.file}.new`, 'w', 0o600)
    fs.writeSync(file, JSON.stringify({ number, epoch }))
    fs.fsyncSync(file)
    fs.closeSync(file)
    fs.renameSync(`${this.file}.new`, this.file)
    const directory = fs.openSync(path.dirname(path.resolve(this.file)), 'r')
    fs.fsyncSync(directory)
    fs.closeSync(directory)
  }
}

/** A subscription. `handle` stores an event durably; only then it is acknowledged. */
class Stream {
  constructor (key, position, handle) {
    Object.assign(this, { key, position, handle, expected: 0, newest: 0, lacking: 0 })
  }

  async send (body) {
    const key = crypto.randomBytes(16)
    await this.connection.send(Request.encode({ version: 1, idempotency_key: key, ...body }).finish())
    return key
  }

  /** On a new connection. False: nothing came; try again later. */
  async subscribe () {
    this.connection?.close()
    this.connection = new Connection(this.key, 'events')
    const from = this.position.epoch ? this.position.number + 1 : 0
    const key = await this.send({ subscribe: { from, credit: CREDIT } })
    for (let reply; (reply = await this.connection.receive(ATTEMPT_MS)) !== null;) {
      if (key.equals(reply.idempotency_key)) return this.begin(reply, from)
    }
    turnServerKey(this.key)
    return false
  }

  begin (reply, wanted) {
    if (refusesKey(reply)) throw new KeyRefused('this key was removed')
    if (reply.status === Status.UNAVAILABLE || reply.status === Status.RETRY) return false
    const told = reply.subscribe
    if (reply.status !== Status.OK || (wanted && Number(told.next) !== wanted) ||
        Number(told.last_dropped) > this.position.number) {
      throw new Doubt(reply.field || 'events were dropped')
    }
    this.believeEpoch(reply)
    Object.assign(this, { expected: Number(told.next), newest: Number(told.newest), lacking: 0 })
    this.connection.isLost = false // it may have come only at the second time
    return true
  }

  believeEpoch (reply) {
    if (this.position.epoch && hex(reply.epoch) !== this.position.epoch) throw new Doubt('another epoch')
  }

  get isCurrent () {
    return this.expected > this.newest
  }

  /** Takes one push. False: nothing came in so long. */
  async turn (ms) {
    const reply = await this.connection.receive(ms)
    if (reply === null) return false
    if (!reply.event) {
      if (reply.status === Status.FORBIDDEN) throw new KeyRefused('this key is let in no more')
      return true // an answer to an acknowledgement
    }
    this.believeEpoch(reply)
    const push = reply.event
    const number = Number(push.number)
    const kind = Kind.valuesById[push.kind]
    if (kind === 'ENDED' || kind === 'EVENTS_DROPPED') throw new Doubt(kind)
    if (kind === 'HEARTBEAT') {
      this.heartbeat(number)
    } else if (number <= this.position.number) {
      await this.acknowledge(number) // stored already
    } else if (number !== this.expected) {
      throw new Doubt(`event ${this.expected} is missing`)
    } else {
      this.handle(push, kind)
      this.position.store(number, hex(reply.epoch))
      this.expected = number + 1
      await this.acknowledge(number)
    }
    return true
  }

  /** Every 5 seconds, behind the events that there was credit for: two in a row that count more are a gap. */
  heartbeat (newest) {
    this.newest = newest
    this.lacking = newest < this.expected ? 0 : this.lacking + 1
    if (this.lacking === 2) throw new Doubt(`event ${this.expected} does not come`)
  }

  acknowledge (number) {
    return this.send({ acknowledge: { number, credit: 1 } })
  }
}

// ------------------------------------------------------------------------------------------ the commands of a trial run

const say = line => fs.writeSync(1, `${line}\n`)

/** A message is held whose sender or receiver is not the party that it is said to be. */
async function runIdentify (keyFile, identifier, value) {
  const parties = await new Registry(readKeyFile(keyFile)).identify(identifier, value)
  parties.forEach(party => say(`party ${party}`))
  return 0
}

async function runCheck (keyFile, provider, recipient, purpose, ...words) {
  const bsn = fs.readFileSync(0, 'utf8').trim()
  const items = words.map(word => word.split(':')).map(([category, origin]) => ({ category, origin: origin ?? '' }))
  try {
    const check = { bsn, provider, recipient, purpose, items, user: 'programma-1' }
    const { permitted, obligations, duties } = await new Registry(readKeyFile(keyFile)).disclose(check)
    permitted.forEach(category => say(`permit ${category}`))
    obligations.forEach(name => say(`obligation ${name}`))
    duties.forEach(duty => say(`duty ${duty.decision} ${Obligation.valuesById[duty.kind]}`))
    return 0
  } catch (error) {
    if (!(error instanceof NotPermitted || error instanceof KeyRefused)) throw error
    if (error instanceof KeyRefused) say('refused')
    console.error(`nothing may be disclosed: ${error.message}`)
    return 1
  }
}

async function runDone (keyFile, decision, obligation) {
  const duty = await new Registry(readKeyFile(keyFile)).reportDone(Number(decision), obligation, 'programma-1')
  say(`done ${duty.decision} ${Obligation.valuesById[duty.kind]}`)
  return 0
}

async function runListen (keyFile, positionFile) {
  let ended = false
  process.stdin.resume().on('end', () => { ended = true })
  // Where yours blocks what was withdrawn, by `subject_ref`: durably, before it returns.
  const handle = (push, kind) => say(`event ${push.number} ${kind ?? 'UNKNOWN'} ${hex(push.consent_id) || '-'}`)
  const stream = new Stream(readKeyFile(keyFile), new Position(positionFile), handle)
  let wasCurrent = false
  try {
    while (!ended) {
      if (!await stream.subscribe()) {
        await pause(500 + 1000 * Math.random())
        continue
      }
      for (let heard = Date.now(); Date.now() - heard < SILENCE_MS && !stream.connection.isLost && !ended;) {
        if (stream.isCurrent && !wasCurrent) {
          say('current')
          wasCurrent = true
        }
        if (await stream.turn(200)) heard = Date.now()
      }
    }
    return 0
  } catch (error) {
    if (!(error instanceof Doubt || error instanceof KeyRefused)) throw error
    say('doubt')
    if (error instanceof KeyRefused) say('refused')
    console.error(`nothing that is held on the ground of a consent counts: ${error.message}`)
    return 2
  }
}

if (require.main === module) {
  const [command, ...words] = process.argv.slice(2)
  const commands = { identify: runIdentify, check: runCheck, done: runDone, listen: runListen }
  commands[command](...words).then(code => process.exit(code))
}

module.exports = { readKeyFile, Registry, Position, Stream, NotPermitted, Doubt }
