/**
 * Counter-based random numbers: a draw is a pure function of (stream, counter), so the same seed
 * gives the same draw in any order of events. The mixer is murmur3's 32-bit finaliser over the
 * words of the key; it passed TestU01 SmallCrush on this project's key layout.
 */

function mix(hash: number, word: number): number {
  let k = Math.imul(word | 0, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  k = Math.imul(k, 0x1b873593);
  let h = hash ^ k;
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

/** Hashes up to five integers to an unsigned 32-bit integer. */
export function hash32(a: number, b = 0, c = 0, d = 0, e = 0): number {
  return finish(mix(mix(mix(mix(mix(0x9747b28c, a), b), c), d), e) ^ 20);
}

/** A uniform number in (0, 1), never 0 or 1, from up to five integers. */
export function uniform(a: number, b = 0, c = 0, d = 0, e = 0): number {
  return (hash32(a, b, c, d, e) + 0.5) / 4294967296;
}

/** Hashes a text to an unsigned 32-bit integer (for keys such as a case number). */
export function hashText(text: string): number {
  let h = 0x9747b28c;
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
  return finish(h ^ text.length);
}

/** A stream of draws: state is only its key and its counter. */
export interface Prng {
  /** Uniform in (0, 1). */
  next(): number;
  /** Integer in [0, below). */
  int(below: number): number;
  /** 32 random bits, unsigned. */
  bits(): number;
}

/** Makes the stream of (seed, key): two streams with different keys are independent. */
export function prngOf(seed: number, key: string): Prng {
  const stream = hashText(key);
  const stream2 = hashText(`${key}#`);
  let counter = 0;
  function bits(): number {
    counter += 1;
    return hash32(seed, stream, stream2, counter);
  }
  return {
    bits,
    next: () => (bits() + 0.5) / 4294967296,
    int: (below) => Math.floor(((bits() + 0.5) / 4294967296) * below),
  };
}
