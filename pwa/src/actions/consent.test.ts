import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { geoValue, type Fix } from '../protocol/geo';
import { parseOwn, type Body } from '../protocol/records';
import { CONSENT_VERSION, agreed, given, unasked } from '../state/consent';
import { log } from '../state/log';
import { OCCURRENCE, TOKENS, estate, printed } from '../testing/estate';
import { PIN, scene, show, type Scene } from '../testing/acting';
import { GUARD } from '../testing/phone';
import { answerConsent } from './consent';
import { reportFinding } from './reportFinding';
import { scanCheckpoint } from './scanCheckpoint';
import { signIn, signOut } from './signIn';

const HERE: Fix = { latitude: 31.22143, longitude: 121.45128, accuracy: 11.2, ageMs: 8_000.4 };
let at: Scene;

beforeEach(async () => {
  at = await scene(await estate());
  await signIn(GUARD, PIN);
});

const scan = (fix?: Promise<Fix | null>) =>
  scanCheckpoint({ text: printed(TOKENS[0]!), method: 'camera', occurrence: OCCURRENCE(1), expectedStop: null, frame: null, ...(fix ? { fix } : {}) });
const report = (fix: Promise<Fix | null>) =>
  reportFinding({ occurrence: null, stop: null, target: null, urgency: 'normal', kind: 'dirt', note: null, photos: [], fix });
const rowOf = async (hash: string) => (await at.phone.store.record(hash))!;
const locationOf = async (hash: string) => (parseOwn((await rowOf(hash)).body) as Body<'scan'>).p.location;

describe('the question about places', () => {
  it('is asked of who signs in, answered once, and asked anew of the next one and for another text', async () => {
    expect([unasked.value, agreed.value]).toEqual([true, false]);
    await answerConsent(true, 'zh');
    expect([unasked.value, agreed.value, given.value?.version]).toEqual([false, true, CONSENT_VERSION]);
    const row = (await at.phone.store.records(1))[0]!;
    expect(parseOwn(row.body)).toMatchObject({
      type: 'consent', tv: 1, actor: GUARD, p: { version: CONSENT_VERSION, language: 'zh', location: true },
    }); // prettier-ignore
    expect(log.value[0]).toMatchObject({ type: 'consent', title: { key: 'kind.consent' } });

    await signOut('person');
    expect([unasked.value, agreed.value]).toEqual([false, false]);
    await signIn(GUARD, PIN);
    // the app was opened anew
    await show(at.phone);
    expect([unasked.value, agreed.value]).toEqual([false, true]);

    await at.phone.store.put('consents', { [GUARD]: { version: CONSENT_VERSION - 1, location: true, at: 1 } });
    await show(at.phone);
    expect([unasked.value, agreed.value]).toEqual([true, false]);
  });
});

describe('a record', () => {
  it('has no place before a yes and after a no, whatever the phone knows', async () => {
    const before = await scan(Promise.resolve(HERE));
    expect(await locationOf(before.hash)).toBe('refused');
    expect((await rowOf(before.hash)).private).toEqual({});

    await answerConsent(true, 'en');
    await answerConsent(false, 'en');
    const after = await scan(Promise.resolve(HERE));
    const found = await report(Promise.resolve(HERE));
    expect(await locationOf(after.hash)).toBe('refused');
    expect((await rowOf(after.hash)).private).toEqual({});
    expect((await rowOf(found.hash)).private).toEqual({});
  });

  it('has its place after a yes, sealed by its hash, with its accuracy and its age', async () => {
    await answerConsent(true, 'en');
    const { hash } = await scan(Promise.resolve(HERE));
    const row = await rowOf(hash);
    expect(await locationOf(hash)).toBe('given');
    expect(parseOwn(row.body)).toMatchObject({ tv: 2, private: { geo: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(row.body).not.toContain('1214512800');
    expect(JSON.parse(row.private['geo']!.value)).toEqual({ lat: 312_214_300, lon: 1_214_512_800, accuracy: 12, age_ms: 8_000 });
    expect((await rowOf((await report(Promise.resolve(HERE))).hash)).private['geo']).toBeDefined();
  });

  it('is saved without a place when the phone finds none', async () => {
    await answerConsent(true, 'en');
    expect(await locationOf((await scan(Promise.resolve(null))).hash)).toBe('unavailable');
    expect(await locationOf((await scan()).hash)).toBe('unavailable');
  });
});

describe('a position', () => {
  it('that is none on this globe is none', () => {
    for (const latitude of [Number.NaN, 91, -91, Infinity]) expect(geoValue({ ...HERE, latitude })).toBeNull();
    expect(geoValue({ ...HERE, longitude: 181 })).toBeNull();
    expect(JSON.parse(geoValue({ ...HERE, accuracy: null, ageMs: -3 })!)).toMatchObject({ accuracy: null, age_ms: 0 });
  });
});
