import type { ReactNode } from "react";
import { currentLanguage } from "#web/i18n";
import { numberText } from "#web/time";

type Texts = Readonly<Record<"zh-CN" | "en", string>>;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text in both languages. */
function isTexts(value: unknown): value is Texts {
  return isRecord(value) && typeof value["zh-CN"] === "string" && typeof value["en"] === "string";
}

/** A part of a protocol as a person reads it: names in words, numbers with separators, everything under its field. */
export function ProtocolTree({ value }: { readonly value: unknown }): ReactNode {
  if (value === null || value === undefined) return <>–</>;
  if (typeof value === "number") return <>{numberText(value)}</>;
  if (typeof value === "string") return <>{value}</>;
  if (typeof value === "boolean") return <>{value ? "✓" : "✗"}</>;
  if (isTexts(value)) return <>{value[currentLanguage()]}</>;
  if (Array.isArray(value)) return <List rows={value} />;
  if (!isRecord(value)) return null;
  return (
    <dl className="protocol-tree">
      {Object.entries(value).map(([key, part]) => (
        <div key={key}>
          <dt>
            <code>{key}</code>
          </dt>
          <dd>
            <ProtocolTree value={part} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function List({ rows }: { readonly rows: readonly unknown[] }): ReactNode {
  const plain = rows.every((row) => typeof row === "string" || typeof row === "number");
  if (plain) return <>{rows.map(String).join(", ")}</>;
  return (
    <ol>
      {rows.map((row) => (
        <li key={JSON.stringify(row)}>
          <ProtocolTree value={row} />
        </li>
      ))}
    </ol>
  );
}
