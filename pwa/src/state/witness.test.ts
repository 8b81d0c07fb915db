import { describe, expect, it } from 'vitest';
import { bearWitness, hearWitness, lostOf, type Shelf } from './witness';

const HEAD = { log: 'k3v2mzq7abcdefghijklmnopqr', seq: 41, hash: 'a'.repeat(64), n: 41 };
const SEEN = { log: HEAD.log, seq: 41, hash: HEAD.hash };

function shelf(): () => Shelf {
  const kept = new Map<string, string>();
  const made: Shelf = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
  return () => made;
}

describe('the witness', () => {
  it('remembers the last record that was saved', () => {
    const on = shelf();
    bearWitness(on, HEAD);
    expect(hearWitness(on)).toEqual(SEEN);
  });

  it('of an empty database says what is gone', () => {
    expect(lostOf(SEEN, null)).toEqual(SEEN);
  });

  it('of a log that was set back says what is gone', () => {
    expect(lostOf(SEEN, { ...HEAD, seq: 40 })).toEqual(SEEN);
    expect(lostOf(SEEN, HEAD)).toBeNull();
  });

  it('has nothing to say of another log', () => {
    expect(lostOf(SEEN, { ...HEAD, log: 'other', seq: 1 })).toBeNull();
  });

  it.each(['', 'null', '{}', '[1]', '{"log":"x","seq":1,"hash":"y"}', '{"log":"k3v2mzq7abcdefghijklmnopqr","seq":-1,"hash":"' + 'a'.repeat(64) + '"}'])(
    'that says %s saw nothing',
    (text) => {
      const on = shelf();
      on().setItem('roundsman.witness', text);
      expect(hearWitness(on)).toBeNull();
    },
  );

  it('that the browser refuses does no harm', () => {
    const refused = (): Shelf => {
      throw new DOMException('no', 'SecurityError');
    };
    expect(() => bearWitness(refused, HEAD)).not.toThrow();
    expect(hearWitness(refused)).toBeNull();
  });
});
