/** PostgreSQL's binary COPY format: a head, rows of length-prefixed fields, and an end (PostgreSQL manual, COPY). */

const signature = Buffer.from([0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00]);
const headBytes = signature.length + 8;
const chunkBytes = 1 << 18;

/** The fields of one row: where each begins in `bytes`, and its length, or -1 for null. */
export interface CopyRow {
  bytes: Buffer;
  readonly at: Int32Array;
  readonly size: Int32Array;
}

/** Calls `each` for every row of a binary COPY; the row is reused, so what is kept must be copied. */
export async function readCopy(
  chunks: AsyncIterable<Buffer>,
  fields: number,
  each: (row: CopyRow) => void,
): Promise<void> {
  const row: CopyRow = { bytes: Buffer.alloc(0), at: new Int32Array(fields), size: new Int32Array(fields) };
  let rest: Buffer = Buffer.alloc(0);
  let from = headBytes;
  let isHeadSeen = false;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!isHeadSeen && bytes.length < headBytes) {
      rest = bytes;
      continue;
    }
    let at = isHeadSeen ? 0 : from;
    isHeadSeen = true;
    row.bytes = bytes;
    for (;;) {
      const next = rowAt(row, at, fields);
      if (next < 0) break;
      each(row);
      at = next;
    }
    from = 0;
    rest = bytes.subarray(at);
  }
}

/** Reads the row that begins at `start` and returns where the next one begins; -1 when it is not all there. */
function rowAt(row: CopyRow, start: number, fields: number): number {
  const { bytes } = row;
  let at = start + 2;
  // The end of the data is a row of -1 fields.
  if (at > bytes.length || bytes.readInt16BE(start) !== fields) return -1;
  for (let field = 0; field < fields; field++) {
    if (at + 4 > bytes.length) return -1;
    const size = bytes.readInt32BE(at);
    at += 4;
    row.at[field] = at;
    row.size[field] = size;
    if (size > 0) at += size;
    if (at > bytes.length) return -1;
  }
  return at;
}

const epochMs2000 = Date.UTC(2000, 0, 1);
const dayMs = 86_400_000;

const wordValues = 2 ** 32;

/** Makes binary COPY rows of numbers, days, texts and byte strings, and hands them out in chunks. */
export class CopyWriter {
  #bytes = Buffer.allocUnsafe(chunkBytes);
  #at = 0;

  constructor() {
    this.#at = signature.copy(this.#bytes);
    this.#bytes.fill(0, this.#at, headBytes);
    this.#at = headBytes;
  }

  /** Whether the chunk in hand is large enough to be sent. */
  get isFull(): boolean {
    return this.#at > chunkBytes / 2;
  }

  /** The chunk in hand; a new one is begun. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafe(chunkBytes);
    this.#at = 0;
    return taken;
  }

  row(fields: number): void {
    this.#at = this.#bytes.writeInt16BE(fields, this.#at);
  }

  /** A whole number of four bytes, or null. */
  int4(value: number | null): void {
    if (value === null) {
      this.#at = this.#bytes.writeInt32BE(-1, this.#at);
      return;
    }
    this.#bytes.writeInt32BE(4, this.#at);
    this.#at = this.#bytes.writeInt32BE(value, this.#at + 4);
  }

  /** A whole number of eight bytes, or null; exact to 2^53. */
  int8(value: number | null): void {
    if (value === null) {
      this.#at = this.#bytes.writeInt32BE(-1, this.#at);
      return;
    }
    this.#at = this.#bytes.writeInt32BE(8, this.#at);
    this.#at = this.#bytes.writeInt32BE(Math.floor(value / wordValues), this.#at);
    this.#at = this.#bytes.writeUInt32BE(value >>> 0, this.#at);
  }

  /** A text, or null; a row and its texts are far below half a chunk. */
  text(value: string | null): void {
    if (value === null) {
      this.#at = this.#bytes.writeInt32BE(-1, this.#at);
      return;
    }
    const size = this.#bytes.write(value, this.#at + 4);
    this.#bytes.writeInt32BE(size, this.#at);
    this.#at += 4 + size;
  }

  /** A calendar day, from the milliseconds of its midnight in UTC. */
  date(epochMs: number): void {
    this.int4(Math.round((epochMs - epochMs2000) / dayMs));
  }

  /** A byte string, or null. */
  bytes(value: Uint8Array | null, size = value?.length ?? -1): void {
    this.#at = this.#bytes.writeInt32BE(size, this.#at);
    if (value === null) return;
    this.#bytes.set(value.subarray(0, size), this.#at);
    this.#at += size;
  }

  /** The last chunk, with the end of the data. */
  end(): Buffer {
    this.#at = this.#bytes.writeInt16BE(-1, this.#at);
    return this.take();
  }
}
