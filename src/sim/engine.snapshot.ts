import { assert, need } from "#kernel/assert";
import { hash32, hashText } from "#kernel/prng";
import type { City } from "./city.model.ts";
import type { DiseaseModel } from "./disease.model.ts";

/** Everything that changes while an engine runs. */
export interface EngineState {
  readonly now: number;
  readonly sequence: number;
  readonly alert: boolean;
  readonly infections: Int32Array;
  readonly queue: Int32Array;
  /** Pairs of person and mode code, by person. */
  readonly modes: Int32Array;
  readonly villageLevels: Uint8Array;
  readonly countyLevels: Uint8Array;
}

const magic = 0x5759_0001;

/** What a snapshot must agree with: the same city, disease and seed. */
export function originOf(city: City, disease: DiseaseModel, seed: number): readonly number[] {
  const text = JSON.stringify(disease);
  return [hashText(city.fingerprint) | 0, hashText(text) | 0, hashText(`${text}#`) | 0, seed | 0];
}

function checksum(words: Int32Array, length: number): number {
  let sum = length | 0;
  for (let i = 0; i < length; i++) sum = hash32(sum, words[i] ?? 0) | 0;
  return sum;
}

/** Writes the state as 32-bit words: origin, scalars, then each array after its length, then a checksum. */
export function encodeState(origin: readonly number[], state: EngineState): Uint8Array {
  const arrays = [
    state.infections,
    state.queue,
    state.modes,
    Int32Array.from(state.villageLevels),
    Int32Array.from(state.countyLevels),
  ];
  const head = [magic, ...origin, state.now, state.sequence, state.alert ? 1 : 0];
  const length = head.length + arrays.reduce((sum, array) => sum + 1 + array.length, 0) + 1;
  const words = new Int32Array(length);
  words.set(head);
  let place = head.length;
  for (const array of arrays) {
    words[place] = array.length;
    words.set(array, place + 1);
    place += 1 + array.length;
  }
  words[place] = checksum(words, place);
  return new Uint8Array(words.buffer);
}

/** Reads a snapshot; stops when it is damaged or of another city, disease or seed. */
export function decodeState(origin: readonly number[], bytes: Uint8Array): EngineState {
  assert(bytes.length >= 4 && bytes.length % 4 === 0, "a snapshot is whole 32-bit words");
  const words = new Int32Array(bytes.slice().buffer);
  const last = words.length - 1;
  assert(words[last] === checksum(words, last), "the snapshot is damaged");
  let place = 0;
  const take = (): number => {
    place += 1;
    return need(words[place - 1], "the snapshot is too short");
  };
  assert(take() === magic, "not a snapshot of this version");
  for (const word of origin) assert(take() === word, "the snapshot is of another city, disease or seed");
  const [now, sequence, alert] = [take(), take(), take() === 1];
  const takeArray = (): Int32Array => {
    const length = take();
    place += length;
    assert(length >= 0 && place <= last, "the snapshot is too short");
    return words.slice(place - length, place);
  };
  return {
    now,
    sequence,
    alert,
    infections: takeArray(),
    queue: takeArray(),
    modes: takeArray(),
    villageLevels: Uint8Array.from(takeArray()),
    countyLevels: Uint8Array.from(takeArray()),
  };
}
