import { createCipheriv, createDecipheriv, createHmac, randomFillSync, type KeyObject } from "node:crypto";

/** The two keys of an installation; a thread is given them as they are, and they cannot be read from them. */
export interface SecretKeys {
  readonly sealKey: KeyObject;
  readonly hashKey: KeyObject;
}

/** A number with the text it is looked up by. */
export interface PlainNumber {
  readonly key: string;
  readonly text: string;
}

export interface SealedNumber {
  readonly hash: Uint8Array;
  readonly enc: Uint8Array;
}

/** What the two keys do with one text. */
export interface Sealing {
  /** AES-256-GCM with a fresh nonce: nonce (12) + tag (16) + text. */
  seal(text: string): Buffer;
  open(sealed: Buffer): string;
  /** HMAC-SHA-256 of the normalised text, 32 bytes: equal texts, equal hashes; useless without the key. */
  lookupHash(text: string): Buffer;
}

const nonceBytes = 12;
const tagBytes = 16;
const noncesDrawn = 1_024;

/** Seals with given keys, in this thread or another. */
export function sealingBy({ sealKey, hashKey }: SecretKeys): Sealing {
  // Random bytes are drawn for many nonces at a time; each is used once, whatever the call that uses it.
  const nonces = Buffer.alloc(nonceBytes * noncesDrawn);
  let used = nonces.length;
  function drawNonce(): Buffer {
    if (used === nonces.length) {
      randomFillSync(nonces);
      used = 0;
    }
    used += nonceBytes;
    return nonces.subarray(used - nonceBytes, used);
  }
  return {
    seal(text) {
      const nonce = drawNonce();
      const cipher = createCipheriv("aes-256-gcm", sealKey, nonce);
      const body = cipher.update(text, "utf8");
      // GCM has no padding: nothing is left for the end.
      cipher.final();
      const sealed = Buffer.allocUnsafe(nonceBytes + tagBytes + body.length);
      nonce.copy(sealed);
      cipher.getAuthTag().copy(sealed, nonceBytes);
      body.copy(sealed, nonceBytes + tagBytes);
      return sealed;
    },
    open(sealed) {
      const decipher = createDecipheriv("aes-256-gcm", sealKey, sealed.subarray(0, nonceBytes));
      decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]).toString(
        "utf8",
      );
    },
    lookupHash(text) {
      return createHmac("sha256", hashKey).update(text.trim().toUpperCase()).digest();
    },
  };
}
