/** The rescue file, made and read: no network, no log-in. Its format is docs/protocol/rescue.md. */
import { sha256Hex } from '../protocol/encoding';
import type { CarriedLog, CarriedRow } from '../protocol/store';
import { openSource } from '../rescue/raw';
import { NotARescueFile, readRescue, type FoundPiece, type FoundRecord, type Header } from '../rescue/read';
import { fileName, lines, save, type Progress } from '../rescue/write';
import { DATABASE } from '../state/boot';
import { running } from '../state/running';
import type { Phone } from '../sync/phone';
import { ActionError, act } from './problem';

export type Exported = { written: boolean } & Progress;

/** Write everything that is on this phone and not known to be archived into a file. */
export async function exportRescue(progress: (so: Progress) => void = () => undefined): Promise<Exported> {
  let so: Progress = { records: 0, photos: 0 };
  const source = await openSource(DATABASE, indexedDB).catch(() => null);
  if (!source) throw new ActionError('rescue-empty');
  try {
    const madeMs = Date.now();
    const file = lines(source, { app: __APP_VERSION__, madeMs }, (now) => {
      so = now;
      progress(now);
    });
    const ended = await save(file, fileName(source.device, madeMs));
    return { written: ended === 'written', ...so };
  } catch (error) {
    throw new ActionError('rescue-write', { cause: error });
  } finally {
    source.close();
  }
}

export type Imported = {
  /** Whose records they are, where the file says it. */
  device: string | null;
  /** New ones that this phone carries now. */
  added: number;
  records: number;
  photos: number;
  bad: number;
  cut: boolean;
};

/** Take a colleague's rescue file: what is in it is carried, apart from this phone's own records, and sent. */
export function importRescue(file: Blob): Promise<Imported> {
  return act(async () => {
    const { phone, engine } = running();
    const taking = takeInto(phone);
    try {
      const { records, bad, cut } = await readRescue(file, phone.crypto, taking);
      const { device, added, photos } = await taking.end();
      engine.wake('press');
      return { device, added, records, photos, bad: bad.length, cut };
    } catch (error) {
      if (error instanceof NotARescueFile) throw new ActionError(`rescue-${error.why}`);
      throw error;
    }
  });
}

/** How many records go into the store at once. */
const AT_ONCE = 50;

function rowOf({ hash, log, seq, body, sig, alg, sigPrev, private: parts }: FoundRecord): CarriedRow {
  return { hash, log, seq, body, sig, alg, sigPrev, private: parts };
}

function takeInto(phone: Phone) {
  const { store, crypto, clock } = phone;
  let device: Header['device'] = null;
  const logs = new Map<string, CarriedLog>();
  const namedBy = new Map<string, string>();
  let waiting: FoundRecord[] = [];
  let added = 0;
  let photos = 0;

  async function flush(): Promise<void> {
    const some = waiting;
    waiting = [];
    for (const log of new Set(some.map((record) => record.log))) {
      const rows = some.filter((record) => record.log === log).map(rowOf);
      added += await store.carry(logOf(log, rows[0]!), rows);
    }
  }

  function logOf(log: string, row: CarriedRow): CarriedLog {
    return logs.get(log) ?? { log, publicKey: '', alg: row.alg, device, at: clock.wall() };
  }

  async function whole({ sha256, mime, size }: FoundPiece): Promise<void> {
    const bytes = await store.carriedBytes(sha256);
    const log = namedBy.get(sha256);
    const isWhole = log !== undefined && bytes?.length === size && (await sha256Hex(crypto, bytes)) === sha256;
    // a photo that no record of the file names has nowhere to go
    await store.carryPhoto({ sha256, mime, size, log: log ?? '', unsent: clock.wall() + photos }, isWhole);
    if (isWhole) photos += 1;
  }

  return {
    async header(header: Header) {
      device = header.device;
      for (const { log, public_key, alg } of header.logs) {
        logs.set(log, { log, publicKey: public_key, alg, device, at: clock.wall() });
      }
    },
    async record(record: FoundRecord) {
      waiting.push(record);
      for (const sha256 of record.photos) if (!namedBy.has(sha256)) namedBy.set(sha256, record.log);
      if (waiting.length >= AT_ONCE) await flush();
    },
    async piece(piece: FoundPiece) {
      await flush();
      await store.carryPiece(piece.sha256, piece.i, piece.bytes);
      if (piece.i === piece.of - 1) await whole(piece);
    },
    async end() {
      await flush();
      return { device: device?.name ?? null, added, photos };
    },
  };
}
