import type { ReactNode } from "react";

/** One of a list of words, or none of them. */
export function Choice<V extends string>(props: {
  readonly label: string;
  /** What stands there when none is chosen; without it one always is. */
  readonly none?: string;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly value: V | undefined;
  readonly onChange: (value: V | undefined) => void;
}): ReactNode {
  const { options, value, none } = props;
  return (
    <select
      className="plain-input filter-choice"
      aria-label={props.label}
      value={value ?? ""}
      data-unset={value === undefined}
      onChange={({ target }) => props.onChange(options.find((option) => option.value === target.value)?.value)}
    >
      {none === undefined ? null : <option value="">{none}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
