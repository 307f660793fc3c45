import { assert } from "#kernel/assert";

/** PostgreSQL's binary COPY format: a head, rows of length-prefixed fields, and an end (PostgreSQL manual, COPY). */

const signature = Buffer.from([0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00]);
const headBytes = signature.length + 8;
const chunkBytes = 1 << 18;
/** Of one UTF-16 unit. */
const utf8BytesMax = 3;

/** The fields of one row: where each begins in `bytes`, and its length, or -1 for null. */
export interface CopyRow {
  bytes: Buffer;
  readonly at: Int32Array;
  readonly size: Int32Array;
}

/** Reads a binary COPY whose chunks come one by one; a row may begin in one and end in the next. */
export class CopyReader {
  readonly #row: CopyRow;
  readonly #fields: number;
  readonly #each: (row: CopyRow) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isHeadSeen = false;

  /** Calls `each` for every row; the row is reused, so what is kept must be copied. */
  constructor(fields: number, each: (row: CopyRow) => void) {
    this.#fields = fields;
    this.#each = each;
    this.#row = { bytes: this.#rest, at: new Int32Array(fields), size: new Int32Array(fields) };
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#isHeadSeen && bytes.length < headBytes) {
      this.#rest = bytes;
      return;
    }
    let at = this.#isHeadSeen ? 0 : headBytes;
    this.#isHeadSeen = true;
    this.#row.bytes = bytes;
    for (;;) {
      const next = rowAt(this.#row, at, this.#fields);
      if (next < 0) break;
      this.#each(this.#row);
      at = next;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** Calls `each` for every row of a binary COPY; the row is reused, so what is kept must be copied. */
export async function readCopy(
  chunks: AsyncIterable<Buffer>,
  fields: number,
  each: (row: CopyRow) => void,
): Promise<void> {
  const reader = new CopyReader(fields, each);
  for await (const chunk of chunks) reader.push(chunk);
}

/** Readers of one field of a row; each gives null for null. */
export function textAt({ bytes, at, size }: CopyRow, field: number): string | null {
  const length = size[field] ?? -1;
  return length < 0 ? null : bytes.toString("utf8", at[field], (at[field] ?? 0) + length);
}

export function int4At({ bytes, at, size }: CopyRow, field: number): number | null {
  return (size[field] ?? -1) < 0 ? null : bytes.readInt32BE(at[field]);
}

/** A bigint; ids here stay below 2^53. */
export function int8At({ bytes, at, size }: CopyRow, field: number): number | null {
  if ((size[field] ?? -1) < 0) return null;
  const from = at[field] ?? 0;
  return bytes.readInt32BE(from) * 4_294_967_296 + bytes.readUInt32BE(from + 4);
}

export function boolAt({ bytes, at, size }: CopyRow, field: number): boolean | null {
  return (size[field] ?? -1) < 0 ? null : bytes[at[field] ?? 0] === 1;
}

/** A date as days since 2000-01-01. */
export const dayNumberAt = int4At;

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
    assert(this.#at + 4 + value.length * utf8BytesMax <= chunkBytes, "a text fits into what is left of the chunk");
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

  float8(value: number): void {
    this.#at = this.#bytes.writeInt32BE(8, this.#at);
    this.#at = this.#bytes.writeDoubleBE(value, this.#at);
  }

  /** A day written YYYY-MM-DD, or null. */
  day(value: string | null): void {
    if (value === null) this.int4(null);
    else this.date(Date.parse(value));
  }

  /** The last chunk, with the end of the data. */
  end(): Buffer {
    this.#at = this.#bytes.writeInt16BE(-1, this.#at);
    return this.take();
  }
}
