import { useSyncExternalStore, type ReactNode } from "react";

interface Saying {
  readonly no: number;
  readonly text: string;
  readonly tone: "good" | "bad";
}

const shownMs = 4_000;
/** A fault is read twice before it is understood. */
const shownFaultMs = 9_000;

let sayings: readonly Saying[] = [];
let lastNo = 0;
const listeners = new Set<() => void>();

function set(next: readonly Saying[]): void {
  sayings = next;
  for (const listener of listeners) listener();
}

/** Says for a moment what came of an action, wherever one is. */
export function say(text: string, tone: Saying["tone"] = "good"): void {
  const no = (lastNo += 1);
  set([...sayings, { no, text, tone }]);
  setTimeout(() => set(sayings.filter((one) => one.no !== no)), tone === "good" ? shownMs : shownFaultMs);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where it is said: over everything else, and heard by who does not see it. */
export function Sayings(): ReactNode {
  const shown = useSyncExternalStore(subscribe, () => sayings);
  return (
    <div className="sayings" role="status" aria-live="polite">
      {shown.map(({ no, text, tone }) => (
        <p key={no} className={`saying saying-${tone}`}>
          {text}
        </p>
      ))}
    </div>
  );
}
