import type { IdKind } from "#domain/people";
import { normalId } from "#domain/people";
import type { Secrets } from "#platform/secrets";

/** How travellers' identities are kept: sealed, found by the same keyed hash as in the register of people. */

const receiptChars = 12;
const shownDigits = 4;

export interface Sealed {
  readonly idKind: IdKind | null;
  readonly idHash: Buffer | null;
  readonly idEnc: Buffer | null;
  readonly phoneEnc: Buffer | null;
}

interface Plain {
  readonly idKind?: IdKind | undefined;
  readonly idNumber?: string | undefined;
  readonly phone?: string | undefined;
}

/** The hash by which an identity is found. */
export function identityHash(secrets: Secrets, kind: IdKind, number: string): Buffer {
  return secrets.lookupHash(`${kind}:${normalId(kind, number)}`);
}

/** Seals what is known of a traveller. */
export function sealIdentity(secrets: Secrets, { idKind, idNumber, phone }: Plain): Sealed {
  const kind = idNumber === undefined ? null : (idKind ?? "residentId");
  return {
    idKind: kind,
    idHash: kind === null ? null : identityHash(secrets, kind, idNumber ?? ""),
    idEnc: kind === null ? null : secrets.seal(normalId(kind, idNumber ?? "")),
    phoneEnc: phone === undefined ? null : secrets.seal(phone),
  };
}

/** The last four of a sealed number. */
export function last4(secrets: Secrets, sealed: Buffer | null): string | null {
  return sealed === null ? null : secrets.open(sealed).slice(-shownDigits);
}

/**
 * The number a traveller is given. It is made from the identity and the day, so that a form sent twice has one
 * number and nobody can guess another's.
 */
export function receiptOf(
  secrets: Secrets,
  of: Plain & { readonly name: string; readonly areaCode: string; readonly day: string },
): string {
  const who =
    of.idNumber === undefined ? `${of.name} ${of.areaCode}` : normalId(of.idKind ?? "residentId", of.idNumber);
  const hash = secrets.lookupHash(`declaration:${of.idKind ?? ""}:${who}:${of.day}`);
  return `R${hash.toString("hex").slice(0, receiptChars).toUpperCase()}`;
}
