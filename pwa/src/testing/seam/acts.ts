/** What the acts do without a store: drafts live in a map, everything else succeeds. */
import type { Exported, Imported } from '../../actions/rescue';
import type { Ahead, ScanResult } from '../../actions/scanCheckpoint';

/** A refusal by its slug, as the real acts throw it. */
export class ActionError extends Error {
  readonly slug: string;

  constructor(slug: string) {
    super(slug);
    this.slug = slug;
  }
}

const drafts = new Map<string, unknown>();
let seq = 812;

const done = (): Promise<void> => Promise.resolve();
const save = (_input: unknown) => {
  seq += 1;
  return Promise.resolve({ hash: 'ab'.repeat(32), seq, photosKept: true });
};

/** The result of a scan at a known place outside a round. */
export const scanned: ScanResult = {
  hash: 'cd'.repeat(32),
  seq: 813,
  result: 'known',
  occurrence: null,
  stop: null,
  place: null,
  needsForm: false,
  outOfOrder: false,
  already: false,
  frameKept: true,
};

type SignedIn = { ok: true } | { ok: false; triesLeft: number | null; waitS: number; needsNetwork: boolean };

export const acts = {
  enrol: (_code: string, _name: string) => done(),
  pollEnrolment: done,
  signIn: (_person: string, _pin: string): Promise<SignedIn> => Promise.resolve({ ok: true }),
  proveAgain: (_pin: string): Promise<SignedIn> => Promise.resolve({ ok: true }),
  personOfBadge: (_text: string): Promise<string | null> => Promise.resolve(null),
  lacks: (): Promise<string[]> => Promise.resolve([]),
  signOut: (_reason: string) => done(),
  scanCheckpoint: (_input: unknown): Promise<ScanResult> => Promise.resolve(scanned),
  submitAnswers: save,
  reportFinding: save,
  lookAhead: (_input: unknown): Promise<Ahead | null> => Promise.resolve(null),
  skipStop: save,
  actOnOrder: (_order: string, _type: string, _members: object, _goes?: object) => save(_order),
  openOrder: (_input: unknown) => save(_input).then((saved) => ({ ...saved, order: 'w-new' })),
  setAssetState: save,
  movePart: save,
  countPart: (_part: string, _milli: number) => save(_part),
  exchangeMeter: save,
  takeRound: (_occurrence: string) => done(),
  explainRecord: (_hash: string, _words: string) => done(),
  syncNow: done,
  lookAgain: done,
  understood: done,
  exportRescue: (): Promise<Exported> => Promise.resolve({ written: true, records: 12, photos: 3 }),
  importRescue: (_file: Blob): Promise<Imported> =>
    Promise.resolve({ device: '7 号手机', added: 12, records: 12, photos: 3, bad: 0, cut: false }),
  pictureUrl: (_sha256: string): Promise<string | null> => Promise.resolve(null),
  photoUrl: (_sha256: string): Promise<string | null> => Promise.resolve(null),
  saveDraft: (key: string, value: unknown) => {
    drafts.set(key, structuredClone(value));
    return done();
  },
  readDraft: (key: string): Promise<unknown> => Promise.resolve(drafts.get(key) ?? null),
  dropDraft: (key: string) => {
    drafts.delete(key);
    return done();
  },
};
