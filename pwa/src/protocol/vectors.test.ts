import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { webCrypto as crypto } from '../sync/webcrypto';
import { parseAnchor, verifyAnchor } from './anchors';
import { firstBreak } from './chain';
import { evaluate, evaluateRun } from './clocks';
import { drawn } from './crew';
import { b64urlDecode, b64urlEncode, checkWord, fromHex, hex, isHash, logId, sha256Hex, utf8 } from './encoding';
import { enrolMessage, enrolmentWord } from './enrolment';
import { checkAnswer, foldNumber, judge, level, rules, standings } from './forms';
import { result } from './forms/formulas';
import { uuid7 } from './ids';
import { verifyText } from './keys';
import { badgeHash, readBadge } from './badges';
import { mayWipe, verifyOrder } from './leaving';
import { MESSAGES } from './messages';
import { checkValue, limitsOn } from './meters';
import { proofMessage } from './proof';
import { receiptWord, verifyReceipt } from './receipts';
import { bodyText, privateHash, recordHash, verifyRecord } from './records';
import { isCounted, isMoved, quantityText, thousandths } from './stock';
import { StrictError, parseStrict } from './strict';
import { keyName, newestKey } from './succession';
import { foldShortCode, readAddress, tagHash, tagProof } from './tags';

// The vectors are JSON without types of their own; each test names the members that it reads.
// oxlint-disable-next-line typescript/no-explicit-any
type Case = any;

/** The cases of one list, for `it.each`. Every list must have some. */
function cases(file: string, list: string): Case[] {
  const path = join(import.meta.dirname, '../../../tests/vectors', `${file}.json`);
  const found = (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Case[]>)[list] ?? [];
  if (found.length === 0) throw new Error(`${file}.json has no ${list}`);
  return found;
}

describe('encoding', () => {
  it.each(cases('encoding', 'b64url'))('writes $name', (c) => {
    expect(b64urlEncode(fromHex(c.hex))).toBe(c.text);
    expect(hex(b64urlDecode(c.text)!)).toBe(c.hex);
  });
  it.each(cases('encoding', 'not_b64url'))('refuses $name', (c) => {
    expect(b64urlDecode(c.text)).toBeNull();
  });
  it.each(cases('encoding', 'sha256'))('$name', async (c) => {
    expect(await sha256Hex(crypto, utf8(c.text))).toBe(c.hash);
    expect(isHash(c.hash)).toBe(true);
  });
  it.each(cases('encoding', 'log_id'))('names $name', async (c) => {
    expect(await logId(crypto, b64urlDecode(c.public_key)!)).toBe(c.log);
  });
  it.each(cases('encoding', 'check_word'))('says $name', (c) => {
    expect(checkWord(fromHex(c.hex), c.characters)).toBe(c.word);
  });
});

describe('meters', () => {
  it.each(cases('meters', 'limits'))('knows the limits of $name', (c) => {
    expect(limitsOn(c.definition, c.day)).toEqual(c.limits);
  });
  it.each(cases('meters', 'values'))('judges $name', (c) => {
    expect(checkValue(c.definition, c.value)).toBe(c.fault);
  });
});

describe('stock', () => {
  it.each(cases('stock', 'texts'))('reads $name', (c) => {
    expect([isMoved(c.text), isCounted(c.text)]).toEqual([c.moves, c.counts]);
  });
  it.each(cases('stock', 'thousandths'))('reckons $name', (c) => {
    expect(thousandths(c.text)).toBe(c.milli);
  });
  it.each(cases('stock', 'written'))('writes $name', (c) => {
    expect(quantityText(c.milli)).toBe(c.text);
  });
});

describe('crew', () => {
  it.each(cases('crew', 'drawn'))('draws for $name', (c) => {
    expect(drawn(c.occurrence, c.stops)).toEqual(c.drawn);
  });
});

describe('strict JSON', () => {
  const reasonOf = (read: () => unknown): string => {
    try {
      read();
    } catch (error) {
      if (error instanceof StrictError) return error.reason;
      throw error;
    }
    return 'accepted';
  };
  it.each(cases('strict', 'accept'))('reads $name', (c) => {
    expect(parseStrict(c.text)).toEqual(c.value);
    expect(parseStrict(utf8(c.text))).toEqual(c.value);
  });
  it.each(cases('strict', 'refuse'))('refuses $name', (c) => {
    expect(reasonOf(() => parseStrict(c.text))).toBe(c.reason);
  });
  it.each(cases('strict', 'refuse_bytes'))('refuses $name', (c) => {
    const bytes = new Uint8Array(Buffer.from(c.base64, 'base64'));
    expect(reasonOf(() => parseStrict(bytes))).toBe(c.reason);
  });
  it.each(cases('strict', 'integers_only'))('in a body: $name', (c) => {
    expect(reasonOf(() => parseStrict(c.text, { integersOnly: true }))).toBe(c.fits ? 'accepted' : 'number');
  });
  it.each(cases('strict', 'size'))('counts bytes: $name', (c) => {
    expect(reasonOf(() => parseStrict(c.text, { maxBytes: c.max_bytes }))).toBe(c.fits ? 'accepted' : 'size');
    expect(reasonOf(() => parseStrict(utf8(c.text), { maxBytes: c.max_bytes }))).toBe(c.fits ? 'accepted' : 'size');
  });
});

describe('records', () => {
  it.each(cases('records', 'keys'))('$name names its log', async (c) => {
    expect(await logId(crypto, b64urlDecode(c.public_key)!)).toBe(c.log);
  });
  it.each(cases('records', 'good'))('makes the body: $name', async (c) => {
    expect(bodyText(c.members)).toBe(c.body);
    expect(await recordHash(crypto, c.body)).toBe(c.hash);
    expect(await verifyRecord(crypto, c.public_key, c.body, c.sig)).toBe(true);
  });
  it.each(cases('records', 'signatures'))('judges $name', async (c) => {
    expect(await verifyRecord(crypto, c.public_key, c.body, c.sig)).toBe(c.good);
  });
  it.each(cases('records', 'private'))('hashes $name', async (c) => {
    expect(await privateHash(crypto, c)).toBe(c.hash);
  });
  it.each(cases('records', 'escapes'))('writes $name', (c) => {
    const good = cases('records', 'good')[0].members;
    expect(bodyText({ ...good, app: c.text })).toContain(`"app":${c.json},`);
  });
});

describe('chain', () => {
  const links = new Map(cases('chain', 'links').map((link) => [link.seq, link]));
  it.each(cases('chain', 'first_break'))('$name', (c) => {
    const some = c.records.map((seq: number) => links.get(seq));
    expect(firstBreak(some, c.after, c.from_seq)).toEqual(c.break);
  });
});

describe('messages', () => {
  it.each(cases('messages', 'examples'))('knows $name', (c) => {
    expect(MESSAGES[c.name]!(c.message)?.value).toEqual(c.message);
  });
  it.each(cases('messages', 'bad'))('judges $name', (c) => {
    expect(MESSAGES[c.of]!(c.message) !== null).toBe(c.good);
  });
});

describe('proof', () => {
  it.each(cases('proof', 'requests'))('signs $name', async (c) => {
    const message = await proofMessage(crypto, { ...c, body: utf8(c.body) });
    expect(message).toBe(c.message);
    const sig = /sig="([^"]*)"/.exec(c.authorization)?.[1] ?? '';
    expect(await verifyText(crypto, c.public_key, message, sig)).toBe(true);
  });
});

describe('receipts and anchors', () => {
  it.each(cases('receipts', 'receipts'))('judges $name', async (c) => {
    const receipt = await verifyReceipt(crypto, c.public_key, c.body, c.sig);
    expect(receipt !== null).toBe(c.good);
  });
  it.each(cases('receipts', 'check_words'))('says the word $name', async (c) => {
    expect(await receiptWord(crypto, c.body)).toBe(c.word);
  });
  it.each(cases('anchors', 'anchors'))('judges $name', async (c) => {
    const anchor = await verifyAnchor(crypto, c.public_key, c.log, c.token);
    expect(anchor).toEqual(c.anchor);
    if (c.anchor) expect(parseAnchor(c.token)).toEqual(c.anchor);
  });
});

describe('enrolment', () => {
  it.each(cases('enrolment', 'requests'))('signs $name', async (c) => {
    const message = enrolMessage(c.code, c.public_key);
    expect(message === c.message && (await verifyText(crypto, c.public_key, message, c.sig))).toBe(c.good);
  });
  it.each(cases('enrolment', 'check_words'))('says the word of $name', async (c) => {
    expect(await enrolmentWord(crypto, c.code, c.public_key)).toBe(c.word);
  });
});

describe('the succession of server keys', () => {
  it.each(cases('succession', 'changes'))('$name', async (c) => {
    expect(await newestKey(crypto, c.known, c.changes)).toBe(c.newest);
  });
  it.each(cases('succession', 'names'))('names $name', async (c) => {
    expect(await keyName(crypto, c.public_key)).toBe(c.kid);
  });
});

describe('leaving', () => {
  it.each(cases('leaving', 'orders'))('judges $name', async (c) => {
    expect((await verifyOrder(crypto, c.public_key, c.body, c.sig, c.device)) !== null).toBe(c.good);
  });
  it.each(cases('leaving', 'may'))('may wipe itself with $name: $may', (c) => {
    expect(mayWipe(JSON.parse(c.body), c)).toBe(c.may);
  });
  it.each(cases('leaving', 'badges'))('reads a badge $name', (c) => {
    expect(readBadge(c.text)).toBe(c.token);
  });
  it.each(cases('leaving', 'badge_hash'))('$name', async (c) => {
    expect(await badgeHash(crypto, c.token)).toBe(c.hash);
  });
});

describe('tags', () => {
  it.each(cases('tags', 'read'))('reads $name', (c) => {
    expect(readAddress(c.text)).toBe(c.token);
  });
  it.each(cases('tags', 'short_codes'))('reads a short code $name', (c) => {
    expect(foldShortCode(c.text)).toBe(c.code);
  });
  it.each(cases('tags', 'hash'))('$name', async (c) => {
    expect(await tagHash(crypto, c.token)).toBe(c.hash);
  });
  it.each(cases('tags', 'proof'))('makes $name', async (c) => {
    expect(await tagProof(crypto, c.log, c.seq, c.token)).toBe(c.proof);
  });
});

describe('ids', () => {
  it.each(cases('ids', 'uuid7'))('makes one $name', (c) => {
    expect(uuid7(c.ms, fromHex(c.random))).toBe(c.id);
  });
});

describe('forms', () => {
  it.each(cases('forms', 'fold_number'))('reads a number $name', (c) => {
    expect(foldNumber(c.text)).toBe(c.number);
  });
  it.each(cases('forms', 'level'))('judges a value $name', (c) => {
    expect(level(c.value, c.limits)).toBe(c.level);
  });
  it.each(cases('forms', 'judge'))('judges a stop: $name', (c) => {
    const { faults, missing, invalid, unread } = c.expect;
    expect(judge(c.form, c.values, c.photos)).toEqual({ faults, missing, invalid, unread });
  });
  it.each(cases('forms', 'conditions'))('asks by conditions: $name', (c) => {
    const shown = standings(c.form, c.values).filter((one) => one.shown);
    expect(shown.map((one) => one.field.id)).toEqual(c.shown);
    expect(judge(c.form, c.values, {}).missing).toEqual(c.missing);
  });
  it.each(cases('forms/computed', 'results'))('reckons $name', (c) => {
    expect(result(c.formula, new Map(Object.entries(c.numbers)), c.decimals)).toBe(c.result);
  });
  it('knows the kinds that there are vectors of', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../tests/vectors/forms'));
    expect(Object.keys(rules)).toEqual(files.map((file) => file.replace('.json', '')).sort());
  });
  describe.each(Object.keys(rules))('%s', (kind) => {
    it.each(cases(`forms/${kind}`, 'answers'))('judges the answer: $name', (c) => {
      expect(checkAnswer(c.field, c.answer, c.meters)).toBe(c.fault);
    });
    it.each(cases(`forms/${kind}`, 'judge'))('judges a form: $name', (c) => {
      const { faults, missing, invalid, unread } = c.expect;
      expect(judge(c.form, c.values, c.photos, c.meters)).toEqual({ faults, missing, invalid, unread });
    });
  });
});

describe('time', () => {
  it.each(cases('time', 'evaluate'))('$name', ({ input: i, expect: e }) => {
    expect(evaluate(i, i.floor, i.ceiling, i.previous)).toEqual(e);
  });
  it.each(cases('time', 'runs'))('$name', (c) => {
    expect(evaluateRun(c.sightings)).toEqual(c.expect);
  });
});
